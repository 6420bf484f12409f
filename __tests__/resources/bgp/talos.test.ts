import { App, Chart } from 'cdk8s';
import { BgpAdvertisement, Cilium, LoadBalancerIPPool, TalosBgpPeering, TalosCluster, synthesize } from '../../../lib';
import type { CiliumVersion, Finding, TalosBgpProps, TalosClusterProps } from '../../../lib';

const FABRIC = { localASN: 65001, advertise: ['lo'], neighbors: [{ link: 'enp1s0', peerASN: 65000 }] } as const;
/** The values of Talos' page about Cilium. */
const WORKLOAD = {
  localASN: 4200000002,
  peerASN: 4200000003,
  network: 'fda1:b2c3:d4e5:1::/127',
  prefixes: ['203.0.113.0/24', '10.244.0.0/16'],
  routerID: '10.0.0.10',
} as const;
const BGP: TalosBgpProps = { fabric: FABRIC, workload: WORKLOAD };

interface Given {
  readonly version?: CiliumVersion;
  readonly cluster?: Partial<TalosClusterProps>;
}

function peeringWith({ version = '1.20.0', cluster = { bgp: BGP } }: Given = {}): {
  readonly chart: Chart;
  readonly peering: TalosBgpPeering;
} {
  const chart = new Chart(new App({ outdir: '/tmp/never-written' }), 'c');
  const talos = new TalosCluster({ talosVersion: '1.14', hostDNS: { forwardKubeDNSToHost: false }, ...cluster });
  const cilium = new Cilium(chart, 'cilium', { version, talos, values: { bgpControlPlane: { enabled: true } } });
  new LoadBalancerIPPool(chart, 'workload-vips', { cilium, blocks: ['203.0.113.0/24'] });
  return { chart, peering: new TalosBgpPeering(chart, 'talos-workload', { cilium }) };
}

const specsOf = (list: readonly { readonly apiObject: { toJson: () => unknown } }[]): readonly unknown[] =>
  list.map(({ apiObject }) => (apiObject.toJson() as { readonly spec: unknown }).spec);

const findingsIn = (chart: Chart): readonly Finding[] =>
  chart.node.findAll().flatMap((one) => (one as { readonly findings?: readonly Finding[] }).findings ?? []);

test("Cilium's side is that of the page of Talos", () => {
  const { chart, peering } = peeringWith();
  const label = { 'cdk8s-talos-cilium/advertisement': 'talos-workload' };
  expect(specsOf(peering.peerConfigs)).toEqual([
    {
      transport: { sourceInterface: 'veth-workload' },
      families: [{ afi: 'ipv4', safi: 'unicast', advertisements: { matchLabels: label } }],
    },
  ]);
  expect(specsOf(peering.clusterConfigs)).toEqual([
    {
      bgpInstances: [
        {
          name: 'talos',
          localASN: 4200000003,
          peers: [
            {
              name: 'talos',
              peerASN: 4200000002,
              peerAddress: 'fda1:b2c3:d4e5:1::1',
              peerConfigRef: { name: 'talos-workload' },
            },
          ],
        },
      ],
    },
  ]);
  expect(specsOf(peering.advertisement === undefined ? [] : [peering.advertisement])).toEqual([
    {
      advertisements: [
        {
          advertisementType: 'Service',
          service: { addresses: ['LoadBalancerIP'] },
          selector: { matchExpressions: [{ key: 'io.kubernetes.service.name', operator: 'Exists' }] },
        },
        { advertisementType: 'PodCIDR' },
      ],
    },
  ]);
  expect(findingsIn(chart)).toEqual([]);
});

test('Cilium 1.18 has no source interface, and the kernel chooses that end of the pair', () => {
  const { chart, peering } = peeringWith({ version: '1.18.11' });
  expect(specsOf(peering.peerConfigs)).toEqual([
    expect.not.objectContaining({ transport: expect.anything() as unknown }),
  ]);
  expect(findingsIn(chart)).toEqual([]);
});

