import { MULTIDOC, files, judges } from './harness';

test('annotations are in one document with labels and taints', () => {
  const workers = {
    nodeLabels: { a: 'b' },
    nodeAnnotations: { 'example.org/note': 'any text' },
    nodeTaints: { c: 'd:NoSchedule', e: 'NoExecute' },
  };
  expect(files({ talosVersion: '1.13', workers })).toEqual({
    worker: `machine:
  nodeAnnotations:
    example.org/note: any text
  nodeLabels:
    a: b
  nodeTaints:
    c: d:NoSchedule
    e: NoExecute
`,
  });
  expect(files({ ...MULTIDOC, workers })).toEqual({
    worker: `apiVersion: v1alpha1
kind: KubeNodeConfig
annotations:
  example.org/note: any text
labels:
  a: b
taints:
  c: d:NoSchedule
  e: NoExecute
`,
  });
});

judges([
  ['an invalid annotation key', { nodeAnnotations: { 'a b': '' } }, 'error node-annotation nodeAnnotations.a b'],
  [
    'a reserved annotation',
    { nodeAnnotations: { 'talos.dev/owned-taints': '' } },
    'error node-annotation nodeAnnotations.talos.dev/owned-taints',
  ],
  [
    'annotations above 256 KiB',
    { nodeAnnotations: { a: 'x'.repeat(256 * 1024) } },
    'error node-annotation nodeAnnotations',
  ],
  [
    'empty text over an annotation of all nodes',
    { nodeAnnotations: { a: 'b' }, controlPlanes: { nodeAnnotations: { a: '' } } },
    'error emptied controlPlanes.nodeAnnotations.a',
  ],
]);
