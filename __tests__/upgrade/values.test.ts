import type { Json, JsonObject } from '../../lib/kubernetes/json';
import { valueChanges, withChanges } from '../../lib/upgrade/values';

const changes = (values: JsonObject, from: string, to: string) => valueChanges(values, { from, to, all: values });

it.each<[name: string, from: string, to: string, before: JsonObject, after: JsonObject]>([
  ['strict', '1.14.5', '1.18.4', { kubeProxyReplacement: 'strict' }, { kubeProxyReplacement: true }],
  ['disabled', '1.15.2', '1.20.0', { kubeProxyReplacement: 'disabled' }, { kubeProxyReplacement: false }],
  [
    'partial that is whole',
    '1.14.5',
    '1.18.4',
    {
      kubeProxyReplacement: 'partial',
      socketLB: { enabled: true },
      nodePort: { enabled: true },
      hostPort: { enabled: true },
      externalIPs: { enabled: true },
    },
    { kubeProxyReplacement: true, socketLB: { enabled: true }, nodePort: { enabled: true } },
  ],
  ['tunnel', '1.14.5', '1.15.0', { tunnel: 'geneve' }, { routingMode: 'tunnel', tunnelProtocol: 'geneve' }],
  ['no tunnel', '1.14.5', '1.20.0', { tunnel: 'disabled' }, { routingMode: 'native' }],
  [
    'a tunnel in both words',
    '1.14.5',
    '1.18.4',
    { tunnel: 'disabled', routingMode: 'native' },
    { routingMode: 'native' },
  ],
  [
    'renames',
    '1.17.0',
    '1.18.0',
    { enableCiliumEndpointSlice: true, ciliumEndpointSlice: { sliceMode: 'identity' } },
    { ciliumEndpointSlice: { enabled: true } },
  ],
  [
    'the keys of IPsec',
    '1.15.0',
    '1.18.4',
    { encryption: { enabled: true, keyFile: 'k', ipsec: { keyFile: '' } } },
    { encryption: { enabled: true, ipsec: { keyFile: 'k' } } },
  ],
  [
    'a pool as a list',
    '1.14.0',
    '1.19.6',
    { ipam: { operator: { clusterPoolIPv4PodCIDR: '10.0.0.0/8' } } },
    { ipam: { operator: { clusterPoolIPv4PodCIDRList: ['10.0.0.0/8'] } } },
  ],
  [
    'an interface as a pattern',
    '1.18.4',
    '1.20.0',
    { l2podAnnouncements: { enabled: true, interface: 'eth0.10' } },
    { l2podAnnouncements: { enabled: true, interfacePattern: '^eth0\\.10$' } },
  ],
  [
    'strict mode of encryption',
    '1.19.6',
    '1.20.0',
    { encryption: { strictMode: { enabled: true, cidr: '10.0.0.0/8' } } },
    { encryption: { strictMode: { egress: { enabled: true, cidr: '10.0.0.0/8' } } } },
  ],
  [
    'texts that are numbers',
    '1.15.0',
    '1.18.4',
    { MTU: '1450', debug: { enabled: 'true' } },
    { MTU: 1450, debug: { enabled: true } },
  ],
  [
    'an old default',
    '1.14.0',
    '1.20.0',
    { hostPort: { enabled: false }, remoteNodeIdentity: true, debug: {} },
    { debug: {} },
  ],
  ['what had no effect', '1.17.0', '1.18.0', { hubble: { relay: { dialTimeout: '5s' } } }, {}],
])('%s', (_, from, to, before, after) => {
  const found = changes(before, from, to);
  expect(withChanges(before, found)).toEqual(after);
  expect(found.map(({ outcome }) => outcome)).not.toContain('kept');
  // Twice is once.
  expect(changes(after, from, to)).toEqual([]);
});

it.each<[name: string, from: string, to: string, values: JsonObject, kept: readonly string[]]>([
  ['BGP of MetalLB', '1.16.0', '1.20.0', { bgp: { enabled: true } }, ['bgp.enabled']],
  [
    'partial',
    '1.14.5',
    '1.18.4',
    { kubeProxyReplacement: 'partial', nodePort: { enabled: true } },
    ['kubeProxyReplacement'],
  ],
  ['probe', '1.14.5', '1.18.4', { kubeProxyReplacement: 'probe' }, ['kubeProxyReplacement']],
  ['two answers', '1.14.5', '1.18.4', { tunnel: 'vxlan', routingMode: 'native' }, ['tunnel']],
  ['what is always on', '1.18.4', '1.20.0', { sessionAffinity: false }, ['sessionAffinity']],
  [
    'node ports without kube-proxy replacement',
    '1.18.4',
    '1.19.6',
    { nodePort: { enabled: true } },
    ['nodePort.enabled'],
  ],
  [
    'a certificate that is gone twice',
    '1.18.4',
    '1.20.0',
    mesh({ client: { cert: 'eA==' } }),
    ['clustermesh.apiserver.tls.client.cert'],
  ],
])('a person decides about %s', (_, from, to, values, kept) => {
  const found = changes(values, from, to);
  expect(found.filter(({ outcome }) => outcome === 'kept').map(({ path }) => path.join('.'))).toEqual(kept);
  for (const { outcome, hint } of found) if (outcome === 'kept') expect(hint).toMatch(/\w+\.$/);
  for (const path of kept) expect(withChanges(values, found)).toHaveProperty(path);
});

function mesh(tls: Json): JsonObject {
  return { clustermesh: { apiserver: { tls } } };
}

it('replaces a certificate by the one that its release has', () => {
  expect(
    withChanges(mesh({ client: { cert: 'eA==' } }), changes(mesh({ client: { cert: 'eA==' } }), '1.18.4', '1.19.6')),
  ).toEqual(mesh({ remote: { cert: 'eA==' } }));
});

it('leaves alone what the newer release has', () => {
  expect(changes({ tunnel: 'vxlan', kubeProxyReplacement: 'strict' }, '1.14.0', '1.14.19')).toEqual([]);
  expect(changes({ k8sServicePort: '7445', extraConfig: { a: 'b' } }, '1.18.4', '1.20.0')).toEqual([]);
});
