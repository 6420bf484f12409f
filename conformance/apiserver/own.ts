import { App, Chart } from 'cdk8s';
import type { CiliumVersion } from '../../imports/cilium-chart';
import {
  BgpAdvertisement,
  BgpClusterConfig,
  BgpNodeConfigOverride,
  BgpPeerConfig,
} from '../../lib/resources/bgp/constructs';
import { Cilium } from '../../lib/cilium/cilium';
import { ExampleWorkload } from '../../lib/demo/example-workload';
import { HelmRelease } from '../../lib/gitops/helm-release';
import { KubeSpanRoutes } from '../../lib/kubespan/routes';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { L2AnnouncementPolicy, LoadBalancerIPPool } from '../../lib/resources/load-balancer/constructs';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import { released } from '../../upstream/rules/released';

/** The objects of the library outside the chart, with every option that changes their shape, for one Cilium minor. */
export function ownObjects(ciliumMinor: string): readonly KubernetesObject[] {
  const chart = new Chart(new App(), 'own', { disableResourceNameHashes: true });
  const ciliumVersion = `${ciliumMinor}.0`;
  const cilium = released(ciliumVersion);
  const selector = {
    matchLabels: { colour: 'blue' },
    matchExpressions: [{ key: 'io.kubernetes.service.namespace', operator: 'In' as const, values: ['a', 'b'] }],
  };
  new LoadBalancerIPPool(chart, 'plain', {
    cilium,
    blocks: ['192.168.1.200/29', '192.168.2.10-192.168.2.20', '192.168.3.1', 'fd00:1::/112'],
  });
  new LoadBalancerIPPool(chart, 'full', {
    cilium,
    blocks: [{ cidr: '192.168.4.0/24' }, { start: '192.168.5.1', stop: '192.168.5.9' }],
    serviceSelector: selector,
    allowFirstLastIPs: 'No',
    disabled: true,
  });
  new L2AnnouncementPolicy(chart, 'all', { cilium, loadBalancerIPs: true });
  new L2AnnouncementPolicy(chart, 'some', {
    cilium,
    loadBalancerIPs: false,
    externalIPs: true,
    interfaces: ['^eth[0-9]+$', '(?i)enp'],
    serviceSelector: selector,
    nodeSelector: { matchExpressions: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'DoesNotExist' }] },
  });
  const kubeSpan = { enabled: true, advertiseKubernetesNetworks: true };
  const old = new TalosCluster({ talosVersion: '1.11.5', kubeSpan });
  const dual = new TalosCluster({
    talosVersion: '1.13',
    kubeSpan,
    podSubnets: ['10.244.0.0/16', 'fd00:10:244::/56'],
    serviceSubnets: ['10.96.0.0/12', 'fd00:10:96::/112'],
  });
  new KubeSpanRoutes(chart, 'routes', { talos: old, cilium });
  new KubeSpanRoutes(chart, 'dual-routes', {
    talos: dual,
    cilium,
    name: 'dual-routes',
    image: 'example.test/tools:1',
    resources: {},
  });
  new ExampleWorkload(chart, 'example');
  new ExampleWorkload(chart, 'example-node', {
    loadBalancerClass: 'io.cilium/node',
    annotations: { 'io.cilium.nodeipam/match-node-labels': 'public=true' },
  });
  new ExampleWorkload(chart, 'example-l2', {
    loadBalancerClass: 'io.cilium/l2-announcer',
    dualStack: true,
    annotations: { 'lbipam.cilium.io/ips': '192.168.1.201' },
  });
  bgp(chart, ciliumVersion);
  flux(chart, ciliumVersion, dual);
  return chart.toJson() as readonly KubernetesObject[];
}

