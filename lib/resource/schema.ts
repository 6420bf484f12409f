import type { Finding } from '../rules/finding';
import { isMap, pointerPath, setOwn } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import { example } from '../props/words';
import { nearest } from '../rules/nearest';
import { actual, isPlain } from '../rules/words';
import { fieldOf, minorOf, productOf, readSchema, resolve, schemaAt, schemaPath, schemaPaths } from './schema-file';
import type { Schema, SchemaFile, SchemaKind } from './schema-file';
import { duplicates, mismatches } from './schema-validator';
import type { Mismatch } from './schema-validator';
import { choiceWords, formatWords, patternWords, rangeWords, shapeOf, sizeWords, valueWords } from './schema-words';
import type { Words } from './schema-words';

/** A path in a body: names of fields, and indexes of lists. */
type Path = readonly (string | number)[];

/** A body with its schema. */
interface Case extends SchemaOptions {
  readonly kind: SchemaKind;
  readonly minor: string | undefined;
  readonly file: SchemaFile;
  readonly body: Json;
}

/** How a body is judged. */
export interface SchemaOptions {
  /** An older API version or the channel `experimental`. @default - what is written */
  readonly variant?: string | undefined;
  /** Paths are those in the object, `spec.blocks[0]`. @default - those of props, `blocks[0]` */
  readonly isWhole?: boolean;
}

/** A finding before it has its id. */
interface Found extends Words {
  readonly paths: readonly Path[];
}

/**
 * What an API server with the definitions of a release would refuse of a custom resource: unknown fields, wrong
 * types and values, what is missing, out of range, given twice or mutually exclusive. One finding per place, under
 * `<subject>/<rule>`. Rules in CEL are not judged. `null` counts as absent where the API server takes it so: in fields with a default.
 * A release that does not have the kind yields none. Never throws.
 * @param version of Cilium, or of the Gateway API for its kinds.
 * @param body the object without `metadata`: `{ spec }`, `{ specs }`.
 */
export function schemaFindings(
  kind: SchemaKind,
  version: string,
  body: JsonObject,
  subject: string,
  options: SchemaOptions = {},
): readonly Finding[] {
  const path = schemaPath(kind, version, options.variant);
  if (path === undefined) return [];
  const file = readSchema(path);
  const read = asRead(body, file, file) as Json;
  const judged: Case = { ...options, kind, minor: minorOf(version), file, body: read };
  const found = wordAll(judged, mismatches(path, read));
  return found.map(({ rule, paths, message, hint }) => ({
    id: `${subject}/${rule}`,
    level: 'error',
    paths: paths.map((place) => asWritten(place, options)),
    message,
    hint,
  }));
}

/** Deeper than any schema; keeps data that refers back to itself from exhausting the stack. */
const DEEPEST = 100;

/** A body as the API server reads it: without `null` in fields with a default, and in nullable ones. */
function asRead(value: unknown, schema: Schema, file: SchemaFile, depth = 0): unknown {
  if (depth > DEEPEST) return value;
  if (Array.isArray(value))
    return Array.from(value as readonly unknown[], (item) =>
      asRead(item, resolve(file, schema.items), file, depth + 1),
    );
  if (!isPlain(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    const field = fieldOf(file, schema, name);
    const isAbsent = item === null && (field['x-kubernetes-has-default'] === true || field.nullable === true);
    if (item !== undefined && !isAbsent) setOwn(result, name, asRead(item, field, file, depth + 1));
  }
  return result;
}

/** The findings of all mismatches, without those that follow from others. */
function wordAll(judged: Case, all: readonly Mismatch[]): readonly Found[] {
  const own = all.filter(({ schemaPath: place }) => !/\/(oneOf|anyOf|allOf)\/\d+\/\w+$|\/not\/\w+$/.test(place));
  const mistyped = new Set(own.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath));
  const worded = new Set(own.filter(({ keyword }) => keyword === 'enum').map(({ instancePath }) => instancePath));
  const sound = own.filter(
    ({ keyword, instancePath }) =>
      keyword === 'type' || (!mistyped.has(instancePath) && (keyword === 'enum' || !worded.has(instancePath))),
  );
  const meant = new Set(sound.flatMap((mismatch) => meantBy(judged, mismatch)));
  const empty = sound.flatMap(({ keyword, params, instancePath }) =>
    keyword === 'maxItems' && params.limit === 0 ? [`${instancePath}/`] : [],
  );
  const found = sound.filter(
    (mismatch) =>
      !missingFields(mismatch).some((name) => meant.has(`${mismatch.instancePath}/${name}`)) &&
      !empty.some((list) => mismatch.instancePath.startsWith(list)),
  );
  return oneEach(found.flatMap((mismatch) => word(judged, mismatch)));
}

