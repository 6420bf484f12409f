import type { EnvVar } from '../../kubernetes/types';

/** A variable with a field of the pod itself. */
export function fieldEnv(name: string, fieldPath: string): EnvVar {
  return { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } };
}

/** The variables for a container's node and namespace. */
export function nodeEnv(): readonly EnvVar[] {
  return [fieldEnv('K8S_NODE_NAME', 'spec.nodeName'), fieldEnv('CILIUM_K8S_NAMESPACE', 'metadata.namespace')];
}
