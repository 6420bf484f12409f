import { isMap, mapOf } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';

/** The maps of a list. */
export function mapsIn(list: unknown): readonly JsonObject[] {
  return Array.isArray(list) ? list.filter(isMap) : [];
}

/** Kinds that make pods. */
export const WORKLOADS = ['Pod', 'DaemonSet', 'Deployment', 'StatefulSet', 'ReplicaSet', 'Job', 'CronJob'] as const;

/** The spec of the pods that an object makes. */
export function podSpecOf(kind: string, spec: JsonObject): JsonObject {
  if (kind === 'Pod') return spec;
  const { template } = kind === 'CronJob' ? mapOf(mapOf(spec.jobTemplate).spec) : spec;
  return mapOf(mapOf(template).spec);
}
