/**
 * Validation of the API server beyond types, by the names of `upstream/kubernetes/rules.yaml`, from Kubernetes' source
 * (https://github.com/kubernetes/kubernetes/tree/master/pkg/apis); `conformance/apiserver` compares it with a real server.
 */
import { isMap, mapOf } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import { isLabelKey, isLabelValue } from '../kubernetes/names';
import { CONTAINER_JUDGES } from './container-judges';
import { NETWORK_JUDGES } from './network-judges';
import { POD_JUDGES } from './pod-judges';
import { found, listOf, shown } from './problem';
import type { Judge, Problem } from './problem';
import { SERVICE_JUDGES } from './service-judges';
import { TEXT_JUDGES } from './text-judges';
import { WORKLOAD_JUDGES } from './workload-judges';

const KEY_FIX =
  'Use letters, digits, dashes, dots and underscores, at most 63, with a letter or digit at both ends, optionally with a DNS name and a slash before them.';
const VALUE_FIX = 'Use at most 63 letters, digits, dashes, dots and underscores, with a letter or digit at both ends.';
const MOST_ANNOTATIONS = 256 * 1024;
const MOST_CONFIG = 1024 * 1024;

const keyProblems = (value: unknown, what: string, isKey: (key: string) => boolean, hint: string): readonly Problem[] =>
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
    (sum, [key, text]) => sum + key.length + (typeof text === 'string' ? text.length : 0),
    0,
  );
  const problems = keyProblems(value, 'annotation key', (key) => isLabelKey(key.toLowerCase()), KEY_FIX);
  const message = 'The annotations of an object hold at most 256 KiB together.';
  return found(...problems, size > MOST_ANNOTATIONS && { rule: 'range', message, hint: 'Make them shorter.' });
};

const isFileName = (key: string): boolean =>
  /^[-._a-zA-Z0-9]{1,253}$/.test(key) && key !== '.' && !key.startsWith('..');

const fileNames: Judge = (value) =>
  found(...keyProblems(value, 'key', isFileName, 'Use letters, digits, dashes, dots and underscores, at most 253.'));

const configMap: Judge = (value) => {
  const { data, binaryData } = mapOf(value);
  const [texts, bytes] = [mapOf(data), mapOf(binaryData)];
  const twice = Object.keys(texts).filter((key) => Object.hasOwn(bytes, key));
  const size = [...Object.values(texts), ...Object.values(bytes)].reduce<number>(
    (sum, text) => sum + (typeof text === 'string' ? Buffer.byteLength(text) : 0),
    0,
  );
  return found(
    ...twice.map((key): Problem => ({
      rule: 'duplicate',
      path: ['binaryData', key],
      message: 'data has this key as well.',
      hint: 'Keep one of them.',
    })),
    size > MOST_CONFIG && { rule: 'range', message: 'A ConfigMap holds at most 1 MiB.', hint: 'Split it.' },
  );
};

/** One condition of a selector over labels, or over nodes. */
const requirement: Judge = (value) => {
  if (!isMap(value)) return undefined;
  const { key, operator, values } = value as JsonObject;
  const count = listOf(values).length;
  const path = ['values'];
  switch (operator) {
    case 'In':
    case 'NotIn':
      return found(
        count === 0 && { rule: 'required', path, message: `${operator} needs values.`, hint: 'Write at least one.' },
        // Fields of nodes have the same form.
        ...(key === 'metadata.name' ? [] : listOf(values)).map(
          (text, i) =>
            typeof text === 'string' &&
            !isLabelValue(text) && {
              rule: 'text' as const,
              path: [...path, i],
              message: `${shown(text)} is not a valid label value.`,
              hint: VALUE_FIX,
            },
        ),
      );
    case 'Exists':
    case 'DoesNotExist':
      return found(
        count > 0 && { rule: 'exclusive', path, message: `${operator} has no values.`, hint: 'Leave them out.' },
      );
    case 'Gt':
    case 'Lt':
      return found(
        count !== 1 && {
          rule: 'required',
          path,
          message: `${operator} needs exactly one value.`,
          hint: 'Write one whole number, in quotes.',
        },
      );
    default:
      return undefined;
  }
};

/** All rules by their names. */
export const JUDGES = {
  ...TEXT_JUDGES,
  ...POD_JUDGES,
  ...CONTAINER_JUDGES,
  ...WORKLOAD_JUDGES,
  ...SERVICE_JUDGES,
  ...NETWORK_JUDGES,
  labels,
  annotations,
  fileNames,
  configMap,
  requirement,
} as const satisfies Readonly<Record<string, Judge>>;

const OF_LISTS: Readonly<Record<string, Judge>> = {
  Container: JUDGES.uniqueNames,
  InitContainer: JUDGES.uniqueNames,
  TopologySpreadConstraint: JUDGES.uniqueSpreads,
  Volume: JUDGES.uniqueNames,
  VolumeMount: JUDGES.uniqueMountPaths,
};

/** The rule about a whole list of items of a definition, where the value is only the list. */
export function listJudge(definition: string): Judge | undefined {
  return Object.hasOwn(OF_LISTS, definition) ? OF_LISTS[definition] : undefined;
}
