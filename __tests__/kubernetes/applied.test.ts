import { asApplied } from '../../lib/kubernetes-schema/applied';
import { canonicalQuantity } from '../../lib/kubernetes-schema/quantity';
import type { KubernetesObject } from '../../lib/kubernetes/types';

// conformance/apiserver reads every object of every value set back from a real server.

function object(kind: string, rest: object, metadata: object = {}): KubernetesObject {
  const apiVersion = kind === 'DaemonSet' ? 'apps/v1' : 'v1';
  return { apiVersion, kind, metadata: { name: 'a', namespace: 'b', ...metadata }, ...rest } as KubernetesObject;
}

it('takes off what the API server, kubectl, Flux and Argo CD write', () => {
  const live = object(
    'ConfigMap',
    { data: { a: 'b' } },
    {
      uid: 'x',
      resourceVersion: '12',
      creationTimestamp: '2026-01-01T00:00:00Z',
      managedFields: [],
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', own: 'stays' },
      labels: { 'kustomize.toolkit.fluxcd.io/name': 'cilium', 'argocd.argoproj.io/instance': 'cilium' },
    },
  );
  expect(asApplied(live)).toEqual(object('ConfigMap', { data: { a: 'b' } }, { annotations: { own: 'stays' } }));
});

it('keeps what looks like a default and is chosen', () => {
  const pod = {
    hostNetwork: true,
    containers: [{ name: 'a', image: 'a:1', imagePullPolicy: 'Always', securityContext: { privileged: false } }],
  };
  const given = object('DaemonSet', { spec: { template: { spec: pod } } });
  expect(asApplied(given)).toEqual(given);
});

it('takes off ports of nodes only where they are allocated', () => {
  const service = (type: string): KubernetesObject =>
    asApplied(
      object('Service', {
        spec: { type, clusterIP: '10.0.0.1', ports: [{ port: 1, targetPort: 1, nodePort: 30000 }] },
      }),
    );
  expect([service('NodePort'), service('LoadBalancer')].map(({ spec }) => spec)).toEqual([
    { type: 'NodePort', ports: [{ port: 1, nodePort: 30000 }] },
    { type: 'LoadBalancer', ports: [{ port: 1 }] },
  ]);
});

it('changes nothing in custom resources but metadata and status', () => {
  const given = { ...object('CiliumLoadBalancerIPPool', { spec: { type: 'ClusterIP' } }), apiVersion: 'cilium.io/v2' };
  expect(asApplied({ ...given, status: {} } as KubernetesObject)).toEqual(given);
});

it.each([
  [1, '1'],
  ['1000m', '1'],
  ['0.1', '100m'],
  ['1024Mi', '1Gi'],
  ['1500Mi', '1500Mi'],
  ['0.5Gi', '512Mi'],
  ['1000', '1k'],
  ['4G', '4G'],
  ['1e3', '1e3'],
  ['all', 'all'],
] as const)('writes %p as the API server does', (amount, written) => {
  expect(canonicalQuantity(amount)).toBe(written);
});