/** The first of several findings at one place. */
function oneEach(found: readonly Found[]): readonly Found[] {
  const places = new Set<string>();
  return found.filter(({ paths }) => places.size < places.add(JSON.stringify(paths)).size);
}

/** The field that an unknown one may mean, as a path: that it is missing is not reported as well. */
function meantBy({ file, body }: Case, { keyword, instancePath, params }: Mismatch): readonly string[] {
  if (keyword !== 'additionalProperties') return [];
  const { properties = {} } = schemaAt(file, pointerPath(body, instancePath));
  const name = nearest(String(params.additionalProperty), Object.keys(properties));
  return name === undefined ? [] : [`${instancePath}/${name}`];
}

/** Fields whose absence a mismatch reports. */
function missingFields({ keyword, params, parentSchema, data }: Mismatch): readonly string[] {
  if (keyword === 'required') return [String(params.missingProperty)];
  if (keyword !== 'oneOf' && keyword !== 'anyOf') return [];
  const choices = choicesOf(parentSchema?.[keyword]);
  return choices.some((name) => isMap(data) && name in data) ? [] : choices;
}

function choicesOf(branches: readonly Schema[] = []): readonly string[] {
  return branches.flatMap(({ required = [] }) => required);
}

function word(judged: Case, mismatch: Mismatch): readonly Found[] {
  const { keyword, params, parentSchema = {}, data } = mismatch;
  const path = pointerPath(judged.body, mismatch.instancePath);
  const here = (words: Words): readonly Found[] => [{ ...words, paths: [path] }];
  switch (keyword) {
    case 'additionalProperties':
      return [unknownField(judged, path, String(params.additionalProperty))];
    case 'required':
      return [missingField(judged, path, String(params.missingProperty))];
    case 'type':
      return here(valueWords('type', data, parentSchema));
    case 'enum':
      return here(enumWords(judged, path, data, parentSchema));
    case 'pattern':
      return here(patternWords(data, String(params.pattern)));
    case 'format':
      return here(formatWords(data, String(params.format)));
    case 'minimum':
    case 'maximum':
      return here(rangeWords(data, parentSchema));
    case 'oneOf':
    case 'anyOf': {
      const choices = choicesOf(parentSchema[keyword]);
      const given = choices.filter((name) => isMap(data) && Object.hasOwn(data, name));
      return [
        {
          ...choiceWords(choices, given, keyword === 'oneOf'),
          paths: given.length > 1 ? given.map((name) => [...path, name]) : [path],
        },
      ];
    }
    case 'x-kubernetes-list-type':
      return duplicates(data as readonly unknown[], parentSchema).map(([first, later]) =>
        twice(path, first, later, data as readonly unknown[], parentSchema),
      );
    default:
      return here(
        /^(min|max)(Items|Length|Properties)$/.test(keyword)
          ? sizeWords(data, keyword, Number(params.limit))
          : otherWords(data),
      );
  }
}

function otherWords(data: unknown): Words {
  return { rule: 'schema', message: `${actual(data)} is not valid here.`, hint: "See the kind's types." };
}

function twice(path: Path, first: number, later: number, items: readonly unknown[], schema: Schema): Found {
  const [key] = schema['x-kubernetes-list-map-keys'] ?? [];
  const item = items[later];
  const message =
    key === undefined
      ? `${actual(item)} is given twice.`
      : `${actual(isMap(item) ? item[key] : item)} is the ${key} of two.`;
  const hint = key === undefined ? 'Keep one of them.' : 'Give each its own.';
  return {
    rule: 'duplicate',
    paths: [first, later].map((place) => [...path, place]),
    message,
    hint,
  };
}

