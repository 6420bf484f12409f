import { ApiObject, App, Chart } from 'cdk8s';
import { join } from 'node:path';
import type { CiliumValues, CiliumVersion } from '../../imports/cilium-chart';
import {
  BgpAdvertisement,
  BgpClusterConfig,
  BgpNodeConfigOverride,
  BgpPeerConfig,
  Cilium,
  CidrGroup,
  CiliumClusterwideNetworkPolicy,
  CiliumNetworkPolicy,
  EgressGatewayPolicy,
  ExampleWorkload,
  Gateway,
  GatewayClass,
  GatewayClassConfig,
  HTTPRoute,
  L2AnnouncementPolicy,
  LoadBalancerIPPool,
  TalosCluster,
  TalosPatch,
  gatewayApiManifest,
  synthesize,
} from '../../lib';
import type { Context } from '../../lib/cilium/context';
import type { ClusterManifests } from './clusters';
import { readClusters } from './clusters';

/** A cluster with everything on that an operator acts on, and the values that its predictions need. */
export interface Everything {
  readonly cluster: ClusterManifests;
  readonly cilium: Context;
}

const VALUES: CiliumValues = {
  kubeProxyReplacement: true,
  routingMode: 'native',
  ipv4NativeRoutingCIDR: '10.244.0.0/16',
  ipv6NativeRoutingCIDR: 'fd00:10:244::/56',
  autoDirectNodeRoutes: true,
  ipv6: { enabled: true },
  bpf: { masquerade: true, hostLegacyRouting: true },
  bgpControlPlane: { enabled: true },
  bandwidthManager: { enabled: true },
  egressGateway: { enabled: true },
  encryption: { enabled: true, type: 'wireguard' },
  envoyConfig: { enabled: true },
  gatewayAPI: { enabled: true },
  hostFirewall: { enabled: true },
  hubble: {
    enabled: true,
    relay: { enabled: true },
    ui: { enabled: true },
    tls: { auto: { method: 'cronJob' } },
    metrics: { enabled: ['dns', 'drop', 'tcp'] },
  },
  ingressController: { enabled: true, loadbalancerMode: 'dedicated', default: true },
  l2announcements: { enabled: true },
  nodeIPAM: { enabled: true },
  operator: { prometheus: { enabled: true } },
  prometheus: { enabled: true },
};

/** Writes the cluster of a release below a folder, which must be empty. */
export function writeEverything(ciliumVersion: string, folder: string): Everything {
  const app = new App({ outdir: join(folder, 'everything', 'dist') });
  const plain = { disableResourceNameHashes: true };
  const talos = new TalosCluster({
    talosVersion: '1.13',
    kubernetesVersion: '1.34.1',
    podSubnets: ['10.244.0.0/16', 'fd00:10:244::/56'],
    serviceSubnets: ['10.96.0.0/12', 'fd00:10:96::/112'],
  });
  const network = new Chart(app, 'cilium', plain);
  const version = ciliumVersion as CiliumVersion;
  const cilium = new Cilium(network, 'cilium', { version, talos, values: VALUES });
  const addresses = new Chart(app, 'addresses', plain);
  addAddresses(addresses, cilium);
  const web = new Chart(app, 'web', { ...plain, namespace: 'web' });
  addGateways(web, cilium);
  addPolicies(web, cilium);
  const demo = new Chart(app, 'demo', plain);
  new ExampleWorkload(demo, 'l2', { loadBalancerClass: 'io.cilium/l2-announcer', dualStack: true });
  new ExampleWorkload(demo, 'bgp', { loadBalancerClass: 'io.cilium/bgp-control-plane' });
  new ExampleWorkload(demo, 'nodes', { loadBalancerClass: 'io.cilium/node' });
  new ExampleWorkload(demo, 'fixed', { annotations: { 'lbipam.cilium.io/ips': '192.168.1.205' } });
  new TalosPatch(app, 'talos', {
    talos,
    cilium,
    externalManifests: [gatewayApiManifest(ciliumVersion)],
    manifests: [network, addresses, web, demo],
  });
  synthesize(app);
  const [cluster] = readClusters(folder);
  const context = cilium.rendered?.context;
  if (cluster === undefined || context === undefined)
    throw new Error(`Nothing was written for Cilium ${ciliumVersion}.`);
  return { cluster: { ...cluster, name: `everything on, Cilium ${ciliumVersion}` }, cilium: context };
}

