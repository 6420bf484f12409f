import { MULTIDOC, files, judges } from './harness';

test('time servers are a document as soon as Talos knows it, whatever generated the config', () => {
  const given = { timeServers: ['time.cloudflare.com'] };
  const document = 'apiVersion: v1alpha1\nkind: TimeSyncConfig\nntp:\n  servers:\n  - time.cloudflare.com\n';
  const emptied = 'apiVersion: v1alpha1\nkind: TimeSyncConfig\nntp:\n  servers:\n    $patch: delete\n';
  const section = 'machine:\n  time:\n    $patch: delete\n---\n';
  expect(files({ talosVersion: '1.11', ...given })).toEqual({
    all: `${section}machine:\n  time:\n    servers:\n    - time.cloudflare.com\n`,
  });
  expect(files({ talosVersion: '1.12', ...given })).toEqual({ all: section + document });
  expect(files({ ...MULTIDOC, ...given })).toEqual({
    all: section + ['apiVersion: v1alpha1\nkind: TimeSyncConfig\nntp: {}\n', emptied, document].join('---\n'),
  });
});

judges([
  ['a time server as URL', { timeServers: ['ntp://time.example.org'] }, 'error time-server timeServers[0]'],
  ['a time server in the pod subnet', { timeServers: ['10.244.0.10'] }, 'warning server-in-cluster timeServers[0]'],
  [
    'names and addresses of both families',
    { nameservers: ['1.1.1.1', '2606:4700:4700::1111'], timeServers: ['time.cloudflare.com', '10.0.0.1', 'fd00::1'] },
  ],
]);
