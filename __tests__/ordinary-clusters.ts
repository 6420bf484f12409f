/** Clusters as people have them, none of which may get a warning. */
import type { Chart } from 'cdk8s';
import {
  BgpAdvertisement,
  BgpClusterConfig,
  BgpPeerConfig,
  ExampleWorkload,
  Gateway,
  HTTPRoute,
  HostFirewall,
  KubeSpanRoutes,
  L2AnnouncementPolicy,
  LoadBalancerIPPool,
  CiliumNetworkPolicy,
  gatewayApiManifest,
  kubeSpanValues,
} from '../lib';
import type {
  Cilium,
  CiliumProps,
  CiliumValues,
  CiliumVersion,
  TalosCluster,
  TalosClusterProps,
  TalosPatchProps,
} from '../lib';

/** One ordinary cluster. */
export interface OrdinaryCluster {
  readonly name: string;
  readonly talos?: Partial<TalosClusterProps>;
  readonly values?: (talos: TalosCluster, version: CiliumVersion) => CiliumValues;
  readonly cilium?: Partial<CiliumProps>;
  readonly patch?: (cilium: Cilium) => Partial<TalosPatchProps>;
  /** What is in the chart behind that of Cilium. */
  readonly also?: (chart: Chart, cilium: Cilium, talos: TalosCluster) => void;
}

function homeAddresses(chart: Chart, cilium: Cilium): void {
  new LoadBalancerIPPool(chart, 'home', { cilium, blocks: ['192.168.1.200/29'] });
  new L2AnnouncementPolicy(chart, 'home-l2', { cilium, loadBalancerIPs: true });
}

function webGateway(chart: Chart, cilium: Cilium): void {
  const web = new Gateway(chart, 'web', {
    cilium,
    namespace: 'gateways',
    listeners: [{ name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: 'All' }],
  });
  new HTTPRoute(chart, 'shop', {
    cilium,
    namespace: 'shop',
    parentRefs: [web.listener('http')],
    hostnames: ['shop.example.org'],
    rules: [{ matches: ['/'], backendRefs: [{ name: 'shop', port: 8080 }] }],
  });
}

function rack(chart: Chart, cilium: Cilium): void {
  new LoadBalancerIPPool(chart, 'services', { cilium, blocks: ['10.0.200.0/24'] });
  const services = new BgpAdvertisement(chart, 'load-balancers', {
    cilium,
    advertisements: [{ advertisementType: 'Service', service: { addresses: ['LoadBalancerIP'] }, selector: 'all' }],
  });
  const router = new BgpPeerConfig(chart, 'router', {
    cilium,
    gracefulRestart: { enabled: true },
    families: [{ afi: 'ipv4', safi: 'unicast', advertisements: [services] }],
  });
  new BgpClusterConfig(chart, 'rack', {
    cilium,
    bgpInstances: [
      {
        name: 'rack',
        localASN: 65010,
        peers: [{ name: 'tor', peerASN: 65000, peerAddress: '10.0.10.2', peerConfigRef: router }],
      },
    ],
  });
  new ExampleWorkload(chart, 'example', { loadBalancerClass: 'io.cilium/bgp-control-plane' });
}

function homeWithGateway(chart: Chart, cilium: Cilium): void {
  homeAddresses(chart, cilium);
  webGateway(chart, cilium);
}

function twoFamilies(chart: Chart, cilium: Cilium): void {
  new LoadBalancerIPPool(chart, 'home', { cilium, blocks: ['192.168.1.200/29', 'fd00:1::100/120'] });
  new L2AnnouncementPolicy(chart, 'home-l2', { cilium, loadBalancerIPs: true });
}

function policies(chart: Chart, cilium: Cilium): void {
  new CiliumNetworkPolicy(chart, 'default-deny', { cilium, namespace: 'shop', endpointSelector: {}, ingress: [{}] });
  new CiliumNetworkPolicy(chart, 'shop', {
    cilium,
    namespace: 'shop',
    endpointSelector: { matchLabels: { app: 'shop' } },
    ingress: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }], toPorts: [{ ports: ['8080/TCP'] }] }],
    egress: [
      {
        toEndpoints: [{ matchLabels: { 'io.kubernetes.pod.namespace': 'kube-system', 'k8s-app': 'kube-dns' } }],
        toPorts: [{ ports: ['53/UDP', '53/TCP'], rules: { dns: ['*'] } }],
      },
      { toFQDNs: ['api.example.com'], toPorts: [{ ports: ['443/TCP'] }] },
    ],
  });
}

const WITH_GATEWAY = (cilium: Cilium): Partial<TalosPatchProps> => ({
  externalManifests: [gatewayApiManifest(cilium.version)],
});
const MONITORING = { serviceMonitor: { enabled: true } } as const;

