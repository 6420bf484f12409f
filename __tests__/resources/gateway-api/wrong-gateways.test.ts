import { kindOf, resourceExampleFindings } from '../../../upstream/rules/resources';
import { itFindsInResources } from '../../wrong';
import type { WrongResource } from '../../wrong';

const http = { name: 'http', port: 80, protocol: 'HTTP' };
const https = { name: 'https', port: 443, protocol: 'HTTPS', tls: { certificateRefs: ['home-tls'] } };
const pass = { name: 'pass', port: 443, protocol: 'TLS', tls: { mode: 'Passthrough' } };
const WIDE = { ...https, hostname: '*.example.test' };
const NARROW = { ...pass, hostname: 'db.example.test' };
const gateway = (change: object = {}): object => ({ listeners: [http], ...change });
const listening = (...listeners: readonly object[]): object => ({ listeners });
const ON = { gatewayAPI: { enabled: true }, kubeProxyReplacement: true };
const HOST = { ...ON, gatewayAPI: { enabled: true, hostNetwork: { enabled: true } } };
const NODES = { ...ON, nodeIPAM: { enabled: true }, defaultLBServiceIPAM: 'nodeipam' } as const;
const classed = (service: object): NonNullable<WrongResource[2]>['others'] => [
  { subject: 'gateway-class', props: { name: 'inside', parametersRef: { name: 'inside', namespace: 'default' } } },
  { subject: 'gateway-class-config', props: { name: 'inside', service } },
];
const V20 = { version: '1.20.0' };

