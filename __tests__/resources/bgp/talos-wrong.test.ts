import { App, Chart } from 'cdk8s';
import {
  BgpAdvertisement,
  BgpClusterConfig,
  BgpNodeConfigOverride,
  BgpPeerConfig,
  Cilium,
  LoadBalancerIPPool,
  TalosCluster,
} from '../../../lib';
import type { BgpPeerConfigProps, BgpPeer, BgpRoutes, Finding, TalosBgpProps, TalosBgpWorkload } from '../../../lib';
import { itFinds } from '../../wrong';

/** Resources as people write them by hand beside native BGP of Talos. */
interface Written {
  /** Merged over a workload with the AS numbers 4200000002 and 4200000003. */
  readonly workload?: Partial<TalosBgpWorkload>;
  /** Of workers in place of all nodes. */
  readonly workers?: Partial<TalosBgpWorkload>;
  readonly peer?: Partial<BgpPeer>;
  readonly instance?: { readonly localASN?: number; readonly localPort?: number };
  readonly nodeSelector?: object;
  readonly config?: Partial<BgpPeerConfigProps>;
  readonly routes?: readonly BgpRoutes[];
  readonly pools?: readonly string[];
  readonly override?: object;
  readonly ipv6?: true;
}

const FABRIC = { localASN: 65001, advertise: ['lo'], neighbors: [{ address: '192.0.2.1', peerASN: 65000 }] } as const;
const PODS: BgpRoutes = { advertisementType: 'PodCIDR' };
const SERVICES: BgpRoutes = {
  advertisementType: 'Service',
  service: { addresses: ['LoadBalancerIP'] },
  selector: 'all',
};

function bgpWith(workload: Partial<TalosBgpWorkload>): TalosBgpProps {
  const usual = { localASN: 4200000002, peerASN: 4200000003, network: '169.254.179.0/31' };
  return { fabric: FABRIC, workload: { ...usual, prefixes: ['203.0.113.0/24', '10.244.0.0/16'], ...workload } };
}

function judge(written: Written): readonly Finding[] {
  const { workload = {}, workers, peer = {}, instance = {}, nodeSelector, config = {} } = written;
  const chart = new Chart(new App({ outdir: '/tmp/never-written' }), 'c');
  const talos = new TalosCluster({
    talosVersion: '1.14',
    hostDNS: { forwardKubeDNSToHost: false },
    ...(written.ipv6 === true
      ? { podSubnets: ['10.244.0.0/16', 'fd00:10::/56'], serviceSubnets: ['10.96.0.0/12', 'fd00:20::/108'] }
      : {}),
    bgp: bgpWith(workload),
    ...(workers === undefined ? {} : { workers: { bgp: bgpWith(workers) } }),
  });
  const values = { bgpControlPlane: { enabled: true } };
  const cilium = new Cilium(chart, 'cilium', { version: '1.20.0', talos, values });
  const { pools = ['203.0.113.0/24'], routes = [PODS, SERVICES], override } = written;
  if (pools.length > 0) new LoadBalancerIPPool(chart, 'pool', { cilium, blocks: pools });
  const advertisement = new BgpAdvertisement(chart, 'routes', { cilium, advertisements: routes });
  const peerConfigRef = new BgpPeerConfig(chart, 'peer', {
    cilium,
    families: [{ afi: 'ipv4', safi: 'unicast', advertisements: [advertisement] }],
    ...config,
  });
  const peers = [{ name: 'talos', peerASN: 4200000002, peerAddress: '169.254.179.1', peerConfigRef, ...peer }];
  new BgpClusterConfig(chart, 'cluster', {
    cilium,
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
    bgpInstances: [{ name: 'talos', localASN: 4200000003, peers, ...instance }],
  });
  if (override !== undefined)
    new BgpNodeConfigOverride(chart, 'node-1', { cilium, bgpInstances: [{ name: 'talos', ...override }] });
  return chart.node.findAll().flatMap((one) => (one as { readonly findings?: readonly Finding[] }).findings ?? []);
}

const WORKERS = { matchExpressions: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'DoesNotExist' }] };
const CONTROL_PLANES = { matchLabels: { 'node-role.kubernetes.io/control-plane': '' } };
const aggregated = (prefix: number): BgpRoutes => ({
  ...SERVICES,
  service: { addresses: ['LoadBalancerIP'], aggregationLengthIPv4: prefix },
});

