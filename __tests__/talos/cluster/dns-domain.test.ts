import { TalosCluster } from '../../../lib/talos/cluster/cluster';
import { LEGACY, MULTIDOC, files, judges } from './harness';

test('the domain is in the section of the network, or in its document', () => {
  const given = { dnsDomain: 'home.example.org' };
  expect(files({ ...LEGACY, ...given })).toEqual({ all: 'cluster:\n  network:\n    dnsDomain: home.example.org\n' });
  expect(files({ ...MULTIDOC, ...given })).toEqual({
    all: 'apiVersion: v1alpha1\nkind: KubeNetworkConfig\ndnsDomain: home.example.org\n',
  });
});

test('the domain is cluster.local by default', () => {
  expect(new TalosCluster(LEGACY).dnsDomain).toBe('cluster.local');
  expect(files({ ...LEGACY })).toEqual({});
});

judges([
  ['a domain of two labels', { dnsDomain: 'cluster.home' }],
  ['one label', { dnsDomain: 'k8s' }],
  ['upper-case letters, which DNS ignores', { dnsDomain: 'Cluster.local' }],
  ['a dot at the end', { dnsDomain: 'cluster.local.' }, 'error dns-domain dnsDomain'],
  ['a dot in front', { dnsDomain: '.local' }, 'error dns-domain dnsDomain'],
  ['empty text', { dnsDomain: '' }, 'error dns-domain dnsDomain'],
  ['a URL', { dnsDomain: 'https://example.org' }, 'error dns-domain dnsDomain'],
  ['an underscore', { dnsDomain: 'my_home.local' }, 'error dns-domain dnsDomain'],
  ["the kubelet's name for it", { clusterDomain: 'cluster.local' }, 'error unknown-prop clusterDomain'],
]);
