/** Findings about values and objects that the API server of a Kubernetes release rejects. */
import type { Finding } from '../rules/finding';
import { hasNulls, isMap, pointerPath, withoutNulls } from '../kubernetes/json';
import { nearest } from '../rules/nearest';
import { listJudge } from './judges';
import { verdictOf } from './minors';
import { shown } from './problem';
import type { Problem } from './problem';
import { valueJudge } from './value-judges';
import { definitionAt, definitionFile, mismatches } from './schema-file';
import type { Definition, Mismatch } from './schema-file';

/** A value to validate. */
export interface Judged {
  /** A definition of `imports/kubernetes/schema.json`, or a type of `value-judges.ts`: `Toleration`, `Port`, or `Toleration[]` for a list. */
  readonly type: string;
  readonly value: unknown;
  /** The Kubernetes release, `1.34.1`; `undefined` when it is unknown. */
  readonly kubernetes: string | undefined;
  /** The place of a path of the value, as users write it. */
  readonly place: (path: Path) => string;
}

/** A path in a value: names of fields, and places in lists. */
export type Path = readonly (string | number)[];

/** The definition of a kind, for {@link shapeFindings}; `undefined` for kinds that are not built in. */
export function kindDefinition(apiVersion: string, kind: string): string | undefined {
  const { kinds } = definitionFile();
  const name = `${apiVersion}/${kind}`;
  return Object.hasOwn(kinds, name) ? kinds[name] : undefined;
}

