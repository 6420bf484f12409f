import { DOCUMENTS_ONLY, LEGACY, MULTIDOC, files, judges } from './harness';

test('"off" is a field, or deletes the document', () => {
  const on = { kubePrism: { port: 7446 } };
  const off = { kubePrism: { enabled: false } };
  expect(files({ ...LEGACY, ...on })).toEqual({
    all: 'machine:\n  features:\n    kubePrism:\n      enabled: true\n      port: 7446\n',
  });
  expect(files({ ...LEGACY, ...off })).toEqual({
    all: 'machine:\n  features:\n    kubePrism:\n      enabled: false\n',
  });
  expect(files({ ...MULTIDOC, ...on })).toEqual({ all: 'apiVersion: v1alpha1\nkind: KubePrismConfig\nport: 7446\n' });
  expect(files({ ...MULTIDOC, ...off })).toEqual({
    all: `machine:\n  features:\n    kubePrism:\n      $patch: delete\n---\napiVersion: v1alpha1\nkind: KubePrismConfig\n$patch: delete\n${DOCUMENTS_ONLY}`,
  });
});

judges([
  ['a port of the API server', { kubePrism: { port: 6443 } }, 'error kube-prism-port kubePrism.port'],
  ['a port of Cilium', { kubePrism: { port: 4240 } }, 'error kube-prism-port kubePrism.port'],
  ['an invalid port', { kubePrism: { port: 70000 } }, 'error kube-prism-port kubePrism.port'],
  ['a default port of Cilium', { kubePrism: { port: 4244 } }, 'warning kube-prism-port kubePrism.port'],
  ['a free port', { kubePrism: { port: 7446 } }],
  ['a port that is not used because KubePrism is off', { kubePrism: { enabled: false, port: 6443 } }],
]);
