import { createHash } from 'node:crypto';
import { parse as parseYaml } from 'yaml';
import type { Json, JsonObject } from '../kubernetes/json';
import { compareText, identity } from '../kubernetes/order';
import type { KubernetesObject } from '../kubernetes/types';

/*
 * The normal form: two renders are equal when theirs are. It forgets only what no API server, agent or reader can tell
 * apart, and what no two programs can print alike (hashes over template text).
 */

/** Object identity -> its normal form. */
export type NormalForm = ReadonlyMap<string, Json>;

/** Lists that are sets with a key: reordering them says nothing new. */
const KEYED: Readonly<Record<string, (item: JsonObject) => string>> = {
  containers: (c) => String(c.name),
  volumes: (v) => String(v.name),
  volumeMounts: (m) => `${String(m.mountPath)} ${String(m.subPath ?? '')}`,
  env: (e) => String(e.name),
  ports: (p) => `${String(p.name ?? '')} ${String(p.containerPort ?? p.port ?? '')} ${String(p.protocol ?? '')}`,
};

/** The key of an item in a list that the normal form makes a map; `undefined` in other lists. */
export function keyInList(field: string, item: JsonObject): string | undefined {
  return Object.hasOwn(KEYED, field) ? KEYED[field]?.(item) : undefined;
}

/** The name of an object in the normal form: its identity, without the hash in the name of a Job. */
export function nameInForm(object: KubernetesObject): string {
  const name = identity(object);
  return object.kind === 'Job' ? name.replace(/-[0-9a-f]{10}$/, '-<hash>') : name;
}

/** Fields where "empty" and "absent" are the same to the API server. */
const EMPTY_IS_ABSENT: ReadonlySet<string> = new Set([
  'labels',
  'annotations',
  'env',
  'volumeMounts',
  'ports',
  'args',
  'resources',
  'tolerations',
  'affinity',
  'nodeSelector',
  'imagePullSecrets',
]);

/** Text fields that hold a document of their own. */
const TEXT_MAPS: ReadonlySet<string> = new Set(['data', 'stringData']);

/** Scripts of more lines than this are ours in our own words: only their presence is compared. */
const LONGEST_COMPARED_SCRIPT = 8;

/** The normal form of a render. An object that is there twice is kept twice, under a name that says so. */
export function normalForm(objects: readonly KubernetesObject[]): NormalForm {
  const result = new Map<string, Json>();
  for (const object of objects) {
    let name = nameInForm(object);
    while (result.has(name)) name += ' (again)';
    result.set(name, normalObject(object));
  }
  return new Map([...result].sort(([a], [b]) => compareText(a, b)));
}

/** A short hash of one object's normal form. */
export function digest(form: Json): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(form)))
    .digest('hex')
    .slice(0, 16);
}

function normalObject(object: KubernetesObject): Json {
  const { rules, ...rest } = object as unknown as JsonObject;
  const meta = { ...(rest.metadata as JsonObject) };
  if (object.kind === 'Job' && typeof meta.name === 'string')
    meta.name = meta.name.replace(/-[0-9a-f]{10}$/, '-<hash>');
  const form = normal({ ...rest, metadata: meta }, [object.kind]) as JsonObject;
  return isRole(object) ? { ...form, rules: permissionTuples(rules) } : form;
}

function isRole({ kind, apiVersion }: KubernetesObject): boolean {
  return apiVersion.startsWith('rbac.') && (kind === 'Role' || kind === 'ClusterRole');
}

/** RBAC as the authorizer sees it: every (group, resource, name, verb) once. */
function permissionTuples(rules: Json | undefined): Json {
  const list = (value: Json | undefined): readonly Json[] =>
    Array.isArray(value) && value.length > 0 ? (value as readonly Json[]) : [''];
  const tuples = new Set<string>();
  for (const rule of (rules ?? []) as readonly JsonObject[])
    for (const group of list(rule.apiGroups))
      for (const resource of list(rule.resources))
        for (const name of list(rule.resourceNames))
          for (const verb of list(rule.verbs))
            tuples.add(`${String(verb)} ${String(group)}/${String(resource)}/${String(name)}${nonResource(rule)}`);
  return [...tuples].sort(compareText);
}