/** The first three are tried on every pair of minors. */
export const ORDINARY_CLUSTERS: readonly OrdinaryCluster[] = [
  { name: 'defaults' },
  { name: 'defaults in a namespace', cilium: { namespace: 'cilium' } },
  {
    name: 'the README',
    values: () => ({ l2announcements: { enabled: true }, hubble: { relay: { enabled: true } } }),
    also: homeAddresses,
  },
  {
    name: 'home: L2, Gateway, Hubble',
    values: () => ({
      l2announcements: { enabled: true },
      gatewayAPI: { enabled: true, enableAlpn: true, enableAppProtocol: true },
      hubble: { relay: { enabled: true }, ui: { enabled: true } },
      operator: { replicas: 1 },
    }),
    patch: WITH_GATEWAY,
    also: homeWithGateway,
  },
  {
    name: 'home: native routing, BPF masquerading',
    talos: { hostDNS: { forwardKubeDNSToHost: false } },
    values: () => ({
      routingMode: 'native',
      ipv4NativeRoutingCIDR: '10.244.0.0/16',
      autoDirectNodeRoutes: true,
      bpf: { masquerade: true },
      l2announcements: { enabled: true },
      loadBalancer: { algorithm: 'maglev' },
      rollOutCiliumPods: true,
      operator: { rollOutPods: true },
    }),
    also: homeAddresses,
  },
  {
    name: 'one node',
    talos: { allowSchedulingOnControlPlanes: true },
    values: () => ({ operator: { replicas: 1 }, l2announcements: { enabled: true }, hubble: { enabled: false } }),
    also: homeAddresses,
  },
  {
    name: 'kube-proxy stays',
    values: () => ({ kubeProxyReplacement: false }),
  },
  {
    name: 'BGP',
    values: () => ({
      bgpControlPlane: { enabled: true },
      routingMode: 'native',
      ipv4NativeRoutingCIDR: '10.244.0.0/16',
      autoDirectNodeRoutes: true,
    }),
    also: rack,
  },
  {
    name: 'KubeSpan, native routing',
    talos: { kubeSpan: { enabled: true, advertiseKubernetesNetworks: true } },
    values: (talos) => kubeSpanValues(talos),
    also: (chart, cilium, talos) => new KubeSpanRoutes(chart, 'routes', { talos, cilium }),
  },
  {
    name: 'KubeSpan, VXLAN',
    talos: { kubeSpan: { enabled: true } },
    values: () => ({ MTU: 1420 }),
  },
  {
    name: 'Hetzner: WireGuard, ServiceMonitors',
    cilium: { apiVersions: ['monitoring.coreos.com/v1'] },
    values: () => ({
      encryption: { enabled: true, type: 'wireguard' },
      prometheus: { enabled: true, ...MONITORING },
      operator: { prometheus: { enabled: true, ...MONITORING } },
      hubble: {
        relay: { enabled: true },
        metrics: { enabled: ['dns', 'drop', 'tcp', 'flow', 'port-distribution', 'icmp', 'httpV2'], ...MONITORING },
      },
      envoy: { prometheus: MONITORING },
    }),
  },
  {
    name: 'host firewall',
    values: () => ({ hostFirewall: { enabled: true } }),
    also: (chart, cilium) =>
      new HostFirewall(chart, 'nodes', { cilium, apiFrom: ['192.168.1.0/24'], nodeNetworks: ['192.168.10.0/24'] }),
  },
  {
    name: 'both firewalls',
    talos: {
      ingressFirewall: {
        nodeNetworks: ['192.168.10.0/24'],
        apiFrom: ['192.168.1.0/24'],
        extra: [{ name: 'exporter', ports: ['9100/TCP'], from: ['cluster'] }],
      },
    },
    values: () => ({ hostFirewall: { enabled: true }, hubble: { relay: { enabled: true } } }),
    also: (chart, cilium) => new HostFirewall(chart, 'nodes', { cilium }),
  },
  {
    name: 'Ingress',
    values: () => ({
      ingressController: { enabled: true, default: true, loadbalancerMode: 'shared' },
      l2announcements: { enabled: true },
    }),
    also: homeAddresses,
  },
  {
    name: 'dual stack',
    talos: { podSubnets: ['10.244.0.0/16', 'fd00:10:244::/56'], serviceSubnets: ['10.96.0.0/12', 'fd00:10:96::/112'] },
    values: () => ({ l2announcements: { enabled: true } }),
    also: twoFamilies,
  },
  {
    name: 'policies',
    also: policies,
  },
  {
    name: 'a VIP, labels, nameservers and time servers',
    talos: {
      vip: { ip: '192.168.1.10', link: 'eth0' },
      nameservers: ['1.1.1.1', '9.9.9.9'],
      timeServers: ['time.cloudflare.com'],
      nodeLabels: { 'topology.kubernetes.io/zone': 'home' },
      installDisk: '/dev/sda',
      controlPlanes: { sysctls: { 'vm.max_map_count': '262144' } },
    },
  },
  {
    name: 'node IPAM',
    talos: { nodeLabels: { 'node.kubernetes.io/exclude-from-external-load-balancers': null } },
    values: () => ({ nodeIPAM: { enabled: true }, defaultLBServiceIPAM: 'nodeipam' }),
    also: (chart) => new ExampleWorkload(chart, 'example'),
  },
  {
    name: 'netkit and BBR',
    talos: { hostDNS: { forwardKubeDNSToHost: false } },
    values: () => ({
      routingMode: 'native',
      ipv4NativeRoutingCIDR: '10.244.0.0/16',
      autoDirectNodeRoutes: true,
      bpf: { datapathMode: 'netkit', masquerade: true },
      bandwidthManager: { enabled: true, bbr: true },
      loadBalancer: { mode: 'dsr' },
    }),
  },
];
