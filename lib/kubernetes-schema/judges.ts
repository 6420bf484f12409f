/**
 * Validation of the API server beyond types, by the names of `upstream/kubernetes/rules.yaml`, from Kubernetes' source
 * (https://github.com/kubernetes/kubernetes/tree/master/pkg/apis); `conformance/apiserver` compares it with a real server.
 */
import { isMap } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import { isLabelValue } from '../kubernetes/names';
import { CONFIG_JUDGES } from './config-judges';
import { CONTAINER_JUDGES } from './container-judges';
import { METADATA_JUDGES, VALUE_FIX } from './metadata-judges';
import { NETWORK_JUDGES } from './network-judges';
import { POD_JUDGES } from './pod-judges';
import { found, listOf, shown } from './problem';
import type { Judge } from './problem';
import { SERVICE_JUDGES } from './service-judges';
import { TEXT_JUDGES } from './text-judges';
import { WORKLOAD_JUDGES } from './workload-judges';

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
  ...METADATA_JUDGES,
  ...CONFIG_JUDGES,
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
