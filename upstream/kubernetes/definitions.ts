/** The definitions of all minors as one set, with what we know about them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Definition } from '../../lib/kubernetes-schema/schema-file';
import { compareMinors } from '../../lib/releases/exact-version';

/** All definitions by their short names, and which of them the kinds are: `apps/v1/DaemonSet`. */
export interface Definitions {
  readonly minors: readonly string[];
  readonly kinds: Readonly<Record<string, string>>;
  readonly definitions: Readonly<Record<string, Definition>>;
}

/** What `rules.yaml` says. */
interface Rules {
  readonly kinds: readonly string[];
  readonly opaque: readonly string[];
  readonly unwritten: Readonly<Record<string, string | null>>;
  readonly older: Readonly<Record<string, string>>;
  readonly definitions: Readonly<Record<string, Definition>>;
  readonly own: Readonly<Record<string, Definition & { readonly from?: string; readonly without?: readonly string[] }>>;
}

interface Upstream extends Omit<Definition, 'properties'> {
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Upstream>>;
  readonly 'x-kubernetes-group-version-kind'?: readonly GroupVersionKind[];
}

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const KEPT = ['type', 'enum', 'required', 'additionalProperties'] as const;
const REFERENCE = '#/definitions/';

/**
 * Reads the OpenAPI documents of releases, `kubernetes@v<version>/`, one per minor.
 * @throws Error when there are none, when two definitions would share a name, or when `rules.yaml` names what does not exist.
 */
export function readDefinitions(folder: string): Definitions {
  const rules = parse(readFileSync(join(__dirname, 'rules.yaml'), 'utf8')) as Rules;
  const all = readdirSync(folder)
    .flatMap((name) => {
      const minor = /^kubernetes@v(\d+\.\d+)\.\d+$/.exec(name)?.[1];
      return minor === undefined ? [] : [{ minor, definitions: readRelease(join(folder, name), rules.kinds) }];
    })
    .sort((a, b) => compareMinors(a.minor, b.minor));
  const minors = all.map(({ minor }) => minor);
  if (minors.length === 0) throw new Error(`${folder} holds no kubernetes@v<version>/.`);
  const names = shortNames([...new Set(all.flatMap(({ definitions }) => Object.keys(definitions)))]);
  const merged: Record<string, Definition> = {};
  const kinds: Record<string, string> = {};
  for (const [long, name] of names) {
    const having = all.flatMap(({ minor, definitions }) =>
      definitions[long] === undefined ? [] : [{ minor, definition: definitions[long] }],
    );
    merged[name] = rules.opaque.includes(name) ? {} : superset(having, rules, names);
    for (const kind of having.at(-1)?.definition['x-kubernetes-group-version-kind'] ?? []) kinds[kindName(kind)] = name;
  }
  for (const [path, older] of Object.entries(rules.older)) addOlder(merged, path, older);
  for (const [name, more] of Object.entries(rules.definitions)) merged[name] = refined(known(merged, name), more, name);
  for (const [name, { from, without = [], ...own }] of Object.entries(rules.own)) {
    const whole = from === undefined ? own : { ...leavingOut(known(merged, from), without), ...own };
    // `judge: null` takes the rule of the definition away that it is made from.
    merged[name] = Object.fromEntries(
      Object.entries(whole).filter(([, value]) => value !== null && value !== undefined),
    );
  }
  return { minors, kinds: sorted(kinds), definitions: sorted(merged) };
}

/** What `kinds` (`apps/v1/DaemonSet`) need of a release's definitions. An object has no fields but its own, and its own `kind`. */
function readRelease(folder: string, kinds: readonly string[]): Readonly<Record<string, Upstream>> {
  const file = join(folder, 'api', 'openapi-spec', 'swagger.json');
  const { definitions } = JSON.parse(readFileSync(file, 'utf8')) as { definitions: Readonly<Record<string, Upstream>> };
  const closed = Object.entries(definitions).map(([name, definition]): [string, Upstream] => {
    const { properties, 'x-kubernetes-group-version-kind': [own] = [] } = definition;
    if (properties === undefined) return [name, definition];
    const kind: Readonly<Record<string, Upstream>> =
      own === undefined || properties.kind === undefined ? {} : { kind: { type: 'string', enum: [own.kind] } };
    return [name, { ...definition, additionalProperties: false, properties: { ...properties, ...kind } }];
  });
  const all = Object.fromEntries(closed);
  const roots = closed.flatMap(([name, { 'x-kubernetes-group-version-kind': own = [] }]) =>
    own.some((one) => kinds.includes(kindName(one))) ? [name] : [],
  );
  return Object.fromEntries(
    reachable(all, roots).flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])),
  );
}

function kindName({ group, version, kind }: GroupVersionKind): string {
  return `${group === '' ? '' : `${group}/`}${version}/${kind}`;
}

function known(definitions: Readonly<Record<string, Definition>>, name: string): Definition {
  const definition = definitions[name];
  if (definition === undefined) throw new Error(`rules.yaml: unknown definition ${name}.`);
  return definition;
}

