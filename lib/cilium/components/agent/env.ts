import type { JsonObject } from '../../../kubernetes/json';
import type { EnvVar } from '../../../kubernetes/types';
import { or } from '../../../helm/truth';
import type { Context } from '../../context';

/** Which node and namespace a container of the pod is in. */
export function nodeEnv(): readonly EnvVar[] {
  return [fieldEnv('K8S_NODE_NAME', 'spec.nodeName'), fieldEnv('CILIUM_K8S_NAMESPACE', 'metadata.namespace')];
}

/** What the user adds to the agent and to the init containers that talk to the API server. */
export function extraEnv({ v }: Context): readonly EnvVar[] {
  return or(v.extraEnv as readonly (EnvVar & JsonObject)[] | undefined, []);
}

function fieldEnv(name: string, fieldPath: string): EnvVar {
  return { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } };
}
