/** Validation of `metadata` and `status` by the API server, from Kubernetes' source (apimachinery/pkg/api/validation). */
import { mapOf } from '../kubernetes/json';
import { finalizerFaults, holdsData, ownerFaults } from '../kubernetes/metadata-checks';
import type { MetadataFault } from '../kubernetes/metadata-checks';
import { isLabelKey, isLabelValue } from '../kubernetes/names';
import { found, isSet, listOf, shown } from './problem';
import type { Judge, Problem } from './problem';

const KEY_FIX =
  'Use letters, digits, dashes, dots and underscores, at most 63, with a letter or digit at both ends, optionally with a DNS name and a slash before them.';
/** How to write the value of a label. */
export const VALUE_FIX =
  'Use at most 63 letters, digits, dashes, dots and underscores, with a letter or digit at both ends.';
const MOST_ANNOTATIONS = 256 * 1024;

/** Keys of a map that are not valid. */
export const keyProblems = (
  value: unknown,
  what: string,
  isKey: (key: string) => boolean,
  hint: string,
): readonly Problem[] =>
  Object.keys(mapOf(value))
    .filter((key) => !isKey(key))
    .map((key) => ({ rule: 'text', path: [key], message: `${shown(key)} is not a valid ${what}.`, hint }));

const labels: Judge = (value) =>
  found(
    ...keyProblems(value, 'label key', isLabelKey, KEY_FIX),
    ...Object.entries(mapOf(value)).map(
      ([key, text]) =>
        typeof text === 'string' &&
        !isLabelValue(text) && {
          rule: 'text' as const,
          path: [key],
          message: `${shown(text)} is not a valid label value.`,
          hint: VALUE_FIX,
        },
    ),
  );

const annotations: Judge = (value) => {
  const size = Object.entries(mapOf(value)).reduce(
    (sum, [key, text]) => sum + Buffer.byteLength(key) + (typeof text === 'string' ? Buffer.byteLength(text) : 0),
    0,
  );
  const problems = keyProblems(value, 'annotation key', (key) => isLabelKey(key.toLowerCase()), KEY_FIX);
  const message = 'The annotations of an object hold at most 256 KiB together.';
  return found(...problems, size > MOST_ANNOTATIONS && { rule: 'range', message, hint: 'Make them shorter.' });
};

const asProblems = (faults: readonly MetadataFault[]): readonly Problem[] | undefined =>
  found(...faults.map((fault): Problem => ({ rule: 'text', ...fault })));

/** Fields that the API server sets itself; with one of them it refuses to create an object, or to apply it again. */
const SERVER_FIELDS = [
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'managedFields',
  'resourceVersion',
  'uid',
] as const;
const TEXTS: ReadonlySet<string> = new Set(['resourceVersion', 'uid']);
const SERVER_HINT = 'Remove it; `kubectl get -o yaml` prints it.';

const serverFields: Judge = (value) => {
  const fields = mapOf(value);
  return found(
    // A wrong type is found as such.
    ...SERVER_FIELDS.filter(
      (name) => isSet(fields[name]) && !(TEXTS.has(name) && typeof fields[name] !== 'string'),
    ).map((name): Problem => ({
      rule: 'server-fields',
      level: 'warning',
      path: [name],
      message: 'The API server sets this field, and may refuse an object that has it.',
      hint: SERVER_HINT,
    })),
    typeof fields.generation === 'number' &&
      fields.generation < 0 && {
        rule: 'server-fields',
        level: 'warning',
        path: ['generation'],
        message: 'The API server sets this field, and refuses a negative number for most kinds.',
        hint: SERVER_HINT,
      },
  );
};

const status: Judge = (value) =>
  found(
    holdsData(value) && {
      rule: 'server-fields',
      level: 'warning',
      message: 'Controllers write the status, and the API server may refuse an object that has one.',
      hint: SERVER_HINT,
    },
  );

/** Rules about metadata, by their names. */
export const METADATA_JUDGES = {
  labels,
  annotations,
  finalizers: (value) => asProblems(finalizerFaults(listOf(value), false)),
  ownerReferences: (value) => asProblems(ownerFaults(listOf(value))),
  serverFields,
  status,
} as const satisfies Readonly<Record<string, Judge>>;
