import { pathTo } from '../rules/nearest';
import { problem } from '../rules/rule';
import type { Problem } from '../rules/rule';
import { actual, quoted } from '../rules/words';
import { mapOf } from './json';
import type { JsonObject } from './json';
import { isLabelKey, isLabelValue } from './names';

/** How to write the key of a label or an annotation. */
export const LABEL_KEY_HINT =
  'Write a name of at most 63 letters, digits, dashes, dots and underscores, optionally with a DNS name and a slash before it.';
/** How to write the value of a label. */
export const LABEL_VALUE_HINT =
  'Use at most 63 letters, digits, dashes, dots and underscores, a letter or digit at both ends.';

/** Labels that API servers refuse; types of values are checked elsewhere. */
export function labelProblems(at: string, labels: Readonly<Record<string, unknown>>): readonly Problem[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...keyProblems(pathTo(at, key), 'a label', key),
    ...(typeof value !== 'string' || isLabelValue(value)
      ? []
      : [problem(pathTo(at, key), `${actual(value)} is not a valid value of a label.`, LABEL_VALUE_HINT)]),
  ]);
}

/** Keeps circular data from exhausting the stack. */
const DEEPEST = 100;

/** All annotations of an object together, in bytes. */
const MOST_ANNOTATIONS = 256 * 1024;

/** Annotations that API servers refuse: invalid keys, too much text. */
export function annotationProblems(at: string, annotations: Readonly<Record<string, unknown>>): readonly Problem[] {
  const entries = Object.entries(annotations);
  const size = entries.reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(typeof value === 'string' ? value : ''),
    0,
  );
  return [
    // The API server validates keys of annotations in lower case.
    ...entries.flatMap(([key]) => keyProblems(pathTo(at, key), 'an annotation', key.toLowerCase(), key)),
    ...(size <= MOST_ANNOTATIONS
      ? []
      : [
          problem(
            at,
            `All annotations together have ${String(size)} bytes; at most ${String(MOST_ANNOTATIONS)} are allowed.`,
            'Put long texts into a ConfigMap.',
          ),
        ]),
  ];
}

/** A fault of a field of `metadata`, at a path below that field. */
export interface MetadataFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly hint: string;
}

const STANDARD_FINALIZERS = ['kubernetes', 'orphan', 'foregroundDeletion'];
const FINALIZER_HINT = "Write a list of names such as 'example.com/hold'.";

/**
 * Finalizers that API servers refuse; types are checked elsewhere.
 * @param isCustom of a custom resource: names without a slash are valid, too.
 */
export function finalizerFaults(finalizers: readonly unknown[], isCustom: boolean): readonly MetadataFault[] {
  const isName = (name: string): boolean =>
    isLabelKey(name) && (isCustom || name.includes('/') || STANDARD_FINALIZERS.includes(name));
  return finalizers.flatMap((name, i): readonly MetadataFault[] => {
    if (typeof name !== 'string') return [];
    if (!isName(name))
      return [{ path: [i], message: `${actual(name)} is not a valid name of a finalizer.`, hint: FINALIZER_HINT }];
    const first = finalizers.indexOf(name);
    if (first !== i) return [{ path: [i], message: `${actual(name)} is there twice.`, hint: 'Keep one of them.' }];
    return name === 'foregroundDeletion' && finalizers.includes('orphan')
      ? [{ path: [i], message: 'orphan and foregroundDeletion exclude each other.', hint: 'Keep one of them.' }]
      : [];
  });
}

const OWNER_FIELDS = ['apiVersion', 'kind', 'name', 'uid'] as const;

/** Owner references that API servers refuse; types and missing fields are checked elsewhere. */
export function ownerFaults(owners: readonly unknown[]): readonly MetadataFault[] {
  const read = owners.map(mapOf);
  const uids = read.map(({ uid }) => uid);
  const controllers = read.flatMap(({ controller }, i) => (controller === true ? [i] : []));
  return [
    ...read.flatMap((owner, i) => ownerFieldFaults(owner, i)),
    ...uids.flatMap((uid, i) =>
      typeof uid === 'string' && uid !== '' && uids.indexOf(uid) !== i
        ? [{ path: [i, 'uid'], message: `The owner ${actual(uid)} is there twice.`, hint: 'Keep one of them.' }]
        : [],
    ),
    ...controllers.slice(1).map((i) => ({
      path: [i, 'controller'],
      message: 'An object has at most one controller.',
      hint: 'Keep `controller: true` in one of them.',
    })),
  ];
}

function ownerFieldFaults(owner: JsonObject, i: number): readonly MetadataFault[] {
  const { apiVersion, kind } = owner;
  const empty = OWNER_FIELDS.filter((name) => owner[name] === '').map((name) => ({
    path: [i, name],
    message: 'An owner reference needs it, and it is empty.',
    hint: 'Remove the owner reference, or complete it.',
  }));
  if (empty.length > 0 || typeof apiVersion !== 'string') return empty;
  if (!/^([^/]*\/)?[^/]+$/.test(apiVersion))
    return [
      {
        path: [i, 'apiVersion'],
        message: `${actual(apiVersion)} is not an API version.`,
        hint: 'Write it as v1 or apps/v1.',
      },
    ];
  return apiVersion === 'v1' && kind === 'Event'
    ? [{ path: [i, 'kind'], message: 'An Event cannot own objects.', hint: 'Remove the owner reference.' }]
    : [];
}

/** Whether a status holds anything; generators write empty ones. */
export function holdsData(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return value !== undefined && value !== null && value !== '';
  return depth > DEEPEST || Object.values(value).some((item) => holdsData(item, depth + 1));
}

function keyProblems(at: string, of: string, key: string, written = key): readonly Problem[] {
  return isLabelKey(key) ? [] : [problem(at, `${quoted(written)} is not a valid key of ${of}.`, LABEL_KEY_HINT)];
}
