import { mapOf } from './json';
import type { JsonObject } from './json';
import type { KubernetesObject } from './types';

/** What makes pods. */
type Workload = Pick<KubernetesObject, 'kind'> &
  Partial<Pick<KubernetesObject, 'metadata'>> & { readonly spec?: unknown };

/** The spec of the pods that an object makes; `undefined` for one that makes none. */
export function podSpecOf(object: Workload): JsonObject | undefined {
  const template = podTemplateOf(object);
  return template === undefined ? undefined : mapOf(template.spec);
}

/** The labels of the pods that an object makes. */
export function podLabelsOf(object: Workload): JsonObject {
  return mapOf(mapOf(podTemplateOf(object)?.metadata).labels);
}

function podTemplateOf(object: Workload): JsonObject | undefined {
  const { kind, spec } = object;
  if (kind === 'Pod') return { metadata: mapOf(object.metadata), spec: mapOf(spec) };
  const job = kind === 'CronJob' ? mapOf(mapOf(spec).jobTemplate).spec : spec;
  const { template } = mapOf(job);
  return template === undefined ? undefined : mapOf(template);
}

/** All containers of a pod, those that run first or are added later among them. */
export function containersOf({ initContainers, containers, ephemeralContainers }: JsonObject): readonly JsonObject[] {
  return [initContainers, containers, ephemeralContainers].flatMap(mapsOf);
}

/** A value as a list of maps; an empty one when it is none. */
export function mapsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(mapOf) : [];
}
