import { pathTo } from '../rules/nearest';
import { problem } from '../rules/rule';
import type { Problem } from '../rules/rule';
import { actual, quoted } from '../rules/words';
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

function keyProblems(at: string, of: string, key: string, written = key): readonly Problem[] {
  return isLabelKey(key) ? [] : [problem(at, `${quoted(written)} is not a valid key of ${of}.`, LABEL_KEY_HINT)];
}
