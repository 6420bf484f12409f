import { isMap } from '../../lib/kubernetes/json';
import type { Case, WantedFacts } from './case';
import type { Facts, NodeVerdict } from './machinery';

/** Lists to which configs from before may have added items of their own. */
const LISTS: readonly (keyof Facts)[] = ['modules', 'vips', 'aliases'];
/** Maps and lists of which a patch must leave what it does not name. */
const KEPT: readonly (keyof Facts)[] = ['labels', 'annotations', 'taints', 'sysctls', 'sysfs', ...LISTS];

/** The taint of control planes. */
const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

/** The facts that a node reads differently from the intended ones. */
export function factDifferences(
  one: Case,
  node: 'controlplane' | 'worker',
  { facts: read }: NodeVerdict,
): readonly string[] {
  const wanted = Object.entries(one.expect.facts?.[node] ?? {}) as [keyof Facts, unknown][];
  return wanted
    .filter(
      ([name, value]) =>
        !(one.on !== undefined && LISTS.includes(name) ? includes(read?.[name], value) : agrees(value, read?.[name])),
    )
    .map(([name, value]) => `${node}: ${name}: wanted ${JSON.stringify(value)}, read ${JSON.stringify(read?.[name])}`);
}

/** The facts that a node no longer reads after a patch that does not name them. */
export function factsLost(one: Case, node: 'controlplane' | 'worker', { facts: read }: NodeVerdict): readonly string[] {
  const before = one.on?.read[node].facts;
  if (before === undefined || before === null || read === null) return [];
  const { schedulable, ...rest }: WantedFacts = one.expect.facts?.[node] ?? {};
  const wanted: WantedFacts =
    schedulable === undefined ? rest : { ...rest, taints: { [CONTROL_PLANE]: null, ...rest.taints } };
  return KEPT.filter((name) => one.expect.loses?.includes(name) !== true).flatMap((name) => {
    const lost = isMap(before[name])
      ? lostNames(before[name], read[name] as JsonMap, wanted[name] as JsonMap)
      : lostItems(before[name], read[name]);
    return lost.length === 0 ? [] : [`${node}: ${name}: ${lost.join(', ')} is lost`];
  });
}

type JsonMap = Readonly<Record<string, unknown>>;

function lostNames(before: JsonMap, read: JsonMap, wanted: JsonMap = {}): readonly string[] {
  return Object.entries(before)
    .filter(([key, value]) => !(key in wanted) && read[key] !== value)
    .map(([key, value]) => `${key}=${String(value)}`);
}

/** The first word of an item is its name: a module may get other parameters. */
function lostItems(before: unknown, read: unknown): readonly string[] {
  const names = (list: unknown): readonly string[] =>
    (list as readonly string[]).map((item) => item.split(' ')[0] ?? '');
  return names(before).filter((name) => !names(read).includes(name));
}

function includes(list: unknown, items: unknown): boolean {
  return (items as readonly unknown[]).every((item) => (list as readonly unknown[] | undefined)?.includes(item));
}

/** Of maps only what is wanted counts. */
function agrees(wanted: unknown, read: unknown): boolean {
  if (!isMap(wanted))
    return wanted === null ? read === undefined || read === null : JSON.stringify(wanted) === JSON.stringify(read);
  return isMap(read) && Object.entries(wanted).every(([name, value]) => agrees(value, read[name]));
}

/** Two lists of expected facts, merged; the second wins. */
export function merged(
  one: Case['expect']['facts'],
  other: Case['expect']['facts'],
): NonNullable<Case['expect']['facts']> {
  const node = (a: WantedFacts = {}, b: WantedFacts = {}): WantedFacts => ({
    ...a,
    ...Object.fromEntries(
      (Object.entries(b) as [keyof Facts, unknown][]).map(([name, value]) => [
        name,
        isMap(value) ? { ...(a[name] as object), ...value } : value,
      ]),
    ),
  });
  return { controlplane: node(one?.controlplane, other?.controlplane), worker: node(one?.worker, other?.worker) };
}