function nonResource(rule: JsonObject): string {
  return rule.nonResourceURLs === undefined ? '' : ` ${JSON.stringify(rule.nonResourceURLs)}`;
}

function normal(value: Json | undefined, path: readonly string[]): Json {
  const field = path.at(-1) ?? '';
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return normalText(value, path);
  if (typeof value === 'number') return isQuantity(path) ? String(value) : value;
  if (typeof value === 'boolean') return value;
  if (Array.isArray(value)) return normalList(value as readonly Json[], field, path);
  return normalMap(value as JsonObject, path);
}

function normalList(list: readonly Json[], field: string, path: readonly string[]): Json {
  const items = list.map((item) => normal(item, [...path, '[]']));
  if (field === 'command') return normalCommand(items);
  const key = KEYED[field];
  if (key === undefined || !items.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item)))
    return items;
  return byKey(items as readonly JsonObject[], key);
}

/** An item that is there twice is kept twice, under a name that says so. */
function byKey(items: readonly JsonObject[], key: (item: JsonObject) => string): Json {
  const map: Record<string, Json> = {};
  for (const item of items) {
    let name = key(item);
    while (Object.hasOwn(map, name)) name += ' (again)';
    map[name] = item;
  }
  return map;
}

function normalMap(map: JsonObject, path: readonly string[]): Json {
  const entries = Object.entries(map).flatMap(([field, value]) => {
    if (value === undefined || value === null) return [];
    if (/checksum$/.test(field) && path.at(-1) === 'annotations') return [[field, '<hash>'] as const];
    const form = normal(value, [...path, field]);
    if (EMPTY_IS_ABSENT.has(field) && isEmpty(form)) return [];
    return [[field, form] as const];
  });
  return Object.fromEntries(entries);
}

function isEmpty(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function isQuantity(path: readonly string[]): boolean {
  const above = path.at(-2);
  return (above === 'limits' || above === 'requests' || above === 'hard') && path.length > 2;
}

/** Command lines: white space folded, comments dropped; long scripts by presence. */
function normalCommand(words: readonly Json[]): Json {
  return words.map((word) => {
    if (typeof word !== 'string' || !word.includes('\n')) return word;
    const lines = word.split('\n').filter((line) => line.trim() !== '' && !/^\s*#/.test(line));
    return lines.length > LONGEST_COMPARED_SCRIPT ? '<script>' : folded(lines.join('\n'));
  });
}

function normalText(text: string, path: readonly string[]): Json {
  const plain = plainNumbers(text);
  const field = path.at(-1) ?? '';
  const above = path.at(-2) ?? '';
  if (path[0] === 'Secret' && above === 'data') return embedded(decodeBase64(plain), field);
  if (TEXT_MAPS.has(above) || (field === 'value' && above === '[]')) return embedded(plain, field);
  return plain;
}

function decodeBase64(text: string): string {
  const decoded = Buffer.from(text, 'base64');
  return decoded.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '') ? decoded.toString('utf8') : text;
}

/** A document inside a text: compared as data where it is data, with white space folded where it is nginx or HCL. */
function embedded(text: string, field: string): Json {
  if (/\.conf$/.test(field) && !/^\s*[{[]/.test(text)) return foldedConfiguration(text);
  if (!text.includes('\n') && !/^\s*[{[]/.test(text)) return text;
  try {
    const data: unknown = parseYaml(text, { version: '1.1', uniqueKeys: false, logLevel: 'silent' });
    if (typeof data === 'object' && data !== null) return normal(data as Json, ['embedded']);
  } catch {
    // Not a document: compared as the text it is.
  }
  return folded(text);
}

/** Configuration without comments and with white space folded. */
export function foldedConfiguration(text: string): string {
  return folded(text.replace(/^\s*#.*$/gm, ''));
}

function folded(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** `1e+06` and `1.048576e+06`, as Helm prints large numbers, in plain decimals. */
function plainNumbers(text: string): string {
  return text.replace(/(?<![\w.])\d(\.\d+)?e\+\d\d(?![\w.])/g, (number) => String(Number(number)));
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const map = value as JsonObject;
  return Object.fromEntries(
    Object.keys(map)
      .sort(compareText)
      .map((key) => [key, sorted(map[key] ?? null)]),
  );
}
