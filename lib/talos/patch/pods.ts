import { mapOf } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';

/** The spec of the pods that an object makes; `undefined` for one that makes none. */
export function podSpecOf({ kind, spec }: KubernetesObject): JsonObject | undefined {
  if (kind === 'Pod') return mapOf(spec);
  const job = kind === 'CronJob' ? mapOf(mapOf(spec).jobTemplate).spec : spec;
  const template = mapOf(job).template;
  return template === undefined ? undefined : mapOf(mapOf(template).spec);
}

/** All containers of a pod, those that run first or are added later among them. */
export function containersOf({ initContainers, containers, ephemeralContainers }: JsonObject): readonly JsonObject[] {
  return [initContainers, containers, ephemeralContainers].flatMap(mapsOf);
}

/** A value as a list of maps; an empty one when it is none. */
export function mapsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(mapOf) : [];
}
