import { resolve } from '../../lib/resource/schema-file';
import type { Schema, SchemaFile } from '../../lib/resource/schema-file';
import { fitsPattern } from '../../lib/resource/schema-pattern';
import type { Json, JsonObject } from '../../lib/kubernetes/json';

/*
 * Bodies of a custom resource, made of its schema: one with every field, and that one with a single thing changed, at every
 * place in turn. The API server decides whether each is valid.
 */

type Path = readonly (string | number)[];

/** A body and what was done to it. */
export interface Variant {
  readonly name: string;
  readonly body: JsonObject;
}

/** Texts among which there is one for every pattern and format. */
const TEXTS: readonly string[] = [
  'a',
  'A',
  '1',
  '80',
  'a.example',
  '192.0.2.1',
  '192.0.2.0/24',
  '64512:1',
  '64512:1:1',
  '1s',
  'https://a.example',
];

/** What is put in the place of anything. Whole numbers beyond what JavaScript can say are left out: they never get here. */
const OTHERS: readonly Json[] = [
  ...[true, -1, 0, 1, 1.5, 80, 65536, 2147483648, 4294967296, 1e15],
  ...['', 'a', 'A', '-', 'a b', 'a_b', 'a-b.c', 'a..b', '*.a.example', 'a\n', 'é', '80', '65536', 'yes', 'EchoReply'],
  ...[
    '192.0.2.1',
    '192.0.2.1/24',
    '192.0.2.0/33',
    '2001:db8::1',
    '2001:db8::/32',
    '64512:1',
    '64512:1:1',
    '2006-01-02T15:04:05Z',
  ],
  ...['a'.repeat(64), 'a.'.repeat(140), 'a'.repeat(5000), `${'a-'.repeat(40)}!`],
  ...[{}, { a: 'a' }, { a: 1 }, { matchLabels: { a: 'b' } }, [], [null], ['a'], ['a', 'a'], [1], [{}]],
];

/**
 * A body with every field that is valid together with the others, and the ways to change it.
 * @param share one in so many of the values that are tried at a place; other ones at the next place.
 */
export function* variants(file: SchemaFile, share = 1): Generator<Variant> {
  let turn = 0;
  const body = { spec: full(file, file.properties?.spec) } as JsonObject;
  yield { name: 'every field', body };
  for (const [path, schema] of places(file, file.properties?.spec, ['spec'], new Set())) {
    const at = path.join('.');
    turn++;
    const words = (schema.enum ?? []).flatMap((word) => [word, String(word).toLowerCase()]);
    const others = [...OTHERS.filter((_, i) => (i + turn) % share === 0), ...words];
    for (const other of others)
      yield { name: `${at}: ${String(JSON.stringify(other)).slice(0, 60)}`, body: withAt(body, path, other) };
    yield { name: `${at}: none`, body: withAt(body, path, undefined) };
    if (schema.properties !== undefined) {
      yield { name: `${at}: another field`, body: withAt(body, [...path, 'another'], 'a') };
      for (const choice of choices(schema))
        yield {
          name: `${at}: ${choice} too`,
          body: withAt(body, [...path, choice], full(file, schema.properties[choice])),
        };
    }
    if (schema.items !== undefined && schema.maxItems !== 0) {
      const item = full(file, schema.items);
      for (const count of [2, 100])
        yield {
          name: `${at}: ${String(count)} times the same`,
          body: withAt(
            body,
            path,
            Array.from({ length: count }, () => item),
          ),
        };
    }
    if (typeof schema.additionalProperties === 'object') {
      yield {
        name: `${at}: many entries`,
        body: withAt(body, path, Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`a${String(i)}`, 'a']))),
      };
    }
  }
}

/** Fields that only one of may be there. */
function choices({ oneOf = [] }: Schema): readonly string[] {
  return oneOf.flatMap(({ required = [] }) => required);
}

/** A value with everything in it; of fields that exclude each other the first one. */
function full(file: SchemaFile, given: Schema | undefined): Json {
  const schema = resolve(file, given);
  const { type, properties = {}, additionalProperties, items, enum: words } = schema;
  if (words !== undefined) return words[0] as Json;
  switch (type) {
    case 'object': {
      const [, ...excluded] = choices(schema);
      const fields = Object.entries(properties).filter(([name]) => !excluded.includes(name));
      const entries = typeof additionalProperties === 'object' ? [['a', full(file, additionalProperties)]] : [];
      return Object.fromEntries([
        ...fields.map(([name, child]) => [name, full(file, child)]),
        ...entries,
      ]) as JsonObject;
    }
    case 'array':
      return schema.maxItems === 0 ? [] : [full(file, items)];
    case 'boolean':
      return true;
    case 'string':
      return textFor(schema);
    default:
      return Math.max(schema.minimum ?? 1, 1);
  }
}

function textFor({ pattern, format }: Schema): string {
  const fits = (text: string): boolean =>
    (pattern === undefined || fitsPattern(pattern, text)) &&
    (format !== 'cidr' || text.includes('/')) &&
    (format !== 'ipv4' || /^[\d.]{7,}$/.test(text));
  const text = TEXTS.find(fits);
  if (text === undefined) throw new Error(`No text fits ${String(pattern ?? format)}.`);
  return text;
}

/** Every place below a schema where something can stand, and every shape once. */
function* places(
  file: SchemaFile,
  given: Schema | undefined,
  path: Path,
  seen: Set<string>,
): Generator<readonly [Path, Schema]> {
  const schema = resolve(file, given);
  if (given?.$ref !== undefined) {
    if (seen.has(given.$ref)) return;
    seen.add(given.$ref);
  }
  yield [path, schema];
  const [, ...excluded] = choices(schema);
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    if (!excluded.includes(name)) yield* places(file, child, [...path, name], seen);
  }
  if (schema.items !== undefined && schema.maxItems !== 0) yield* places(file, schema.items, [...path, 0], seen);
  if (typeof schema.additionalProperties === 'object')
    yield* places(file, schema.additionalProperties, [...path, 'a'], seen);
}

/** The value with another one at a path; without the path when it is `undefined`. */
function withAt(value: JsonObject, path: Path, other: Json | undefined): JsonObject {
  return put(value, path, other) as JsonObject;
}

function put(value: Json | undefined, [step, ...rest]: Path, other: Json | undefined): Json | undefined {
  if (step === undefined) return other;
  if (typeof step === 'number') {
    const items = [...((value ?? []) as readonly Json[])];
    const item = put(items[step], rest, other);
    return item === undefined ? items.filter((_, i) => i !== step) : items.with(step, item);
  }
  const { [step]: child, ...others } = (value ?? {}) as JsonObject;
  const changed = put(child, rest, other);
  return changed === undefined ? others : { ...others, [step]: changed };
}