function addAddresses(chart: Chart, cilium: Cilium): void {
  new LoadBalancerIPPool(chart, 'home', { cilium, blocks: ['192.168.1.192/26', 'fd00:1::100/120'] });
  new L2AnnouncementPolicy(chart, 'home-l2', { cilium, loadBalancerIPs: true });
  const services = new BgpAdvertisement(chart, 'services', {
    cilium,
    advertisements: [{ advertisementType: 'Service', service: { addresses: ['LoadBalancerIP'] }, selector: 'all' }],
  });
  const router = new BgpPeerConfig(chart, 'router', {
    cilium,
    authSecretRef: { name: 'bgp-password', namespace: 'kube-system' },
    families: [{ afi: 'ipv4', safi: 'unicast', advertisements: [services] }],
  });
  new BgpClusterConfig(chart, 'rack', {
    cilium,
    bgpInstances: [
      {
        name: 'rack',
        localASN: 65010,
        peers: [{ name: 'router', peerASN: 65000, peerAddress: '10.0.10.2', peerConfigRef: router }],
      },
    ],
  });
  new BgpNodeConfigOverride(chart, 'worker-1', { cilium, bgpInstances: [{ name: 'rack', routerID: '10.255.0.11' }] });
}

function addGateways(chart: Chart, cilium: Cilium): void {
  const gateway = new Gateway(chart, 'web', {
    cilium,
    listeners: [
      { name: 'http', port: 80, protocol: 'HTTP' },
      { name: 'https', port: 443, protocol: 'HTTPS', tls: { certificateRefs: ['web-tls'] } },
    ],
  });
  new HTTPRoute(chart, 'shop', {
    cilium,
    parentRefs: [gateway.listener('http')],
    hostnames: ['shop.example.org'],
    rules: [{ matches: ['/'], backendRefs: [{ name: 'shop', port: 8080 }] }],
  });
  new ApiObject(chart, 'shop-service', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'shop' },
    spec: { selector: { app: 'shop' }, ports: [{ port: 8080 }] },
  });
  const config = new GatewayClassConfig(chart, 'inner-config', { cilium, service: { externalTrafficPolicy: 'Local' } });
  const inner = new GatewayClass(chart, 'inner-class', { cilium, name: 'inner', parametersRef: config });
  new Gateway(chart, 'inner', {
    cilium,
    gatewayClassName: inner,
    listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
  });
}

function addPolicies(chart: Chart, cilium: Cilium): void {
  new CiliumNetworkPolicy(chart, 'shop-ingress', {
    cilium,
    endpointSelector: { matchLabels: { app: 'shop' } },
    ingress: [{ fromEntities: ['ingress'], toPorts: [{ ports: ['8080/TCP'], rules: { http: [{ method: 'GET' }] } }] }],
  });
  new CiliumClusterwideNetworkPolicy(chart, 'egress', {
    cilium,
    endpointSelector: {},
    egress: [{ toEntities: ['cluster'] }],
  });
  new CidrGroup(chart, 'office', { cilium, externalCIDRs: ['192.0.2.0/24'] });
  new EgressGatewayPolicy(chart, 'out', {
    cilium,
    selectors: [{ podSelector: { matchLabels: { app: 'shop' } } }],
    destinationCIDRs: ['0.0.0.0/0'],
    egressGateway: { nodeSelector: { matchLabels: { 'kubernetes.io/hostname': 'worker-1' } }, interface: 'eth0' },
  });
}
