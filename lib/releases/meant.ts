import type { Json, JsonObject } from '../kubernetes/json';
import type { KubernetesObject, PodSpec } from '../kubernetes/types';

/*
 * Declared difference (f): where the chart prints what no API server takes, or crashes on values that it accepts, we render
 * what was meant. Each repair is a rule about Kubernetes, applied to what Helm prints, never to what we render;
 * docs/parity.md names the values that bring them about.
 */

/** Helm's output, with misplaced fields that every API server rejects moved to the intended place. */
export function meant(object: KubernetesObject): KubernetesObject {
  return repaired(withoutStorelessServer(object) as unknown as Json) as unknown as KubernetesObject;
}

/**
 * With an external store the mesh's pods keep a container that copies into the internal one, with a mount of its certificate but
 * without the volume, the store and the rights.
 */
function withoutStorelessServer(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'Deployment' || object.metadata.name !== 'clustermesh-apiserver') return object;
  const spec = object.spec as { readonly template: { readonly spec: PodSpec } };
  const { containers, volumes = [] } = spec.template.spec;
  if ((volumes as readonly { readonly name: string }[]).some(({ name }) => name === 'etcd-admin-client')) return object;
  const kept = (containers as readonly { readonly name: string }[]).filter(({ name }) => name !== 'apiserver');
  return {
    ...object,
    spec: { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, containers: kept } } },
  };
}

/**
 * Whether Helm crashed instead of rejecting the values, or its schema allows only null for a value that templates
 * read: there is nothing to be equal to then.
 */
export function isMistake(error: string): boolean {
  const complaints = error.split('\n').filter((line) => line.startsWith('- at '));
  if (complaints.length > 0) return complaints.every((line) => line.endsWith(', want null'));
  if (/invalid duration|Invalid Semantic Version|specifications of the schema|execution error at/.test(error))
    return false;
  return /nil pointer|YAML parse error|output is not YAML|wrong type for value|incompatible types|can't evaluate field|can't iterate over|invalid value; expected|interface conversion|index out of range|untyped nil/.test(
    error,
  );
}

function repaired(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(repaired);
  if (typeof value !== 'object' || value === null) return value;
  const map = Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, below]) => [key, repaired(below ?? null)]),
  ) as JsonObject;
  return isContainer(map) ? withMountsThatAreVariables(withResourcesOutside(map)) : map;
}

function isContainer(map: JsonObject): boolean {
  return typeof map.name === 'string' && typeof map.image === 'string';
}

/** Limits and requests stand one level too high, where a container has no such fields. */
function withResourcesOutside({ limits, requests, ...container }: JsonObject): JsonObject {
  if (limits === undefined && requests === undefined) return container;
  return { ...container, resources: { limits, requests } };
}

/** Environment variables stand among the mounts. */
function withMountsThatAreVariables(container: JsonObject): JsonObject {
  const mounts = (container.volumeMounts ?? []) as readonly JsonObject[];
  const variables = mounts.filter(
    (mount) => mount.mountPath === undefined && ('value' in mount || 'valueFrom' in mount),
  );
  if (variables.length === 0) return container;
  const env = (container.env ?? []) as readonly JsonObject[];
  return {
    ...container,
    env: [...env, ...variables],
    volumeMounts: mounts.filter((mount) => !variables.includes(mount)),
  };
}