itFinds(judge, [
  {
    what: 'the number of the fabric instance',
    input: { peer: { peerASN: 65001 } },
    finds: 'bgp-cluster/talos-asn error bgpInstances[0].peers[0].peerASN',
    repaired: { peer: { peerASN: 0 } },
  },
  {
    what: 'another number of Cilium',
    input: { instance: { localASN: 65010 } },
    finds: 'bgp-cluster/talos-asn error bgpInstances[0].localASN',
    repaired: { instance: { localASN: 65010 }, override: { localASN: 4200000003 } },
  },
  {
    what: 'numbers the wrong way round',
    input: { instance: { localASN: 4200000002 }, peer: { peerASN: 4200000003 } },
    finds: [
      'bgp-cluster/talos-asn error bgpInstances[0].peers[0].peerASN',
      'bgp-cluster/talos-asn error bgpInstances[0].localASN',
    ],
    repaired: {},
  },
  {
    what: 'the number of one role for all nodes',
    input: { workers: { localASN: 4200000012 } },
    finds: 'bgp-cluster/talos-asn error bgpInstances[0].peers[0].peerASN',
    repaired: { workers: { localASN: 4200000012 }, nodeSelector: CONTROL_PLANES },
  },
  {
    what: 'the number of the other role',
    input: { workers: { localASN: 4200000012 }, nodeSelector: WORKERS },
    finds: 'bgp-cluster/talos-asn error bgpInstances[0].peers[0].peerASN',
    repaired: { workers: { localASN: 4200000012 }, nodeSelector: WORKERS, peer: { peerASN: 4200000012 } },
  },
  {
    what: "Cilium's own end",
    input: { peer: { peerAddress: '169.254.179.0' } },
    finds: 'bgp-cluster/talos-own-address error bgpInstances[0].peers[0].peerAddress',
    repaired: {},
  },
  {
    what: 'the router of the fabric too',
    input: { peer: { peerAddress: '192.0.2.1', peerASN: 65000 } },
    finds: 'bgp-cluster/talos-same-router warning bgpInstances[0].peers[0].peerAddress',
    repaired: { peer: { peerAddress: '192.0.2.2', peerASN: 65000 } },
  },
  {
    what: 'another port',
    input: { config: { transport: { peerPort: 1790 } } },
    finds: 'bgp-peer/talos-port error transport.peerPort',
    repaired: { config: { transport: { peerPort: 179 } } },
  },
  {
    what: 'a password',
    input: { config: { authSecretRef: 'bgp' } },
    finds: 'bgp-peer/talos-password error authSecretRef',
    repaired: {},
  },
  {
    what: 'another source',
    input: { config: { transport: { sourceInterface: 'lo' } } },
    finds: 'bgp-peer/talos-source error transport.sourceInterface',
    repaired: {
      config: { transport: { sourceInterface: 'lo' } },
      override: { peers: [{ name: 'talos', localAddress: '169.254.179.0' }] },
    },
  },
  {
    what: 'the name of the link changed on one side',
    input: { workload: { link: 'veth-cilium' }, config: { transport: { sourceInterface: 'veth-workload' } } },
    finds: 'bgp-peer/talos-source error transport.sourceInterface',
    repaired: { workload: { link: 'veth-cilium' }, config: { transport: { sourceInterface: 'veth-cilium' } } },
  },
  {
    what: 'pods that Talos does not import',
    input: { workload: { prefixes: ['203.0.113.0/24'] } },
    finds: 'bgp-advertisement/talos-import warning advertisements[0]',
    repaired: { workload: { prefixes: ['203.0.113.0/24'] }, routes: [SERVICES] },
  },
  {
    what: 'half of the pods',
    input: { workload: { prefixes: ['203.0.113.0/24', '10.244.0.0/17'] } },
    finds: 'bgp-advertisement/talos-import warning advertisements[0]',
    repaired: { workload: { prefixes: ['203.0.113.0/24', '10.0.0.0/8'] } },
  },
  {
    what: 'a pool that Talos does not import',
    input: { pools: ['203.0.113.0/24', '198.51.100.0/24'] },
    finds: 'bgp-advertisement/talos-import warning advertisements[1]',
    repaired: {
      pools: ['203.0.113.0/24', '198.51.100.0/24'],
      workload: { prefixes: ['203.0.113.0/24', '10.244.0.0/16', '198.51.100.0/24'] },
    },
  },
  {
    what: 'routes that are aggregated beyond the prefix',
    input: {
      workload: { prefixes: ['203.0.113.0/25', '10.244.0.0/16'] },
      pools: ['203.0.113.0/25'],
      routes: [PODS, aggregated(24)],
    },
    finds: 'bgp-advertisement/talos-import warning advertisements[1]',
    repaired: {
      workload: { prefixes: ['203.0.113.0/25', '10.244.0.0/16'] },
      pools: ['203.0.113.0/25'],
      routes: [PODS, aggregated(26)],
    },
  },
  {
    what: 'a prefix that nothing announces',
    input: { routes: [SERVICES] },
    finds: 'bgp-peer/talos-prefix warning families[0]',
    repaired: { routes: [SERVICES], workload: { prefixes: ['203.0.113.0/24'] } },
  },
  {
    what: 'a family that the sessions lack',
    input: { ipv6: true, workload: { prefixes: ['203.0.113.0/24', '10.244.0.0/16', 'fd00:10::/56'] } },
    finds: 'bgp-peer/talos-family warning families',
    repaired: { ipv6: true },
  },
  {
    what: 'graceful restart',
    input: { config: { gracefulRestart: { enabled: true } } },
    finds: 'bgp-peer/talos-graceful-restart warning gracefulRestart.enabled',
    repaired: {},
  },
]);

test.each<readonly [what: string, written: Written]>([
  ['the description itself', {}],
  ['the other port of Cilium', { instance: { localPort: 1790 } }],
  ['Talos that opens the session too', { workload: { passive: false } }],
  ['pools outside the app', { pools: [], routes: [PODS, { ...SERVICES, service: { addresses: ['ExternalIP'] } }] }],
  [
    'timers that differ, of which the shorter is used',
    { config: { timers: { holdTimeSeconds: 9, keepAliveTimeSeconds: 3 } } },
  ],
  [
    'IPv4 routes over IPv6',
    { workload: { network: 'fda1::/127', routerID: '10.0.0.1' }, peer: { peerAddress: 'fda1::1' } },
  ],
  ['a narrower pool', { pools: ['203.0.113.16-203.0.113.31'] }],
  [
    'a router that only Cilium peers with',
    { peer: { peerAddress: '192.0.2.9', peerASN: 65000 }, config: { authSecretRef: 'bgp' } },
  ],
])('%s is fine', (_, written) => {
  expect(judge(written).filter(({ id }) => id !== 'bgp-cluster/listen')).toEqual([]);
});
