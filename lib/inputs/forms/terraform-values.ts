/**
 * What Terraform's values are where the module itself decides: `locals`, defaults of variables, `terraform.tfvars`, and the functions that
 * only put values together. Everything else stays the placeholder that it is.
 */
import { isMap, setOwn } from '../../kubernetes/json';
import type { Json, JsonObject } from '../../kubernetes/json';
import { besides } from '../files';
import type { Files } from '../files';
import type { Place, Places } from '../places';
import { marked, readHcl, readHclValue } from './hcl';
import type { HclValue } from './hcl';

/** Values by their names, `local.mtu` and `var.mtu`. */
export type Scope = ReadonlyMap<string, HclValue>;

/** What the files of a module define. @param file one of them, which is read already */
export function scopeOf(file: string, text: string, files: Files): Scope {
  const found = new Map<string, HclValue>();
  const names = files.list(besides(file, '.')).map((name) => besides(file, name));
  const modules = names.filter((name) => name !== file && /\.(?:tf|tofu)$/.test(name));
  for (const [name, own] of [[file, text] as const, ...modules.map((one) => [one, files.read(one) ?? ''] as const)])
    for (const { words, attributes } of readHcl(name, own).blocks) {
      const [kind, label = ''] = words;
      if (kind === 'locals') for (const [local, value] of attributes) found.set(`local.${local}`, value);
      const usual = kind === 'variable' ? attributes.get('default') : undefined;
      if (usual !== undefined) found.set(`var.${label}`, usual);
    }
  // Terraform reads terraform.tfvars, then *.auto.tfvars in the order of their names.
  const given = names.filter((name) => /(?:^|\/)terraform\.tfvars$|\.auto\.tfvars$/.test(name));
  for (const name of given.sort((a, b) => Number(/\.auto\./.test(a)) - Number(/\.auto\./.test(b))))
    for (const [variable, value] of readHcl(name, files.read(name) ?? '').attributes)
      found.set(`var.${variable}`, value);
  return found;
}

/** Deeper than any definition refers to others; one may refer to itself. */
const DEEPEST = 20;

/** A value with everything in it that the module decides. */
export function evaluated(value: HclValue, scope: Scope, depth = 0): HclValue {
  if (depth > DEEPEST) return value;
  const known = value.call === undefined ? referred(value, scope) : called(value, scope, depth);
  if (known !== undefined) return evaluated(known, scope, depth + 1);
  const { call } = value;
  const own =
    call === undefined ? {} : { call: { ...call, args: call.args.map((one) => evaluated(one, scope, depth + 1)) } };
  if (value.expression !== undefined) return { ...value, ...own };
  const [data, places] = inside(value.value, value.places, scope, depth);
  return { ...value, ...own, value: data, places };
}

/** `local.cilium.mtu`, `var.mtu`. */
function referred({ expression }: HclValue, scope: Scope): HclValue | undefined {
  const [, root, rest = ''] = /^((?:local|var)\.[\w-]+)((?:\.[\w-]+|\["[^"]+"\])*)$/.exec(expression ?? '') ?? [];
  const found = root === undefined ? undefined : scope.get(root);
  const steps = [...rest.matchAll(/\.([\w-]+)|\["([^"]+)"\]/g)].map(([, name, quoted]) => name ?? quoted ?? '');
  return steps.reduce<HclValue | undefined>((at, step) => (at === undefined ? undefined : below(at, step)), found);
}

function below({ value, places }: HclValue, step: string): HclValue | undefined {
  const item = isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  return item === undefined ? undefined : restored(item, places.below.get(step) ?? places);
}

/** A value whose placeholder is an expression again. */
function restored(value: Json, places: Places): HclValue {
  const { placeholder } = places;
  if (placeholder === undefined || value !== placeholder.text) return { value, places };
  return readHclValue(placeholder.name, places.at);
}

/** Functions that put values together. */
function called({ call, places }: HclValue, scope: Scope, depth: number): HclValue | undefined {
  if (call === undefined) return undefined;
  const args = (): readonly HclValue[] => call.args.map((one) => evaluated(one, scope, depth + 1));
  switch (call.name) {
    case 'merge':
      return merged(args(), places.at);
    case 'concat':
      return joined(args(), places.at);
    case 'tostring':
    case 'tonumber':
    case 'tobool':
    case 'tomap':
    case 'tolist': {
      const [only] = args();
      if (only === undefined || only.expression !== undefined) return undefined;
      return call.name === 'tostring' && typeof only.value !== 'string' ? { ...only, value: String(only.value) } : only;
    }
    default:
      return undefined;
  }
}

/** The maps as one, the last one wins; as in Terraform, inner maps are replaced. */
function merged(args: readonly HclValue[], at: Place): HclValue | undefined {
  const value: JsonObject = {};
  const trees = new Map<string, Places>();
  for (const one of args) {
    if (one.value === null) continue;
    if (!isMap(one.value) || one.expression !== undefined) return undefined;
    for (const [name, item] of Object.entries(one.value)) {
      setOwn(value, name, item ?? null);
      trees.set(name, one.places.below.get(name) ?? one.places);
    }
  }
  return { value, places: { at, below: trees }, skipped: args.flatMap(({ skipped = [] }) => skipped) };
}

function joined(args: readonly HclValue[], at: Place): HclValue | undefined {
  if (args.some(({ value }) => !Array.isArray(value))) return undefined;
  const items = args.flatMap(({ value, places }) =>
    (value as readonly Json[]).map((item, i) => [item, places.below.get(String(i)) ?? places] as const),
  );
  return {
    value: items.map(([item]) => item),
    places: { at, below: new Map(items.map(([, tree], i) => [String(i), tree])) },
  };
}

/** The items of a literal, and the references in its texts. */
function inside(data: Json, places: Places, scope: Scope, depth: number): readonly [Json, Places] {
  const item = (one: Json, name: string): readonly [Json, Places] => {
    const tree = places.below.get(name) ?? places;
    const own = evaluated(restored(one, tree), scope, depth + 1);
    return own.expression === undefined ? [own.value, own.places] : [one, tree];
  };
  if (Array.isArray(data)) {
    const items = data.map((one: Json, i) => item(one, String(i)));
    return [items.map(([one]) => one), { ...places, below: new Map(items.map(([, tree], i) => [String(i), tree])) }];
  }
  if (isMap(data)) {
    const value: JsonObject = {};
    const trees = new Map<string, Places>();
    for (const [name, one] of Object.entries(data)) {
      const [own, tree] = item(one ?? null, name);
      setOwn(value, name, own);
      trees.set(name, tree);
    }
    return [value, { ...places, below: trees }];
  }
  if (typeof data !== 'string' || !data.includes('${')) return [data, places];
  const text = data.replace(/\$\{\s*([^}"]*?)\s*\}/g, (written, expression: string) => {
    const found = evaluated(readHclValue(expression, places.at), scope, depth + 1);
    const isText = found.expression === undefined && typeof found.value !== 'object';
    return isText && !String(found.value).includes('${') ? String(found.value) : written;
  });
  const { placeholder: _, ...plain } = places;
  return [text, text === data ? places : marked({ value: text, places: plain })];
}