/** Gateways as people write them by mistake. */
const ROWS: readonly WrongResource[] = [
  ['required listeners', gateway({ listeners: undefined })],
  ['size listeners', listening()],
  ['type listeners', gateway({ listeners: { http } })],
  ['required listeners[0].name', listening({ port: 80, protocol: 'HTTP' })],
  ['required listeners[0].protocol', listening({ name: 'http', port: 80 })],
  ['size listeners[0].protocol', listening({ ...http, protocol: '' })],
  ['protocol listeners[0].protocol', listening({ ...http, protocol: 'http' })],
  ['protocol listeners[0].protocol', listening({ ...http, protocol: 'GRPC' }), V20],
  ['protocol listeners[0].protocol', listening({ name: 'db', port: 5432, protocol: 'TCP' })],
  ['type listeners[0].port', listening({ ...http, port: '80' })],
  ['range listeners[0].port', listening({ ...http, port: 0 })],
  ['text listeners[0].name', listening({ ...http, name: 'HTTP' })],
  ['duplicate listeners[0]', listening(http, { ...http, port: 8080 })],
  ['listener-twice listeners[0]', listening(http, { ...http, name: 'web' })],
  ['port-conflict listeners[0]', listening(https, pass)],
  ...['1.19.6', '1.20.0'].map((version): WrongResource => [
    'port-conflict listeners[0]',
    listening(WIDE, NARROW),
    { version },
  ]),
  ...['1.18.11', '1.19.5'].flatMap((version): readonly WrongResource[] => [
    ['later-port-conflict listeners[0]', listening(WIDE, NARROW), { version }],
    ['later-port-conflict listeners[0]', listening(NARROW, https), { version }],
    ['port-conflict listeners[0]', listening(WIDE, { ...NARROW, hostname: WIDE.hostname }), { version }],
  ]),
  ['port-conflict listeners[0]', listening({ name: 'db', port: 80, protocol: 'TCP' }, http), V20],
  ['text listeners[0].hostname', listening({ ...http, hostname: 'https://www.example.test' })],
  ['text listeners[0].hostname', listening({ ...http, hostname: 'www.example.test:8080' })],
  ['text listeners[0].hostname', listening({ ...http, hostname: '*' })],
  ['text listeners[0].hostname', listening({ ...http, hostname: 'www.*.test' })],
  ['hostname warning listeners[0].hostname', listening({ ...http, hostname: '192.168.1.200' })],
  ['hostname warning listeners[0].hostname', listening({ ...http, hostname: `${'a'.repeat(64)}.example.test` })],
  [
    'hostname-of-protocol error listeners[0].hostname',
    listening({ name: 'db', port: 5432, protocol: 'TCP', hostname: 'db.example.test' }),
    V20,
  ],
  ['unknown-field listeners[0].hostnames', listening({ ...http, hostnames: ['www.example.test'] })],
  ['unknown-field listeners[0].tls.secretName', listening({ ...https, tls: { secretName: 'home-tls' } })],
  ['tls-missing listeners[0].tls', listening({ ...https, tls: undefined })],
  ['tls-on-plain listeners[0].tls', listening({ ...http, tls: { certificateRefs: ['home-tls'] } })],
  ['certificate-missing listeners[0].tls.certificateRefs', listening({ ...https, tls: { mode: 'Terminate' } })],
  ['type listeners[0].tls.certificateRefs', listening({ ...https, tls: { certificateRefs: 'home-tls' } })],
  ['tls-mode listeners[0].tls.mode', listening({ ...https, tls: { mode: 'Passthrough' } })],
  [
    'tls-mode listeners[0].tls.mode',
    listening({ ...pass, tls: { mode: 'Terminate', certificateRefs: ['home-tls'] } }),
    V20,
  ],
  ['tls-mode listeners[0].tls.mode', listening({ ...pass, tls: { certificateRefs: ['home-tls'] } })],
  ['word listeners[0].tls.mode', listening({ ...https, tls: { mode: 'terminate', certificateRefs: ['home-tls'] } })],
  [
    'certificate-kind listeners[0].tls.certificateRefs[0]',
    listening({
      ...https,
      tls: { certificateRefs: [{ kind: 'Certificate', group: 'cert-manager.io', name: 'home' }] },
    }),
  ],
  [
    'certificate-elsewhere listeners[0].tls.certificateRefs[0].namespace',
    listening({ ...https, tls: { certificateRefs: [{ name: 'home-tls', namespace: 'cert-manager' }] } }),
  ],
  ['certificates listeners[0].tls.certificateRefs', listening({ ...https, tls: { certificateRefs: ['a', 'b'] } }), V20],
  [
    'tls-options listeners[0].tls.options',
    listening({ ...https, tls: { certificateRefs: ['home-tls'], options: { 'example.test/min-version': '1.3' } } }),
  ],
  [
    'client-certificates tls.frontend',
    gateway({
      listeners: [https],
      tls: {
        frontend: {
          default: { validation: { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'clients' }] } },
        },
      },
    }),
    V20,
  ],
  [
    'client-certificates tls.backend',
    gateway({ tls: { backend: { clientCertificateRef: { name: 'home-tls' } } } }),
    V20,
  ],
  ['word listeners[0].allowedRoutes.namespaces.from', listening({ ...http, allowedRoutes: 'all' })],
  [
    'namespace-selector listeners[0].allowedRoutes.namespaces.selector',
    listening({ ...http, allowedRoutes: { namespaces: { from: 'Selector' } } }),
  ],
  [
    'namespace-selector listeners[0].allowedRoutes.namespaces.from',
    listening({ ...http, allowedRoutes: { namespaces: { selector: { matchLabels: { team: 'web' } } } } }),
  ],
  [
    'unknown-field listeners[0].allowedRoutes.namespaces.matchLabels',
    listening({ ...http, allowedRoutes: { namespaces: { from: 'Selector', matchLabels: { team: 'web' } } } }),
  ],
  ['unknown-field listeners[0].allowedRoutes.from', listening({ ...http, allowedRoutes: { from: 'All' } })],
  [
    'route-kind listeners[0].allowedRoutes.kinds[0]',
    listening({ ...http, allowedRoutes: { kinds: [{ kind: 'TLSRoute' }] } }),
  ],
  [
    'route-kind listeners[0].allowedRoutes.kinds[0]',
    listening({ ...http, allowedRoutes: { kinds: [{ kind: 'Ingress' }] } }),
  ],
  [
    'idle-route-kind listeners[0].allowedRoutes.kinds[1]',
    listening({ ...http, allowedRoutes: { kinds: [{ kind: 'HTTPRoute' }, { kind: 'TCPRoute' }] } }),
  ],
  ['unknown-field gatewayClass', gateway({ gatewayClass: 'cilium' })],
  ['unknown-field hostnames', gateway({ hostnames: ['www.example.test'] })],
  ['unknown-field loadBalancerIP', gateway({ loadBalancerIP: '192.168.1.200' })],
  ['unknown-field annotations', gateway({ annotations: { 'lbipam.cilium.io/ips': '192.168.1.200' } })],
  ['address addresses[0]', gateway({ addresses: ['192.168.1.200/32'] })],
  ['address addresses[0]', gateway({ addresses: ['home.example.test'] })],
  ['address addresses[0]', gateway({ addresses: [{ type: 'Hostname', value: 'home.example.test' }] })],
  ['address addresses[0]', gateway({ addresses: [{ type: 'IPAddress' }] }), V20],
  ['address addresses[0]', gateway({ addresses: ['192.168.1.200-192.168.1.210'] })],
  ['address-twice addresses[0]', gateway({ addresses: ['192.168.1.200', '192.168.1.200'] })],
  [
    "address-annotation infrastructure.annotations['io.cilium/lb-ipam-ips']",
    gateway({ infrastructure: { annotations: { 'io.cilium/lb-ipam-ips': '192.168.1.200' } } }),
  ],
  [
    'address-overruled addresses',
    gateway({
      addresses: ['192.168.1.200'],
      infrastructure: { annotations: { 'lbipam.cilium.io/ips': '192.168.1.201' } },
    }),
  ],
  [
    'parameters infrastructure.parametersRef',
    gateway({
      infrastructure: { parametersRef: { group: 'cilium.io', kind: 'CiliumGatewayClassConfig', name: 'inside' } },
    }),
  ],
  ['name-of-service name', gateway({ name: 'home.example' })],
  ['name name', gateway({ name: 'Home' })],
  ['off cilium.gatewayAPI.enabled', gateway(), { values: { kubeProxyReplacement: true } }],
  ['kube-proxy cilium.kubeProxyReplacement', gateway(), { values: { gatewayAPI: { enabled: true } } }],
  ['class gatewayClassName', gateway({ gatewayClassName: 'nginx' }), { values: ON }],
  [
    'class gatewayClassName',
    gateway(),
    { values: { ...ON, gatewayAPI: { enabled: true, gatewayClass: { create: 'false' } } } },
  ],
  [
    'address-outside-pools addresses[0]',
    gateway({ addresses: ['192.168.1.201'] }),
    { values: ON, others: [{ subject: 'ip-pool', props: { blocks: ['192.168.1.208/28'] } }] },
  ],
  ['static-address warning addresses', gateway({ addresses: ['192.168.1.201'] }), { values: NODES }],
  [
    'static-address warning addresses',
    gateway({ addresses: ['192.168.1.201'], gatewayClassName: 'inside' }),
    { values: ON, others: classed({ loadBalancerClass: 'io.cilium/node' }) },
  ],
  [
    'static-address warning addresses',
    gateway({ addresses: ['192.168.1.201'], gatewayClassName: 'inside' }),
    { version: '1.19.6', values: ON, others: classed({ type: 'NodePort' }) },
  ],
  ['never-programmed warning cilium.gatewayAPI.hostNetwork.enabled', gateway(), { version: '1.18.3', values: HOST }],
  ['never-programmed warning cilium.gatewayAPI.hostNetwork.enabled', gateway(), { version: '1.19.5', values: HOST }],
  [
    'never-programmed warning gatewayClassName',
    gateway({ gatewayClassName: 'inside' }),
    { version: '1.18.11', values: ON, others: classed({ type: 'NodePort' }) },
  ],
  [
    "reserved-label error infrastructure.labels['io.cilium.gateway/owning-gateway']",
    gateway({ infrastructure: { labels: { 'io.cilium.gateway/owning-gateway': 'other' } } }),
  ],
  ['name-of-service name', gateway({ name: `${'a'.repeat(30)}.example.${'a'.repeat(40)}` })],
  ['low-port listeners[0].port', gateway(), { values: HOST }],
  [
    'host-port-twice listeners[0].port',
    gateway(),
    {
      values: HOST,
      others: [
        { subject: 'gateway', props: { name: 'other', listeners: [{ ...http, hostname: 'other.example.test' }] } },
      ],
    },
  ],
  ['host-address addresses', gateway({ addresses: ['192.168.1.200'] }), { values: HOST }],
  [
    'host-protocol listeners[0].protocol',
    listening({ name: 'db', port: 5432, protocol: 'TCP' }),
    { ...V20, values: HOST },
  ],
];