/** Releases of a Cilium with a namespace of its own: from the repository beside it, from the registry elsewhere. */
function flux(chart: Chart, ciliumVersion: string, talos: TalosCluster): void {
  const cilium = new Cilium(new Chart(new App(), 'cilium'), 'cilium', {
    version: ciliumVersion as CiliumVersion,
    talos,
    namespace: 'network',
    values: { operator: { extraArgs: [] }, extraConfig: { 'debug-verbose': '' } },
  });
  const { version, values, namespace } = cilium;
  const inSameNamespace = Cilium.fromVersion(chart, 'flux-cilium', version, { values, talos, namespace });
  new HelmRelease(chart, 'flux', { cilium });
  new HelmRelease(chart, 'flux-elsewhere', {
    cilium: inSameNamespace,
    name: 'elsewhere',
    namespace: 'default',
    source: 'OCIRepository',
    interval: '1h30m',
  });
  new HelmRelease(chart, 'flux-mirror', {
    cilium: inSameNamespace,
    name: 'mirror',
    url: 'oci://registry.example.test/charts',
  });
}

function bgp(chart: Chart, ciliumVersion: string): void {
  // What came with 1.19.
  const cilium = released(ciliumVersion);
  const later = !ciliumVersion.startsWith('1.18.');
  const attributes = {
    communities: { standard: ['65010:1', '42'], large: ['65010:1:2'], wellKnown: ['no-export'] },
    localPreference: 200,
  } as const;
  const all = new BgpAdvertisement(chart, 'all-routes', {
    cilium,
    metadata: { labels: { advertise: 'bgp' }, annotations: { note: 'all' } },
    advertisements: [
      { advertisementType: 'PodCIDR', attributes },
      { advertisementType: 'CiliumPodIPPool', selector: 'all', attributes },
      {
        advertisementType: 'Service',
        selector: 'all',
        service: { addresses: ['LoadBalancerIP', 'ClusterIP', 'ExternalIP'] },
      },
      ...(later ? [{ advertisementType: 'Interface', interface: { name: 'dummy0' } } as const] : []),
    ],
  });
  const some = new BgpAdvertisement(chart, 'some-routes', {
    cilium,
    advertisements: [
      {
        advertisementType: 'Service',
        selector: {
          matchLabels: { colour: 'blue' },
          matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['b'] }],
        },
        service: { addresses: ['LoadBalancerIP'], aggregationLengthIPv4: 24, aggregationLengthIPv6: 64 },
        attributes,
      },
    ],
  });
  const router = new BgpPeerConfig(chart, 'router', {
    cilium,
    authSecretRef: { name: 'bgp-password' },
    ebgpMultihop: 255,
    gracefulRestart: { enabled: true, restartTimeSeconds: 4095 },
    timers: { connectRetryTimeSeconds: 1, holdTimeSeconds: 3, keepAliveTimeSeconds: 1 },
    transport: { peerPort: 1179, ...(later ? { sourceInterface: 'lo' } : {}) },
    families: [
      { afi: 'ipv4', safi: 'unicast', advertisements: [all, some] },
      { afi: 'ipv6', safi: 'unicast', advertisements: [all] },
    ],
  });
  const other = new BgpPeerConfig(chart, 'other-router', {
    cilium,
    families: [{ afi: 'ipv4', safi: 'unicast', advertisements: { matchLabels: { advertise: 'bgp' } } }],
  });
  new BgpClusterConfig(chart, 'fabric', {
    cilium,
    nodeSelector: { matchLabels: { rack: 'one' }, matchExpressions: [{ key: 'a', operator: 'Exists' }] },
    bgpInstances: [
      {
        name: 'one',
        localASN: 4294967294,
        localPort: 1790,
        peers: [
          { name: 'a', peerASN: 64512, peerAddress: '192.0.2.1', peerConfigRef: router },
          { name: 'b', peerASN: 0, peerAddress: '2001:db8::1', peerConfigRef: 'router' },
          { name: 'c', peerAddress: 'fe80::1%eth0', peerConfigRef: other },
        ],
      },
      {
        name: 'two',
        localASN: 1,
        peers: [
          {
            name: 'gateway',
            autoDiscovery: { mode: 'DefaultGateway', defaultGateway: { addressFamily: 'ipv6' } },
            peerConfigRef: other,
          },
        ],
      },
    ],
  });
  new BgpNodeConfigOverride(chart, 'worker-1.example', {
    cilium,
    bgpInstances: [
      {
        name: 'one',
        routerID: '10.255.0.1',
        localASN: 64513,
        localPort: 1791,
        peers: [{ name: 'a', localAddress: '192.0.2.11', localPort: 1 }],
      },
      { name: 'two' },
    ],
  });
}
