import { LEGACY, MULTIDOC, files, judges } from './harness';

test('sysfs attributes are a section, or a document', () => {
  const given = { sysfs: { 'block.sda.queue.scheduler': 'none' } };
  expect(files({ ...LEGACY, ...given })).toEqual({
    all: 'machine:\n  sysfs:\n    block.sda.queue.scheduler: none\n',
  });
  expect(files({ ...MULTIDOC, ...given })).toEqual({
    all: 'apiVersion: v1alpha1\nkind: SysfsConfig\nparams:\n  block.sda.queue.scheduler: none\n',
  });
});

judges([
  ['a name without a directory', { sysfs: { scheduler: 'none' } }, 'error sysfs sysfs.scheduler'],
  [
    'a name with sys',
    { sysfs: { 'sys.block.sda.queue.scheduler': 'none' } },
    'error sysfs sysfs.sys.block.sda.queue.scheduler',
  ],
  ['an empty value', { sysfs: { 'block.sda.queue.scheduler': '' } }, 'error sysfs sysfs.block.sda.queue.scheduler'],
]);
