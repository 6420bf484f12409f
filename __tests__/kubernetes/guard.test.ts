import { guardObjects, isSound } from '../../lib/kubernetes/guard';

const map = (name: unknown, namespace?: unknown, more: object = {}): unknown => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  ...more,
});
const ids = (objects: readonly unknown[]): readonly string[] => guardObjects(objects).map(({ id }) => id);

test('sound objects have no findings', () => {
  const objects = [
    map('a', 'kube-system'),
    map('a', 'other'),
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'system:a.B_c' } },
    { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'a', namespace: 'b' } },
    { apiVersion: 'cilium.io/v2alpha1', kind: 'CiliumL2AnnouncementPolicy', metadata: { name: 'a' } },
  ];
  expect(guardObjects(objects)).toEqual([]);
});

test.each<[string, unknown, string]>([
  ['no API version', { kind: 'A', metadata: { name: 'a' } }, 'object/api-version'],
  ['a strange API version', { apiVersion: 'v1/', kind: 'A', metadata: { name: 'a' } }, 'object/api-version'],
  ['no kind', { apiVersion: 'v1', metadata: { name: 'a' } }, 'object/kind'],
  ['a strange kind', { apiVersion: 'v1', kind: 'config map', metadata: { name: 'a' } }, 'object/kind'],
  ['no metadata', { apiVersion: 'v1', kind: 'ConfigMap' }, 'object/name'],
  [
    'a generated name',
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'a-', namespace: 'b' } },
    'object/name',
  ],
  ['an upper-case name', map('A', 'b'), 'object/name'],
  ['a name with an underscore', map('a_b', 'b'), 'object/name'],
  [
    'a service with a dot',
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a.b', namespace: 'c' } },
    'object/name',
  ],
  [
    'a role with a slash',
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'a/b' } },
    'object/name',
  ],
  ['no namespace', map('a'), 'object/namespace'],
  ['a strange namespace', map('a', 'B'), 'object/namespace'],
  [
    'a namespace on a cluster-scoped kind',
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a', namespace: 'b' } },
    'object/namespace',
  ],
  ['a list', { apiVersion: 'v1', kind: 'ConfigMapList', items: [] }, 'object/list'],
  ['NaN', map('a', 'b', { data: { n: NaN } }), 'object/json'],
  ['null in a list', map('a', 'b', { data: [null] }), 'object/json'],
  ['broken Unicode', map('a', 'b', { data: { a: '\ud800' } }), 'object/json'],
])('%s is a finding', (_, object, id) => {
  expect(ids([object])).toEqual([id]);
});

test('literal backslashes are not broken Unicode', () => {
  expect(ids([map('a', 'b', { data: { a: '\\ud800' } })])).toEqual([]);
});

test('one object twice is a finding, whatever its version', () => {
  const objects = ['v1', 'v1beta1'].map((version) => ({
    apiVersion: `apps/${version}`,
    kind: 'DaemonSet',
    metadata: { name: 'a', namespace: 'b' },
  }));
  const findings = guardObjects(objects, 'manifests.x');
  expect(findings).toEqual([
    expect.objectContaining({
      id: 'object/duplicate',
      paths: ['manifests.x: apps/DaemonSet b/a'],
      message: 'apps/DaemonSet b/a is there 2 times.',
    }),
  ]);
});

test('kinds of other projects are not judged, unless the set defines them', () => {
  const custom = (namespace?: string): object => ({
    apiVersion: 'example.org/v1',
    kind: 'Thing',
    metadata: { name: 'a', namespace },
  });
  const definition = (scope: string): object => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.org' },
    spec: { group: 'example.org', names: { kind: 'Thing' }, scope },
  });
  expect(ids([custom()])).toEqual([]);
  expect(ids([custom('a')])).toEqual([]);
  expect(ids([definition('Cluster'), custom('a')])).toEqual(['object/namespace']);
  expect(ids([definition('Namespaced'), custom()])).toEqual(['object/namespace']);
});

test('all findings are reported at once, and isSound is false for an object with any', () => {
  expect(ids([map('A', 'b'), map('c'), { kind: 1 }])).toEqual([
    'object/api-version',
    'object/name',
    'object/namespace',
  ]);
  expect([map('A', 'b'), { kind: 1 }, undefined].map(isSound)).toEqual([true, false, false]);
});