/** `io.k8s.api.core.v1.Toleration` is `Toleration`, unless another group has one, too: then `DiscoveryEndpointPort`. */
function shortNames(longs: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  // Core goes first: its names are the ones that people know.
  for (const long of [...longs].sort(
    (a, b) => Number(!a.includes('.core.')) - Number(!b.includes('.core.')) || (a < b ? -1 : 1),
  )) {
    const [group = '', , last = ''] = long.split('.').slice(-3);
    const name = taken.has(last) ? `${group[0]?.toUpperCase() ?? ''}${group.slice(1)}${last}` : last;
    if (taken.has(name)) throw new Error(`Two definitions would be called ${name}.`);
    taken.add(name);
    names.set(long, name);
  }
  return names;
}

interface Having {
  readonly minor: string;
  readonly definition: Upstream;
}

/** One definition with the fields of all minors; where they differ in more than fields the newest counts. */
function superset(having: readonly Having[], { unwritten }: Rules, names: ReadonlyMap<string, string>): Definition {
  const newest = having.at(-1)?.definition ?? {};
  const fields = [...new Set(having.flatMap(({ definition }) => Object.keys(definition.properties ?? {})))].sort();
  const properties = fields.map((field): [string, Definition] => {
    const judge = unwritten[field] ?? undefined;
    if (Object.hasOwn(unwritten, field)) return [field, judge === undefined ? {} : { judge }];
    const with_ = having.filter(({ definition }) => definition.properties?.[field] !== undefined);
    const own = plain(with_.at(-1)?.definition.properties?.[field] ?? {}, names);
    return [
      field,
      with_.length === having.length ? own : { ...own, minors: with_.map(({ minor }) => minor).join(' ') },
    ];
  });
  // What only some minors require is not required.
  const required = newest.required?.filter((name) =>
    having.every(({ definition }) => definition.required?.includes(name)),
  );
  return {
    ...plain({ ...newest, properties: undefined }, names),
    ...(properties.length === 0 ? {} : { properties: Object.fromEntries(properties) }),
    ...(required === undefined || required.length === 0 ? { required: undefined } : { required }),
  };
}

/** What is kept of a definition. */
function plain(upstream: Upstream, names: ReadonlyMap<string, string>): Definition {
  const { $ref, items, additionalProperties, properties, format } = upstream;
  if ($ref !== undefined) return { $ref: `${REFERENCE}${names.get($ref.replace(REFERENCE, '')) ?? ''}` };
  const kept = Object.fromEntries(KEPT.flatMap((key) => (upstream[key] === undefined ? [] : [[key, upstream[key]]])));
  return {
    ...kept,
    ...(format === 'int32' ? { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 } : {}),
    ...(items === undefined ? {} : { items: plain(items, names) }),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: plain(additionalProperties, names) } : {}),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([k, v]) => [k, plain(v, names)])) }),
  };
}

function addOlder(definitions: Record<string, Definition>, path: string, minors: string): void {
  const [name = '', field = ''] = path.split('.');
  const definition = known(definitions, name);
  definitions[name] = { ...definition, properties: { ...definition.properties, [field]: { minors } } };
}

/** A definition with more keywords; fields are refined one by one. */
function refined(definition: Definition, more: Definition, at: string): Definition {
  const { properties, items, additionalProperties, required, ...words } = more;
  const fields = Object.entries(properties ?? {}).map(([field, extra]): [string, Definition] => {
    const there = definition.properties?.[field];
    if (there === undefined) throw new Error(`rules.yaml: ${at} has no ${field}.`);
    return [field, refined(there, extra, `${at}.${field}`)];
  });
  return {
    ...definition,
    ...words,
    ...(fields.length === 0 ? {} : { properties: { ...definition.properties, ...Object.fromEntries(fields) } }),
    ...(items === undefined ? {} : { items: refined(definition.items ?? {}, items, `${at}[]`) }),
    ...(typeof additionalProperties === 'object' && typeof definition.additionalProperties === 'object'
      ? { additionalProperties: refined(definition.additionalProperties, additionalProperties, `${at}.*`) }
      : additionalProperties === undefined
        ? {}
        : { additionalProperties }),
    ...(required === undefined ? {} : { required: [...new Set([...(definition.required ?? []), ...required])] }),
  };
}

function leavingOut(definition: Definition, names: readonly string[]): Definition {
  const properties = Object.entries(definition.properties ?? {}).filter(([name]) => !names.includes(name));
  return {
    ...definition,
    properties: Object.fromEntries(properties),
    required: definition.required?.filter((name) => !names.includes(name)),
  };
}

/** The definitions that some others need, these among them. */
export function reachable(
  definitions: Readonly<Record<string, Definition>>,
  roots: readonly string[],
): readonly string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    for (const reference of references(known(definitions, name))) visit(reference);
  };
  roots.forEach(visit);
  return [...found].sort();
}

function references({ $ref, properties = {}, items, additionalProperties }: Definition): readonly string[] {
  const below = [
    ...Object.values(properties),
    ...(items === undefined ? [] : [items]),
    ...(additionalProperties ? [additionalProperties] : []),
  ];
  return [...($ref === undefined ? [] : [$ref.replace(REFERENCE, '')]), ...below.flatMap(references)];
}

function sorted<T>(map: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
