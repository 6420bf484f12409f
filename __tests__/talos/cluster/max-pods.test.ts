import { LEGACY, MULTIDOC, files, judges } from './harness';

test('maxPods is part of the kubelet configuration, for all nodes and for a role', () => {
  const given = { maxPods: 250, workers: { maxPods: 60 } };
  expect(files({ ...LEGACY, ...given })).toEqual({
    all: 'machine:\n  kubelet:\n    extraConfig:\n      maxPods: 250\n',
    worker: 'machine:\n  kubelet:\n    extraConfig:\n      maxPods: 60\n',
  });
  expect(files({ ...MULTIDOC, ...given })).toEqual({
    all: 'apiVersion: v1alpha1\nkind: KubeletConfig\nconfig:\n  maxPods: 250\n',
    worker: 'apiVersion: v1alpha1\nkind: KubeletConfig\nconfig:\n  maxPods: 60\n',
  });
});

test('an upgraded config keeps the section of the kubelet', () => {
  const section = { all: 'machine:\n  kubelet:\n    extraConfig:\n      maxPods: 250\n' };
  expect(files({ ...MULTIDOC, generatedBy: '1.13', maxPods: 250 })).toEqual(section);
  expect(files({ ...MULTIDOC, sections: ['machine.kubelet'], maxPods: 250 })).toEqual(section);
});

judges([
  ['more pods than by default', { maxPods: 250, controlPlanes: { maxPods: 1 } }],
  ['a negative number', { maxPods: -1 }, 'error max-pods maxPods'],
  ['a fraction for a role', { workers: { maxPods: 110.5 } }, 'error max-pods workers.maxPods'],
  ['more than an int32', { maxPods: 2 ** 31 }, 'error max-pods maxPods'],
  ['zero, which is the default', { maxPods: 0 }, 'warning max-pods maxPods'],
  ['text', { maxPods: '250' }, 'error type maxPods'],
  ['the section of the kubelet', { kubelet: { maxPods: 250 } }, 'error unknown-prop kubelet'],
]);