function missingField({ file }: Case, path: Path, name: string): Found {
  const schema = schemaAt(file, [...path, name]);
  return {
    rule: 'required',
    paths: [[...path, name]],
    message: 'Required field is missing.',
    hint: example(shapeOf(schema)),
  };
}

function unknownField(judged: Case, path: Path, name: string): Found {
  const { file } = judged;
  const known = Object.keys(schemaAt(file, path).properties ?? {});
  const near = nearest(name, known);
  const hint =
    elsewhere(judged, (other) => Object.hasOwn(schemaAt(other, path).properties ?? {}, name)) ??
    (near === undefined ? undefined : `Did you mean \`${near}\`?`) ??
    home(judged, path, name) ??
    (isSelector(known) ? `Write \`matchLabels: { '${name}': … }\` for a label.` : otherNames(known));
  return { rule: 'unknown-field', paths: [[...path, name]], message: 'Unknown field.', hint };
}

function isSelector(known: readonly string[]): boolean {
  return known.length === 2 && known.includes('matchLabels') && known.includes('matchExpressions');
}

function otherNames(known: readonly string[]): string {
  if (known.length === 0) return 'Leave it out.';
  return known.length === 1 ? `There is only ${known.join('')}.` : `There are ${known.join(', ')}.`;
}

function enumWords(judged: Case, path: Path, value: unknown, schema: Schema): Words {
  const found = valueWords('word', value, schema);
  const hint = elsewhere(judged, (other) => schemaAt(other, path).enum?.includes(value as Json) === true);
  return { ...found, hint: hint ?? found.hint };
}

/** The minors that have what this one has not; their schemas are read only here. */
function elsewhere({ kind, minor: own, variant }: Case, knows: (file: SchemaFile) => boolean): string | undefined {
  const minors = schemaPaths(kind, variant);
  const here = minors.findIndex(([minor]) => minor === own);
  const path = minors[here]?.[1];
  const found = minors.filter(([, other]) => other !== path && knows(readSchema(other))).map(([minor]) => minor);
  const [first] = found;
  if (first === undefined) return undefined;
  const later = minors.findIndex(([minor]) => minor === first) > here;
  const product = productOf(kind);
  return later
    ? `Only ${product} ${first} and later have it.`
    : `${product} ${String(found.at(-1))} was the last to have it; leave it out.`;
}

/** Where a misplaced field belongs: the nearest place with its name. */
function home(judged: Case, path: Path, name: string): string | undefined {
  for (let up = path.length; up >= 0; up--) {
    const place = below(judged, path.slice(0, up), name);
    if (place !== undefined) return `It belongs to \`${place}\`.`;
  }
  return undefined;
}

const SEARCH_DEPTH = 3;

/** The nearest place at or below another one with a name: `ingress[0].toPorts[]`. */
function below({ file, ...options }: Case, from: Path, name: string): string | undefined {
  let level: readonly { readonly schema: Schema; readonly path: Path }[] = [
    { schema: schemaAt(file, from), path: from },
  ];
  for (let depth = 0; depth <= SEARCH_DEPTH; depth++) {
    const found = level.find(({ schema }) => Object.hasOwn(schema.properties ?? {}, name));
    if (found !== undefined) return asWritten(found.path, options);
    level = level.flatMap(({ schema, path }) =>
      Object.entries(schema.properties ?? {}).map(([field, child]) => {
        const inside = resolve(file, child);
        return inside.items === undefined
          ? { schema: inside, path: [...path, field] }
          : { schema: resolve(file, inside.items), path: [...path, field, ANY_PLACE] };
      }),
    );
  }
  return undefined;
}

/** Any index of a list. */
const ANY_PLACE = -1;

/** A path as users write it, whose props are the fields of `spec`: `ingress[0].toPorts`, `nodeSelector.matchLabels['a/b']`. */
function asWritten(path: Path, { isWhole = false }: SchemaOptions): string {
  const [root, ...rest] = path;
  const steps = root === 'spec' && rest.length > 0 && !isWhole ? rest : path;
  return steps
    .map((step, i) => {
      if (typeof step === 'number') return step === ANY_PLACE ? '[]' : `[${String(step)}]`;
      return /^[A-Za-z_$][\w$-]*$/.test(step) ? `${i === 0 ? '' : '.'}${step}` : `['${step}']`;
    })
    .join('');
}