describe('mistakes in Gateways are found:', () => {
  itFindsInResources('gateway', ROWS);
});

describe('gateways that Cilium serves are quiet:', () => {
  it.each([
    [
      'an address in the newer annotation',
      { infrastructure: { annotations: { 'lbipam.cilium.io/ips': '192.0.2.1' } } },
      {},
    ],
    ['a name that is shortened before its dot', { name: `${'a'.repeat(49)}.example` }, {}],
    [
      'the label that Cilium writes',
      { name: 'web', infrastructure: { labels: { 'io.cilium.gateway/owning-gateway': 'web' } } },
      {},
    ],
    ['ports of nodes before 1.18.3', {}, { version: '1.18.2', values: HOST }],
    ['ports of nodes on 1.18.12', {}, { version: '1.18.12', values: HOST }],
    ['ports of nodes on 1.19.6', {}, { version: '1.19.6', values: HOST }],
    [
      'a class of type NodePort on 1.20',
      { gatewayClassName: 'inside' },
      { ...V20, values: ON, others: classed({ type: 'NodePort' }) },
    ],
    ['no address where nodes give one', {}, { values: NODES }],
    [
      'an address of another load balancer',
      { addresses: ['192.0.2.1'], gatewayClassName: 'inside' },
      { values: ON, others: classed({ loadBalancerClass: 'metallb.io/metallb' }) },
    ],
  ] as const)('%s', (_, change, among) => {
    const props = gateway({ listeners: [{ ...http, port: 8080 }], ...change });
    expect(resourceExampleFindings(kindOf('gateway'), { ...among, props })).toEqual([]);
  });
});