/** A path in a value as users write it: `tolerations[0].key`, `labels["a.b/c"]`. */
export function fieldPath(from: string, path: Path): string {
  return path.reduce<string>((at, step) => {
    if (typeof step === 'number') return `${at}[${String(step)}]`;
    if (!/^[^\s.[\]"]+$/.test(step)) return `${at}[${JSON.stringify(step)}]`;
    return at === '' ? step : `${at}.${step}`;
  }, from);
}

interface Found {
  readonly rule: string;
  readonly level?: Finding['level'];
  readonly path: Path;
  readonly message: string;
  readonly hint: string;
}

/**
 * Unknown fields, wrong types, words and ranges, missing fields, and fields that exclude each other, under
 * `kubernetes/<rule>`. Above the newest definitions an unknown field or word is a warning, as is one that only some releases have
 * where that is uncertain. `null` counts as absent. Never throws.
 */
export function shapeFindings({ type, value, kubernetes, place }: Judged): readonly Finding[] {
  const root = type.replace('[]', '');
  const written = hasNulls(value) ? withoutNulls(value) : value;
  const items: readonly (readonly [Path, unknown])[] = type.endsWith('[]')
    ? (Array.isArray(written) ? written : []).map((item: unknown, i) => [[i], item])
    : [[[], written]];
  const judge = valueJudge(root);
  if (judge !== undefined)
    return items.flatMap(([start, item]) =>
      (judge(item) ?? []).map(({ path = [], ...said }) => finding({ ...said, path }, start, place)),
    );
  const found = items.flatMap(([start, item]) => {
    const all = mismatches(root, item);
    return all.length === 0
      ? []
      : wordAll({ root, value: item, kubernetes }, all).map((one) => finding(one, start, place));
  });
  const overall = type.endsWith('[]') ? (listJudge(root)?.(written) ?? []) : [];
  return [...found, ...overall.map(({ path = [], ...said }) => finding({ ...said, path }, [], place))];
}

function finding({ rule, level = 'error', path, message, hint }: Found, start: Path, place: Judged['place']): Finding {
  return { id: `kubernetes/${rule}`, level, paths: [place([...start, ...path])], message, hint };
}

interface Case {
  readonly root: string;
  readonly value: unknown;
  readonly kubernetes: string | undefined;
}

/** The findings of all mismatches, without those that follow from another one. */
function wordAll(judged: Case, all: readonly Mismatch[]): readonly Found[] {
  const mistyped = placesOf(all, 'type');
  const unknown = placesOf(all, 'additionalProperties');
  const sound = all.filter(({ keyword, instancePath }) => {
    if (keyword === 'type') return true;
    if (mistyped.has(instancePath)) return false;
    // Where a name is misspelt, the missing field is most likely that one.
    return !(keyword === 'required' && unknown.has(instancePath));
  });
  const misspelt = new Set([...unknown].map((pointer) => JSON.stringify(pointerPath(judged.value, pointer))));
  const found = sound
    .flatMap((mismatch) => word(judged, mismatch, unknown.has(mismatch.instancePath)))
    .filter(({ rule, path }) => rule !== 'required' || !misspelt.has(JSON.stringify(path.slice(0, -1))));
  const places = new Set<string>();
  return found.filter(({ path }) => places.size < places.add(JSON.stringify(path)).size);
}

function placesOf(all: readonly Mismatch[], wanted: string): ReadonlySet<string> {
  return new Set(all.filter(({ keyword }) => keyword === wanted).map(({ instancePath }) => instancePath));
}

function word(judged: Case, { keyword, params, instancePath }: Mismatch, besideUnknown: boolean): readonly Found[] {
  const path = pointerPath(judged.value, instancePath);
  const { definition } = definitionAt(judged.root, path);
  const value = valueAt(judged.value, path);
  const named = params as Readonly<Record<string, unknown>>;
  switch (keyword) {
    case 'additionalProperties':
      return [unknownField(judged, path, String(named.additionalProperty))];
    case 'if':
      return [];
    case 'minors':
      return otherMinor(judged, path, String(params));
    case 'judge':
      return (params as readonly Problem[])
        .filter(({ rule }) => !(besideUnknown && rule === 'required'))
        .map(({ path: below = [], ...said }) => ({ ...said, path: [...path, ...below] }));
    case 'required': {
      const name = String(named.missingProperty);
      return [
        {
          rule: 'required',
          path: [...path, name],
          message: 'Required field is missing.',
          hint: `Write \`${name}: …\`.`,
        },
      ];
    }
    case 'enum':
      return [unknownWord(judged, path, value, definition)];
    case 'type':
      return [{ rule: 'type', path, ...typeWords(value, definition) }];
    default:
      return [{ rule: 'range', path, ...rangeWords(value, keyword, definition) }];
  }
}

/** Beyond the newest definitions an unknown field may exist. */
function levelOf({ kubernetes }: Case): Finding['level'] {
  return verdictOf('', definitionFile().minors, kubernetes) === 'unknown' ? 'warning' : 'error';
}

function unknownField(judged: Case, path: Path, field: string): Found {
  const { name, definition } = definitionAt(judged.root, path);
  const known = Object.keys(definition.properties ?? {});
  const near = nearest(field, known) ?? known.find((other) => other.toLowerCase().startsWith(field.toLowerCase()));
  const level = definition.chart === true ? 'error' : levelOf(judged);
  const owner = name === undefined ? 'here' : `of ${name}`;
  const message =
    level === 'error'
      ? `Unknown field ${owner}.`
      : `Unknown field ${owner} up to Kubernetes ${definitionFile().minors.at(-1) ?? ''}.`;
  return {
    rule: 'unknown-field',
    level,
    path: [...path, field],
    message,
    hint: near === undefined ? otherFields(known) : `Did you mean \`${near}\`?`,
  };
}

const MOST_NAMES = 12;

function otherFields(known: readonly string[]): string {
  if (known.length === 0) return 'Leave it out.';
  return known.length > MOST_NAMES
    ? 'Leave it out, or look its name up in the API of Kubernetes.'
    : `Known fields: ${known.join(', ')}.`;
}

/** A field that only some minors have. */
function otherMinor(judged: Case, path: Path, having: string): readonly Found[] {
  const verdict = verdictOf(having, definitionFile().minors, judged.kubernetes);
  if (verdict === 'there') return [];
  const level = verdict === 'unknown' ? 'warning' : 'error';
  const message = `Kubernetes ${judged.kubernetes ?? ''} does not have this; ${having.replaceAll(' ', ', ')} ${/[- ]/.test(having) ? 'have' : 'has'}.`;
  return [{ rule: 'unknown-field', level, path, message, hint: 'Leave it out.' }];
}

function unknownWord(judged: Case, path: Path, value: unknown, { enum: words = [] }: Definition): Found {
  const known = words.filter((word) => word !== '');
  const near = typeof value === 'string' ? nearest(value, known) : undefined;
  const hint = near === undefined ? 'Use one of them.' : `Did you mean \`${near}\`?`;
  return {
    rule: 'word',
    level: levelOf(judged),
    path,
    message: `${shown(value)} is not one of ${known.join(', ')}.`,
    hint,
  };
}

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'an integer',
  number: 'a number',
  object: 'a map',
  string: 'a string',
};

function typeWords(value: unknown, { type }: Definition): Pick<Found, 'message' | 'hint'> {
  const types = type === undefined ? [] : typeof type === 'string' ? [type] : type;
  const wanted = types.map((one) => TYPES[one] ?? one).join(' or ');
  const message = `Expected ${wanted}, got ${shown(value)}.`;
  if (types.includes('string') && (typeof value === 'number' || typeof value === 'boolean'))
    return { message, hint: `Put it in quotes: "${String(value)}".` };
  if (typeof value === 'string' && (types.includes('integer') || types.includes('number')) && /^-?\d+$/.test(value))
    return { message, hint: `Write it without quotes: ${value}.` };
  if (typeof value === 'string' && types.includes('boolean') && /^(true|false)$/.test(value))
    return { message, hint: `Write it without quotes: ${value}.` };
  if (types.includes('array') && (typeof value !== 'object' || value === null))
    return { message, hint: `Write a list: [${shown(value)}].` };
  return {
    message,
    hint: types.includes('array') && isMap(value) ? 'Write a list: put a dash before it.' : `Write ${wanted}.`,
  };
}

function rangeWords(
  value: unknown,
  keyword: string,
  { minimum, maximum }: Definition,
): Pick<Found, 'message' | 'hint'> {
  switch (keyword) {
    case 'minItems':
      return { message: 'It is empty.', hint: 'Write at least one item, or leave it out.' };
    case 'maxItems':
      return { message: 'It has too many items.', hint: 'Make it shorter.' };
    default: {
      const range =
        maximum === undefined || maximum === 2147483647
          ? `at least ${String(minimum)}`
          : `${String(minimum)} to ${String(maximum)}`;
      return { message: `Expected ${range}, got ${shown(value)}.`, hint: `Write a number in that range.` };
    }
  }
}

/** The value at a path; `undefined` where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (here, step) => (here as Readonly<Record<string | number, unknown>> | undefined)?.[step],
    value,
  );
}
