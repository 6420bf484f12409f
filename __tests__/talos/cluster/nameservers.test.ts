import { MULTIDOC, files, judges } from './harness';

const NO_NAMESERVERS = 'machine:\n  network:\n    nameservers:\n      $patch: delete\n---\n';

test('nameservers are a document as soon as Talos knows it, whatever generated the config; one document with host DNS', () => {
  const given = { nameservers: ['1.1.1.1', 'fd00::53'] };
  const document =
    'apiVersion: v1alpha1\nkind: ResolverConfig\nnameservers:\n- address: 1.1.1.1\n- address: fd00::53\n';
  const emptied = 'apiVersion: v1alpha1\nkind: ResolverConfig\nnameservers:\n  $patch: delete\n';
  // From 1.14 on a file may hold a document more than once.
  const anew = ['apiVersion: v1alpha1\nkind: ResolverConfig\n', emptied, document].join('---\n');
  expect(files({ talosVersion: '1.11', ...given })).toEqual({
    all: `${NO_NAMESERVERS}machine:\n  network:\n    nameservers:\n    - 1.1.1.1\n    - fd00::53\n`,
  });
  expect(files({ talosVersion: '1.12', ...given })).toEqual({ all: NO_NAMESERVERS + document });
  expect(files({ talosVersion: '1.13', ...given })).toEqual({ all: document });
  expect(files({ talosVersion: '1.14', generatedBy: '1.12', ...given })).toEqual({ all: NO_NAMESERVERS + anew });
  expect(files({ talosVersion: '1.14', generatedBy: '1.13', ...given })).toEqual({ all: anew });
  expect(files({ ...MULTIDOC, ...given })).toEqual({ all: anew });
  expect(files({ ...MULTIDOC, ...given, hostDNS: {} })).toEqual({
    all: `apiVersion: v1alpha1
kind: ResolverConfig
---
${emptied}---
apiVersion: v1alpha1
kind: ResolverConfig
hostDNS:
  enabled: true
  forwardKubeDNSToHost: true
nameservers:
- address: 1.1.1.1
- address: fd00::53
`,
  });
});

judges([
  ['a nameserver by name', { nameservers: ['dns.example.org'] }, 'error nameserver nameservers[0]'],
  ['a nameserver as URL', { nameservers: ['tls://1.1.1.1'] }, 'error nameserver nameservers[0]'],
  ['a nameserver with a port', { nameservers: ['1.1.1.1:53'] }, 'error nameserver nameservers[0]'],
  ['a nameserver with an empty zone', { nameservers: ['fe80::1%'] }, 'error nameserver nameservers[0]'],
  ['an IPv4 nameserver with a zone', { nameservers: ['192.168.0.1%eth0'] }, 'error nameserver nameservers[0]'],
  ['a nameserver twice', { nameservers: ['1.1.1.1', '1.1.1.1'] }, 'error repeated nameservers[1]'],
  ['a nameserver in the service subnet', { nameservers: ['10.96.0.10'] }, 'warning server-in-cluster nameservers[0]'],
  [
    'a nameserver that is the VIP',
    { nameservers: ['192.168.0.5'], vip: { ip: '192.168.0.5', link: 'a' } },
    'warning server-is-vip nameservers[0]',
  ],
  ['a nameserver with a zone', { nameservers: ['fe80::1%eth0', '1.1.1.1'] }],
]);
