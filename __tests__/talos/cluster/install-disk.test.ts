import { LEGACY, MULTIDOC, files, judges } from './harness';

test('a disk is selected by its path, or by a link to it', () => {
  expect(files({ ...LEGACY, installDisk: '/dev/sda' })).toEqual({ all: 'machine:\n  install:\n    disk: /dev/sda\n' });
  const match = (installDisk: string): string => files({ ...MULTIDOC, installDisk }).all ?? '';
  expect(match('/dev/sda')).toBe(`apiVersion: v1alpha1
kind: UnattendedInstallConfig
provisioning:
  diskSelector:
    match: disk.dev_path == "/dev/sda"
  wipe: false
`);
  expect(match('/dev/disk/by-id/x')).toContain(`match: '"/dev/disk/by-id/x" in disk.symlinks'\n`);
});

judges([
  ['an invalid path of workers', { workers: { installDisk: 'sda' } }, 'error install-disk workers.installDisk'],
  ['a path outside /dev', { installDisk: 'sda' }, 'error install-disk installDisk'],
  [
    'a path that breaks out of its expression',
    { installDisk: '/dev/a" || true || "' },
    'error install-disk installDisk',
  ],
]);
