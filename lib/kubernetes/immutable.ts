/** Fields that an API server refuses to change: the object must be deleted first. From Kubernetes' `pkg/apis/<group>/validation`. */
import { isDeepStrictEqual } from 'node:util';
import { isMap, valueAt } from './json';
import type { Json } from './json';
import type { KubernetesObject } from './types';

/** Paths that never change, by group and kind. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  'apps/DaemonSet': ['spec.selector'],
  'apps/Deployment': ['spec.selector'],
  'apps/StatefulSet': ['spec.selector', 'spec.serviceName', 'spec.volumeClaimTemplates', 'spec.podManagementPolicy'],
  'batch/Job': [
    'spec.template',
    'spec.selector',
    'spec.completionMode',
    'spec.manualSelector',
    'spec.podFailurePolicy',
  ],
  'discovery.k8s.io/EndpointSlice': ['addressType'],
  'networking.k8s.io/IngressClass': ['spec.controller'],
  'gateway.networking.k8s.io/GatewayClass': ['spec.controllerName'],
  'rbac.authorization.k8s.io/ClusterRoleBinding': ['roleRef'],
  'rbac.authorization.k8s.io/RoleBinding': ['roleRef'],
  'scheduling.k8s.io/PriorityClass': ['value', 'preemptionPolicy'],
  'storage.k8s.io/StorageClass': ['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode'],
  'apiextensions.k8s.io/CustomResourceDefinition': ['spec.scope', 'spec.group', 'spec.names.kind', 'spec.names.plural'],
  Secret: ['type'],
};

/** Paths that do not change once they have a value. */
const FIXED_ONCE_SET: Readonly<Record<string, readonly string[]>> = {
  Service: ['spec.clusterIP', 'spec.loadBalancerClass'],
  PersistentVolumeClaim: ['spec.storageClassName', 'spec.accessModes', 'spec.volumeMode'],
};

/** The fields of an object that differ although an API server refuses to change them; none when it can be changed in place. */
export function immutableChanges(before: KubernetesObject, after: KubernetesObject): readonly string[] {
  const kind = kindOf(before);
  const [was, is] = [(path: string) => valueAt(before, path), (path: string) => valueAt(after, path)];
  const differs = (path: string): boolean => !isDeepStrictEqual(was(path) ?? null, is(path) ?? null);
  const fixed = (FIXED[kind] ?? []).filter(differs);
  const once = (FIXED_ONCE_SET[kind] ?? []).filter((path) => isSet(was(path)) && isSet(is(path)) && differs(path));
  // The server fills in an address for a Service without one.
  const headless = kind === 'Service' && (was('spec.clusterIP') === 'None') !== (is('spec.clusterIP') === 'None');
  const sealed = was('immutable') === true ? ['data', 'stringData', 'binaryData', 'immutable'].filter(differs) : [];
  return [...new Set([...fixed, ...once, ...(headless ? ['spec.clusterIP'] : []), ...sealed])];
}

function kindOf({ apiVersion, kind }: KubernetesObject): string {
  const [group, version] = apiVersion.split('/');
  return version === undefined ? kind : `${group ?? ''}/${kind}`;
}

function isSet(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== '' && !(isMap(value) && Object.keys(value).length === 0);
}
