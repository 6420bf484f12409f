import { TalosCluster } from '../../../lib/talos/cluster/cluster';
import type { TalosClusterProps } from '../../../lib/talos/cluster/cluster';
import { DOCUMENTS_ONLY, LEGACY, MULTIDOC, files, judged, judges } from './harness';

const TAINT = { 'example.org/a': 'b:NoSchedule' };

test('labels are added to all nodes; a removal deletes the whole section of control planes, or sets the label first', () => {
  const given = { nodeLabels: { zone: 'a', 'node.kubernetes.io/exclude-from-external-load-balancers': null } };
  expect(files({ ...LEGACY, ...given })).toEqual({
    all: 'machine:\n  nodeLabels:\n    zone: a\n',
    controlplane: `machine:
  nodeLabels:
    $patch: delete
---
machine:
  nodeLabels:
    zone: a
`,
  });
  expect(files({ ...MULTIDOC, ...given })).toEqual({
    all: `apiVersion: v1alpha1\nkind: KubeNodeConfig\nlabels:\n  zone: a\n${DOCUMENTS_ONLY}`,
    controlplane: `apiVersion: v1alpha1
kind: KubeNodeConfig
labels:
  node.kubernetes.io/exclude-from-external-load-balancers: ""
${DOCUMENTS_ONLY}---
apiVersion: v1alpha1
kind: KubeNodeConfig
labels:
  node.kubernetes.io/exclude-from-external-load-balancers:
    $patch: delete
`,
  });
});

test('labels of control planes and of workers are in separate files', () => {
  const given = {
    nodeLabels: { zone: 'a' },
    controlPlanes: { nodeLabels: { zone: 'b' } },
    workers: { nodeLabels: { zone: 'c' } },
  };
  expect(files({ ...LEGACY, ...given })).toEqual({
    all: 'machine:\n  nodeLabels:\n    zone: a\n',
    controlplane: 'machine:\n  nodeLabels:\n    zone: b\n',
    worker: 'machine:\n  nodeLabels:\n    zone: c\n',
  });
  const document = (zone: string): string => `apiVersion: v1alpha1\nkind: KubeNodeConfig\nlabels:\n  zone: ${zone}\n`;
  expect(files({ ...MULTIDOC, ...given })).toEqual({
    all: document('a') + DOCUMENTS_ONLY,
    controlplane: document('b') + DOCUMENTS_ONLY,
    worker: document('c'),
  });
});

test('the member nodeLabels has those of all nodes, and removals from control planes', () => {
  const label = 'node.kubernetes.io/exclude-from-external-load-balancers';
  const labels = (props: Partial<TalosClusterProps>): unknown =>
    new TalosCluster({ talosVersion: '1.13', ...props }).nodeLabels;
  expect(labels({ nodeLabels: { a: 'b' }, controlPlanes: { nodeLabels: { [label]: null, c: 'd' } } })).toEqual({
    a: 'b',
    [label]: null,
  });
  expect(labels({ nodeLabels: { [label]: null }, controlPlanes: { nodeLabels: { [label]: '' } } })).toEqual({});
});

test('labels that workers may set are accepted for all nodes', () => {
  const own = {
    'topology.kubernetes.io/zone': 'a',
    'node.kubernetes.io/pool': 'b',
    'sub.node.kubernetes.io/c': '',
    'example.org/d': '',
    plain: '',
  };
  expect(judged({ nodeLabels: own })).toEqual([]);
  const controlPlanes = { nodeLabels: { 'node-role.kubernetes.io/api': '' }, nodeTaints: TAINT };
  expect(judged({ controlPlanes })).toEqual([]);
});

judges([
  [
    'an invalid label key of control planes',
    { controlPlanes: { nodeLabels: { 'a/b/c': '' } } },
    'error node-label controlPlanes.nodeLabels.a/b/c',
  ],
  [
    'a removal from workers',
    { workers: { nodeLabels: { 'node.kubernetes.io/exclude-from-external-load-balancers': null } } },
    'error node-label workers.nodeLabels.node.kubernetes.io/exclude-from-external-load-balancers',
  ],
  ['an invalid label key', { nodeLabels: { 'a/b/c': '' } }, 'error node-label nodeLabels.a/b/c'],
  ['an invalid label value', { nodeLabels: { a: 'not a value' } }, 'error node-label nodeLabels.a'],
  [
    'the removal of a label that may be absent',
    { nodeLabels: { 'example.org/a': null } },
    'error node-label nodeLabels.example.org/a',
  ],
  [
    'empty text over a label of all nodes',
    { nodeLabels: { zone: 'a' }, workers: { nodeLabels: { zone: '' } } },
    'error emptied workers.nodeLabels.zone',
  ],
  [
    'a label that workers may not set',
    { nodeLabels: { 'node-role.kubernetes.io/worker': '' } },
    'warning node-restriction nodeLabels.node-role.kubernetes.io/worker',
  ],
  [
    'a label of node-restriction.kubernetes.io',
    { workers: { nodeLabels: { 'node-restriction.kubernetes.io/a': '' } } },
    'warning node-restriction workers.nodeLabels.node-restriction.kubernetes.io/a',
  ],
  ['other text over a label of all nodes', { nodeLabels: { zone: 'a' }, workers: { nodeLabels: { zone: 'b' } } }],
  ['empty text over an empty label', { nodeLabels: { zone: '' }, workers: { nodeLabels: { zone: '', pool: '' } } }],
  [
    'the removal of the label of control planes',
    {
      nodeLabels: {
        'node.kubernetes.io/exclude-from-external-load-balancers': null,
        'example.org/zone': 'a',
        plain: '',
      },
    },
  ],
]);
