import {
  BgpAdvertisement,
  BgpClusterConfig,
  BgpPeerConfig,
  Gateway,
  LoadBalancerIPPool,
  LocalRedirectPolicy,
} from '../../lib';
import type { Finding } from '../../lib';
import { idsOf, newChart, policyFindings, valuesFindings } from './judged';

/*
 * Cases of public values files and custom resources, reduced and anonymous: mistakes that are found, and input that looks wrong but works.
 */

const SHOP = { namespace: 'shop', endpointSelector: { matchLabels: { app: 'shop' } } };
const KPR = { kubeProxyReplacement: true, k8sServiceHost: 'localhost', k8sServicePort: 7445 };

const poolFindings = (props: object): readonly Finding[] => {
  const { chart, cilium } = newChart();
  return new LoadBalancerIPPool(chart, 'pool', { cilium, ...props } as never).findings;
};

/** Mistakes, with the finding that each must have. */
const MISTAKES: readonly (readonly [what: string, finding: string, find: () => readonly Finding[]])[] = [
  ['a pool with host bits', 'warning ip-pool/block', () => poolFindings({ blocks: [{ cidr: '10.90.3.0/16' }] })],
  [
    'two pools with a common address',
    'error ip-pool/shared',
    () => {
      const { chart, cilium } = newChart();
      new LoadBalancerIPPool(chart, 'all', { cilium, blocks: [{ start: '192.168.2.10', stop: '192.168.2.30' }] });
      return new LoadBalancerIPPool(chart, 'canary', {
        cilium,
        blocks: [{ start: '192.168.2.20', stop: '192.168.2.20' }],
        serviceSelector: { matchLabels: { track: 'canary' } },
      }).findings;
    },
  ],
  [
    'a pool with a namespace',
    'warning ip-pool/namespace',
    () => poolFindings({ namespace: 'kube-system', blocks: [{ cidr: '192.0.2.0/28' }] }),
  ],
  [
    'a lookahead in an HTTP path',
    'error network-policy/http-regexp',
    () =>
      policyFindings({
        ...SHOP,
        ingress: [{ toPorts: [{ ports: ['8096/TCP'], rules: { http: [{ path: '/(?!metrics).*' }] } }] }],
      }),
  ],
  [
    'empty lists to deny all traffic',
    'error network-policy/no-rules',
    () => policyFindings({ namespace: 'shop', endpointSelector: {}, ingress: [], egress: [] }),
  ],
  [
    'an empty list of peers',
    'warning network-policy/empty-peers',
    () => policyFindings({ ...SHOP, egress: [{ toEndpoints: [], toPorts: [{ ports: ['443/TCP'] }] }] }),
  ],
  [
    'matchLabels next to endpointSelector',
    'error network-policy/unknown-field',
    () =>
      policyFindings({
        namespace: 'shop',
        specs: [
          { endpointSelector: {}, ingress: [{}] },
          { matchLabels: { app: 'vault' }, ingress: [{}] },
        ],
      }),
  ],
  [
    'the API server on port 443',
    'warning network-policy/api-server-port',
    () => policyFindings({ ...SHOP, egress: [{ toEntities: ['kube-apiserver'], toPorts: [{ ports: ['443/TCP'] }] }] }),
  ],
  [
    'a DNS name without a dot',
    'warning network-policy/name-without-dot',
    () => policyFindings({ ...SHOP, egress: [{ toFQDNs: [{ matchName: 'registry' }] }] }),
  ],
  [
    'a local redirect of a Service in another namespace',
    'error local-redirect/other-namespace',
    () => {
      const { chart, cilium } = newChart();
      return new LocalRedirectPolicy(chart, 'dns', {
        cilium,
        namespace: 'network',
        redirectFrontend: { serviceMatcher: { serviceName: 'kube-dns', namespace: 'kube-system' } },
        redirectBackend: {
          localEndpointSelector: { matchLabels: { 'k8s-app': 'node-local-dns' } },
          toPorts: [{ port: '53', name: 'dns', protocol: 'UDP' }],
        },
      }).findings;
    },
  ],
  [
    'a TCP listener on Cilium 1.19',
    'error gateway/protocol',
    () => {
      const { chart, cilium } = newChart();
      return new Gateway(chart, 'db', {
        cilium,
        namespace: 'shop',
        listeners: [{ name: 'db', port: 5432, protocol: 'TCP' }],
      }).findings;
    },
  ],
  [
    'a keepalive as long as the hold time',
    'warning bgp-peer/slow-keep-alive',
    () => {
      const { chart, cilium } = newChart();
      return new BgpPeerConfig(chart, 'router', { cilium, timers: { holdTimeSeconds: 9, keepAliveTimeSeconds: 9 } })
        .findings;
    },
  ],
  [
    "kubeProxyReplacement 'disabled'",
    'error kube-proxy-replacement/word',
    () => valuesFindings('1.20.0', { kubeProxyReplacement: 'disabled', ipam: { mode: 'kubernetes' } }),
  ],
  [
    'bpf.tproxy with netkit',
    'error bpf-datapath/tproxy-with-netkit',
    () =>
      valuesFindings('1.20.0', {
        ...KPR,
        bpf: { tproxy: true, datapathMode: 'netkit' },
        routingMode: 'native',
        ipv4NativeRoutingCIDR: '10.0.0.0/8',
      }),
  ],
];

