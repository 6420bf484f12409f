import { pathTo } from '../rules/nearest';
import { actual, quoted } from '../rules/words';
import { isLabelKey, isLabelValue } from './names';

/** What is wrong with a label or an annotation: a path, a fact and the way out. */
export interface MetadataProblem {
  readonly at: string;
  readonly message: string;
  readonly hint: string;
}

/** Keys and values of labels that no API server takes. Values of another type are those of who reads the props. */
export function labelFindings(at: string, labels: Readonly<Record<string, unknown>>): readonly MetadataProblem[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...keyProblems(pathTo(at, key), 'label', key),
    ...(typeof value !== 'string' || isLabelValue(value)
      ? []
      : [
          {
            at: pathTo(at, key),
            message: `${actual(value)} is not a valid value of a label.`,
            hint: 'Use at most 63 letters, digits, dashes, dots and underscores, a letter or digit at both ends.',
          },
        ]),
  ]);
}

/** All annotations of an object together, in bytes. */
const MOST_ANNOTATIONS = 256 * 1024;

/** Keys of annotations that no API server takes, and too much text. */
export function annotationFindings(
  at: string,
  annotations: Readonly<Record<string, unknown>>,
): readonly MetadataProblem[] {
  const entries = Object.entries(annotations);
  const size = entries.reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(typeof value === 'string' ? value : ''),
    0,
  );
  return [
    // The API server judges keys of annotations in lower case.
    ...entries.flatMap(([key]) => keyProblems(pathTo(at, key), 'annotation', key.toLowerCase(), key)),
    ...(size <= MOST_ANNOTATIONS
      ? []
      : [
          {
            at,
            message: `Annotations have ${String(size)} bytes together, and 262144 is the most.`,
            hint: 'Put long texts into a ConfigMap.',
          },
        ]),
  ];
}

function keyProblems(at: string, what: string, key: string, written = key): readonly MetadataProblem[] {
  if (isLabelKey(key)) return [];
  const hint =
    'Write a name of at most 63 letters, digits, dashes, dots and underscores, with a DNS name and a slash before it if you like.';
  return [
    {
      at,
      message: `${quoted(written)} is not a valid key of ${what === 'label' ? 'a label' : 'an annotation'}.`,
      hint,
    },
  ];
}
