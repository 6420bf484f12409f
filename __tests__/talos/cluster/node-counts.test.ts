import { LEGACY, MULTIDOC, files, judges } from './harness';

test('the number of nodes changes no patch', () => {
  const given = { nodes: { controlPlanes: 3, workers: 2 } };
  expect(files({ ...LEGACY, ...given })).toEqual(files(LEGACY));
  expect(files({ ...MULTIDOC, ...given })).toEqual(files(MULTIDOC));
});

judges([
  ['no control plane', { nodes: { controlPlanes: 0 } }, 'error nodes nodes.controlPlanes'],
  ['half a worker', { nodes: { workers: 1.5 } }, 'error nodes nodes.workers'],
  ['fewer than no workers', { nodes: { workers: -1 } }, 'error nodes nodes.workers'],
  ['a number as text', { nodes: { workers: '2' } }, 'error type nodes.workers'],
  ['a kind that Talos does not have', { nodes: { masters: 1 } }, 'error unknown-prop nodes.masters'],
]);