test('timers and families are those of the description', () => {
  const workload = { ...WORKLOAD, holdTime: '1m30s', prefixes: ['10.96.0.0/12', '2001:db8::/64'] };
  const { peering } = peeringWith({ cluster: { bgp: { fabric: FABRIC, workload } } });
  expect(specsOf(peering.peerConfigs)).toEqual([
    expect.objectContaining({
      timers: { holdTimeSeconds: 90, keepAliveTimeSeconds: 30 },
      families: [expect.objectContaining({ afi: 'ipv4' }), expect.objectContaining({ afi: 'ipv6' })],
    }),
  ]);
  expect(specsOf(peering.advertisement === undefined ? [] : [peering.advertisement])).toEqual([
    { advertisements: [expect.objectContaining({ service: { addresses: ['LoadBalancerIP', 'ClusterIP'] } })] },
  ]);
});

test('roles that differ have a session each, roles that do not one', () => {
  const own = { fabric: FABRIC, workload: { ...WORKLOAD, localASN: 4200000012 } };
  const { chart, peering } = peeringWith({ cluster: { bgp: BGP, controlPlanes: { bgp: own } } });
  expect(peering.clusterConfigs.map(({ name }) => name)).toEqual([
    'talos-workload-control-planes',
    'talos-workload-workers',
  ]);
  expect(specsOf(peering.clusterConfigs)).toMatchObject([
    {
      nodeSelector: { matchExpressions: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }] },
      bgpInstances: [{ peers: [{ peerASN: 4200000012 }] }],
    },
    {
      nodeSelector: { matchExpressions: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'DoesNotExist' }] },
      bgpInstances: [{ peers: [{ peerASN: 4200000002 }] }],
    },
  ]);
  expect(findingsIn(chart)).toEqual([]);
  const fabrics = { controlPlanes: { bgp: { ...BGP, fabric: { ...FABRIC, localASN: 65002 } } } };
  expect(peeringWith({ cluster: { bgp: BGP, ...fabrics } }).peering.clusterConfigs).toHaveLength(1);
  const workers = peeringWith({ cluster: { workers: { bgp: BGP } } }).peering;
  expect(specsOf(workers.clusterConfigs)).toMatchObject([
    { nodeSelector: { matchExpressions: [{ operator: 'DoesNotExist' }] } },
  ]);
});

test('advertisements of your own take the place of that of the construct', () => {
  const chart = new Chart(new App({ outdir: '/tmp/never-written' }), 'c');
  const talos = new TalosCluster({ talosVersion: '1.14', hostDNS: { forwardKubeDNSToHost: false }, bgp: BGP });
  const values = { bgpControlPlane: { enabled: true } };
  const cilium = new Cilium(chart, 'cilium', { version: '1.20.0', talos, values });
  const pods = new BgpAdvertisement(chart, 'pods', { cilium, advertisements: [{ advertisementType: 'PodCIDR' }] });
  const { advertisement, peerConfigs } = new TalosBgpPeering(chart, 'talos', { cilium, advertisements: [pods] });
  expect(advertisement).toBeUndefined();
  expect(specsOf(peerConfigs)).toMatchObject([
    { families: [{ advertisements: { matchLabels: { 'cdk8s-talos-cilium/advertisement': 'pods' } } }] },
  ]);
});

test('a Cilium without such a cluster has no session with Talos, and only that is reported', () => {
  const { chart, peering } = peeringWith({ cluster: { bgp: { fabric: FABRIC } } });
  expect(peering.clusterConfigs).toEqual([]);
  expect(findingsIn(chart).map(({ id }) => id)).toEqual(['talos-bgp-peering/no-workload']);
});

test('every resource reports that the control plane is off', () => {
  const app = new App({ outdir: '/tmp/never-written' });
  const chart = new Chart(app, 'c');
  const talos = new TalosCluster({ talosVersion: '1.14', hostDNS: { forwardKubeDNSToHost: false }, bgp: BGP });
  new TalosBgpPeering(chart, 'talos', { cilium: new Cilium(chart, 'cilium', { version: '1.20.0', talos }) });
  expect(() => synthesize(app)).toThrow(/control-plane-off/);
});