it.each(MISTAKES)('%s is found', (_, finding, find) => {
  expect(idsOf(find())).toContain(finding);
});

it.each([
  ['cgroup.automount', { cgroup: { automount: { enabled: false } } }],
  ['bpf.hostRouting', { bpf: { hostRouting: true } }],
  ['hubble.ui.fronend', { hubble: { ui: { fronend: { replicas: 1 } } } }],
  ["bpf['distributedLRU.enabled']", { bpf: { 'distributedLRU.enabled': true } }],
  ['l2announcements.interfaces', { l2announcements: { interfaces: ['eth0'] } }],
  ['policySecrets', { policySecrets: { enabled: true } }],
])('the value %s is unknown', (_, values) => {
  expect(idsOf(valuesFindings('1.19.6', values))).toContain('error values/unknown');
});

// The control plane that it switches off is gone.
it('a removed value that changes nothing is a warning', () => {
  expect(idsOf(valuesFindings('1.19.6', { bgp: { enabled: false } }))).toEqual(['warning values/removed']);
});

it.each([
  ['warning', 'externalIPs', { externalIPs: { enabled: true } }],
  ['warning', 'hostPort', { hostPort: { enabled: true } }],
  ['error', 'tunnel', { tunnel: 'disabled' }],
])('%s: the value %s is removed', (level, _, values) => {
  expect(idsOf(valuesFindings('1.19.6', values))).toContain(`${level} values/removed`);
});

it('a pool written for v2alpha1 has no findings', () => {
  expect(poolFindings({ blocks: [{ cidr: '192.0.2.8/29' }], allowFirstLastIPs: 'No' })).toEqual([]);
});

it('a BGP cluster that refers to peers and advertisements by name and label has no findings', () => {
  const { chart, cilium } = newChart();
  new BgpPeerConfig(chart, 'peer', {
    cilium,
    name: 'router',
    gracefulRestart: { enabled: true },
    families: [{ afi: 'ipv4', safi: 'unicast', advertisements: { matchLabels: { advertise: 'bgp' } } }],
  });
  new BgpAdvertisement(chart, 'advertisement', {
    cilium,
    name: 'services',
    metadata: { labels: { advertise: 'bgp' } },
    advertisements: [
      {
        advertisementType: 'Service',
        service: { addresses: ['LoadBalancerIP'] },
        selector: { matchExpressions: [{ key: 'x', operator: 'NotIn', values: ['never'] }] },
      },
    ],
  });
  const cluster = new BgpClusterConfig(chart, 'cluster', {
    cilium,
    nodeSelector: { matchLabels: { 'kubernetes.io/os': 'linux' } },
    bgpInstances: [
      {
        name: 'home',
        localASN: 64514,
        peers: [{ name: 'router', peerASN: 64513, peerAddress: '192.168.1.1', peerConfigRef: { name: 'router' } }],
      },
    ],
  });
  expect(cluster.findings).toEqual([]);
});
