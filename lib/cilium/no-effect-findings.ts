/** The warnings about values without effect: one for each section, with the switch that is off. */
import type { Finding } from '../rules/finding';
import type { ReadingRule } from '../rules/rule';
import { valueAt } from '../kubernetes/json';
import { groupedBy } from '../kubernetes/groups';
import type { Json, JsonObject } from '../kubernetes/json';
import { UnreadValues } from './no-effect';
import type { Readers, Unread, WrittenValues } from './no-effect';
import type { Switch } from './obstacles';
import type { ValuesExample } from './values-rule';

/** The rule, for its page; `renderCilium` makes the findings last, because another finding about a value says more. */
export const NO_EFFECT: ReadingRule<unknown, ValuesExample> = {
  id: 'values/no-effect',
  level: 'warning',
  docs: 'https://docs.cilium.io/en/stable/helm-reference/',
  examples: {
    bad: { values: { encryption: { type: 'wireguard' } } },
    good: { values: { encryption: { enabled: true, type: 'wireguard' } } },
  },
};

/** More keys than that do not fit into a sentence. */
const MOST_KEYS = 4;
/** Who forgets their switch loses more than a setting. */
const SECURITY = ['encryption', 'authentication', 'tls', 'hostFirewall'];

/** The findings about values without effect. */
export class UnreadReport {
  private readonly values: UnreadValues;

  constructor(
    private readonly given: WrittenValues,
    readers: Readers,
  ) {
    this.values = new UnreadValues(given, readers);
  }

  /** @param others what was found before: a value with a finding has no second one. */
  findings(others: readonly Finding[]): readonly Finding[] {
    const { written, merged } = this.given;
    const named = new Set(others.flatMap(({ paths }) => paths));
    const found = this.values.all();
    const reported = found.filter((one) => !one.isImplied && !isNamed(one.path, named) && !isOff(one, written));
    return bySection(reported)
      .sort((a, b) => Number(isSecurity(b)) - Number(isSecurity(a)))
      .map((section) => noEffect(section, merged));
  }

  /** Why a value has no effect, written or not; `undefined` where it has one. */
  why(path: string): string | undefined {
    const unread = this.values.at(path.split('.'));
    return unread && `It has no effect ${whileText(unread.switches, this.given.merged)}.`;
  }
}

/** Values with the same switch, or without any in the same section. */
function bySection(values: readonly Unread[]): Unread[][] {
  const sections = groupedBy(values, ({ path, switches }) =>
    switches.length > 0 ? JSON.stringify(switches) : path.slice(0, -1).join('.'),
  );
  return [...sections.values()];
}

function isNamed(path: readonly string[], named: ReadonlySet<string>): boolean {
  return path.some((_, i) => named.has(path.slice(0, i + 1).join('.')));
}

function isSecurity([one]: readonly Unread[]): boolean {
  return SECURITY.includes(one?.path[0] ?? '');
}

/** The user wrote the section off: its values are kept for later. */
function isOff({ path, switches }: Unread, written: JsonObject): boolean {
  const around = path.slice(1).map((_, i) => [...path.slice(0, i + 1), 'enabled']);
  const own = switches.filter(
    (one) => one.value === true && one.path.length > 1 && one.path.slice(0, -1).every((name, i) => path[i] === name),
  );
  const isPath = (section: readonly string[]): boolean => section.join('.') === path.join('.');
  return [...around.filter((section) => !isPath(section)), ...own.map((one) => one.path)].some(
    (section) => valueAt(written, section) === false,
  );
}

function noEffect(section: readonly Unread[], merged: JsonObject): Finding {
  const paths = section.map(({ path }) => path.join('.'));
  const switches = section[0]?.switches ?? [];
  const [have, them] = paths.length > 1 ? ['have', 'them'] : ['has', 'it'];
  return {
    id: NO_EFFECT.id,
    level: 'warning',
    paths,
    message: `${listed(paths)} ${have} no effect ${whileText(switches, merged)}.`,
    hint: hintOf(section, switches, them),
    docs: NO_EFFECT.docs,
  };
}

/** `while X is false`. */
function whileText(switches: readonly Switch[], merged: JsonObject): string {
  if (switches.length === 0) return 'with these values';
  const states = switches.map((one) => `\`${one.path.join('.')}\` is ${stateOf(one, valueAt(merged, one.path))}`);
  return `while ${states.join(' and ')}`;
}

function stateOf({ any, value }: Switch, now: Json | undefined): string {
  if (any === true) return 'empty';
  if (now === undefined || now === null || now === '') return value === true ? 'false' : 'not set';
  return typeof now === 'object' ? 'set' : String(now);
}

function isWithin([one]: readonly Unread[], switches: readonly Switch[]): boolean {
  return switches.every(({ path }) => path.length > 1 && path[0] === one?.path[0]);
}

function hintOf(section: readonly Unread[], switches: readonly Switch[], them: string): string {
  const changes = switches.map(({ path, value, any }) =>
    any === true ? `\`${path.join('.')}\`` : `\`${path.join('.')}: ${String(value)}\``,
  );
  if (changes.length === 0) return `Remove ${them}.`;
  return switches.some(({ value }) => value === false)
    ? // A feature is not switched off for one value of another.
      isWithin(section, switches)
      ? `Remove ${them}, or set ${changes.join(' and ')}.`
      : `Remove ${them}.`
    : `Set ${changes.join(' and ')}, or remove ${them}.`;
}

function listed(paths: readonly string[]): string {
  const shown = paths.length > MOST_KEYS ? paths.slice(0, MOST_KEYS - 1) : paths;
  const names = shown.map((path) => `\`${path}\``).join(', ');
  return shown.length === paths.length ? names : `${names} and ${String(paths.length - shown.length)} more values`;
}
