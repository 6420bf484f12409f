import { LEGACY, MULTIDOC, files, judges } from './harness';

test('modules are a list, or a document each, whose parameters are emptied first, so that those of a role win', () => {
  const module = (name: string): string => `apiVersion: v1alpha1\nkind: KernelModuleConfig\nname: ${name}\n`;
  const emptied = (name: string): string => `${module(name)}parameters:\n  $patch: delete\n`;
  const set = [module('btrfs'), `${module('kvm_intel')}parameters:\n- nested=1\n`];
  const given = { kernelModules: [{ name: 'btrfs' }, { name: 'kvm_intel', parameters: ['nested=1'] }] };
  expect(files({ ...LEGACY, ...given })).toEqual({
    all: `machine:
  kernel:
    modules:
    - name: btrfs
    - name: kvm_intel
      parameters:
      - nested=1
`,
  });
  expect(files({ ...MULTIDOC, ...given })).toEqual({
    all: [module('btrfs'), module('kvm_intel'), emptied('btrfs'), emptied('kvm_intel'), ...set].join('---\n'),
  });
});

judges([
  ['a path as name', { kernelModules: [{ name: 'drivers/btrfs.ko' }] }, 'error kernel-module kernelModules[0].name'],
  [
    'a module twice',
    { kernelModules: [{ name: 'dm-thin-pool' }, { name: 'dm_thin_pool' }] },
    'error kernel-module kernelModules[1].name',
  ],
  [
    'two parameters in one',
    { kernelModules: [{ name: 'kvm_intel', parameters: ['nested=1 ept=0'] }] },
    'error kernel-module kernelModules[0].parameters[0]',
  ],
  [
    'a built-in module',
    { kernelModules: [{ name: 'br_netfilter' }] },
    'warning kernel-module-built-in kernelModules[0].name',
  ],
  [
    'a built-in module with parameters',
    { kernelModules: [{ name: 'nvme-tcp', parameters: ['a=1'] }] },
    'warning kernel-module-built-in kernelModules[0].name',
  ],
  [
    'modules with parameters',
    { kernelModules: [{ name: 'btrfs' }, { name: 'kvm_intel', parameters: ['nested=1', 'ept'] }] },
  ],
]);
