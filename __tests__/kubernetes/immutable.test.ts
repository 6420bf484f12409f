import { immutableChanges } from '../../lib/kubernetes/immutable';
import type { KubernetesObject } from '../../lib/kubernetes/types';

const object = (apiVersion: string, kind: string, more: object): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: 'a' },
  ...more,
});

it.each<[kind: string, apiVersion: string, before: object, after: object, fields: readonly string[]]>([
  ['DaemonSet', 'apps/v1', { spec: { selector: { a: 1 } } }, { spec: { selector: { a: 2 } } }, ['spec.selector']],
  ['DaemonSet', 'apps/v1', { spec: { template: { a: 1 } } }, { spec: { template: { a: 2 } } }, []],
  ['Job', 'batch/v1', { spec: { template: { a: 1 } } }, { spec: { template: { a: 2 } } }, ['spec.template']],
  ['Job', 'batch/v1', { spec: { suspend: true } }, { spec: {} }, []],
  ['Service', 'v1', { spec: { clusterIP: 'None' } }, { spec: {} }, ['spec.clusterIP']],
  ['Service', 'v1', { spec: {} }, { spec: { clusterIP: '10.0.0.1' } }, []],
  ['Service', 'v1', { spec: { clusterIP: '10.0.0.2' } }, { spec: { clusterIP: '10.0.0.1' } }, ['spec.clusterIP']],
  ['RoleBinding', 'rbac.authorization.k8s.io/v1', { roleRef: { name: 'a' } }, { roleRef: { name: 'b' } }, ['roleRef']],
  ['ConfigMap', 'v1', { data: { a: '1' } }, { data: { a: '2' } }, []],
  ['ConfigMap', 'v1', { data: { a: '1' }, immutable: true }, { data: { a: '2' }, immutable: true }, ['data']],
  ['Secret', 'v1', { type: 'Opaque' }, { type: 'kubernetes.io/tls' }, ['type']],
])('%s of %s: %j to %j', (kind, apiVersion, before, after, fields) => {
  expect(immutableChanges(object(apiVersion, kind, before), object(apiVersion, kind, after))).toEqual(fields);
});
