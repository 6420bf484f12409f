import { TalosCluster } from '../../../lib/talos/cluster/cluster';
import { LEGACY, MULTIDOC, files, judges } from './harness';

test('forwarding is always written, member names only when they are given', () => {
  const off = { hostDNS: { enabled: false } };
  expect(files({ ...LEGACY, ...off })).toEqual({
    all: `machine:
  features:
    hostDNS:
      enabled: false
      forwardKubeDNSToHost: false
      resolveMemberNames: false
`,
  });
  expect(files({ ...MULTIDOC, hostDNS: { forwardKubeDNSToHost: false } })).toEqual({
    all: `apiVersion: v1alpha1
kind: ResolverConfig
hostDNS:
  enabled: true
  forwardKubeDNSToHost: false
`,
  });
});

test('forwarding and member names are off with the cache', () => {
  expect(new TalosCluster({ ...LEGACY, hostDNS: { enabled: false } }).hostDNS).toEqual({
    enabled: false,
    forwardKubeDNSToHost: false,
    resolveMemberNames: false,
  });
});

judges([
  [
    'forwarding to a cache that is off',
    { hostDNS: { enabled: false, forwardKubeDNSToHost: true } },
    'error host-dns hostDNS.forwardKubeDNSToHost',
  ],
  [
    'member names from a cache that is off',
    { hostDNS: { enabled: false, resolveMemberNames: true } },
    'error host-dns hostDNS.resolveMemberNames',
  ],
]);
