import { LEGACY, MULTIDOC, files, judges } from './harness';

const TAINT = { 'example.org/a': 'b:NoSchedule' };

test('taints are a section, or in the document of the node', () => {
  const workers = { nodeTaints: { c: 'd:NoSchedule', e: 'NoExecute' } };
  expect(files({ ...LEGACY, workers })).toEqual({
    worker: 'machine:\n  nodeTaints:\n    c: d:NoSchedule\n    e: NoExecute\n',
  });
  expect(files({ ...MULTIDOC, workers })).toEqual({
    worker: 'apiVersion: v1alpha1\nkind: KubeNodeConfig\ntaints:\n  c: d:NoSchedule\n  e: NoExecute\n',
  });
});

judges([
  ['an unknown effect', { controlPlanes: { nodeTaints: { a: 'b' } } }, 'error node-taint controlPlanes.nodeTaints.a'],
  [
    'an invalid value',
    { controlPlanes: { nodeTaints: { a: 'b c:NoSchedule' } } },
    'error node-taint controlPlanes.nodeTaints.a',
  ],
  [
    'an invalid key',
    { controlPlanes: { nodeTaints: { '/a': 'NoSchedule' } } },
    'error node-taint controlPlanes.nodeTaints./a',
  ],
  [
    'the taint of control planes',
    { controlPlanes: { nodeTaints: { 'node-role.kubernetes.io/control-plane': 'NoSchedule' } } },
    'error node-taint controlPlanes.nodeTaints.node-role.kubernetes.io/control-plane',
  ],
  ['taints of workers before 1.14', { workers: { nodeTaints: TAINT } }, 'warning node-restriction workers.nodeTaints'],
  ['taints of all nodes before 1.14', { nodeTaints: TAINT }, 'warning node-restriction nodeTaints'],
  ['taints of workers that register with them', { talosVersion: '1.14', workers: { nodeTaints: TAINT } }],
  [
    'a taint of control planes',
    { allowSchedulingOnControlPlanes: true, controlPlanes: { nodeTaints: { gpu: 'PreferNoSchedule' } } },
  ],
]);
