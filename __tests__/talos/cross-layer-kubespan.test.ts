import { testRows } from './together';
import type { Row } from './together';
import { OWN_DNS } from '../../lib/talos/cluster/example';

const SPAN = { ...OWN_DNS, kubeSpan: {} } as const;
const ADVERTISED = { ...OWN_DNS, kubeSpan: { advertiseKubernetesNetworks: true } } as const;
/** What kubeSpanValues() says, in short. */
const NATIVE = {
  routingMode: 'native',
  ipv4NativeRoutingCIDR: '10.244.0.0/16',
  MTU: 1420,
  bpf: { hostLegacyRouting: true },
} as const;
const DUAL = {
  podSubnets: ['10.244.0.0/16', 'fd00:10:244::/56'],
  serviceSubnets: ['10.96.0.0/12', 'fd00:10:96::/112'],
} as const;

describe('native routing through KubeSpan', () => {
  const good = { cluster: ADVERTISED, values: NATIVE } as const;
  const rows: readonly Row[] = [
    {
      what: 'pods that KubeSpan does not announce',
      cluster: SPAN,
      values: NATIVE,
      finds: [['kubespan/pods-not-advertised', 'error', 'talos.kubeSpan.advertiseKubernetesNetworks']],
      repaired: good,
    },
    {
      what: 'the same, where routes to the nodes bypass KubeSpan',
      cluster: SPAN,
      values: { ...NATIVE, autoDirectNodeRoutes: true },
      finds: [['kubespan/pods-not-advertised', 'warning', 'talos.kubeSpan.advertiseKubernetesNetworks']],
      repaired: good,
    },
    {
      what: 'BPF host routing past KubeSpan',
      cluster: ADVERTISED,
      values: { ...NATIVE, bpf: { masquerade: true } },
      finds: [['kubespan/host-routing', 'error', 'bpf.hostLegacyRouting']],
      repaired: { values: { ...NATIVE, bpf: { masquerade: true, hostLegacyRouting: true } } },
    },
    {
      what: 'pod addresses of another IPAM than the one that is announced',
      cluster: ADVERTISED,
      values: {
        ...NATIVE,
        ipam: { mode: 'cluster-pool', operator: { clusterPoolIPv4PodCIDRList: ['10.244.0.0/16'] } },
      },
      finds: [['kubespan/ipam', 'error', 'ipam.mode']],
      repaired: good,
    },
    {
      what: 'no word of the MTU',
      cluster: ADVERTISED,
      values: { ...NATIVE, MTU: 0 },
      finds: [['kubespan/mtu', 'warning', 'talos.kubeSpan.mtu']],
      repaired: good,
    },
    {
      what: 'the MTU of the network below',
      cluster: ADVERTISED,
      values: { ...NATIVE, MTU: 1500 },
      finds: [['kubespan/mtu', 'warning', 'MTU']],
      repaired: good,
    },
    {
      what: 'an MTU of KubeSpan for a cloud network, and the usual one for Cilium',
      cluster: { ...OWN_DNS, kubeSpan: { advertiseKubernetesNetworks: true, mtu: 1370 } },
      values: NATIVE,
      finds: [['kubespan/mtu', 'warning', 'talos.kubeSpan.mtu']],
      repaired: { values: { ...NATIVE, MTU: 1370 } },
    },
    {
      what: 'routes from node to node around KubeSpan',
      cluster: ADVERTISED,
      values: { ...NATIVE, autoDirectNodeRoutes: true },
      finds: [['kubespan/direct-node-routes', 'warning', 'autoDirectNodeRoutes']],
      repaired: good,
    },
    {
      what: 'direct server return',
      cluster: ADVERTISED,
      values: { ...NATIVE, loadBalancer: { mode: 'dsr' } },
      finds: [['kubespan/direct-return', 'warning', 'loadBalancer.mode']],
      repaired: good,
    },
    {
      what: 'direct server return for TCP only',
      cluster: ADVERTISED,
      values: { ...NATIVE, loadBalancer: { mode: 'hybrid' } },
      finds: [['kubespan/direct-return', 'warning', 'loadBalancer.dsrDispatch']],
      repaired: {
        values: { ...NATIVE, tunnelProtocol: 'geneve', loadBalancer: { mode: 'hybrid', dsrDispatch: 'geneve' } },
      },
    },
    {
      what: 'pod subnets among what KubeSpan shall not announce',
      cluster: {
        ...OWN_DNS,
        kubeSpan: { advertiseKubernetesNetworks: true, filters: { excludeAdvertisedNetworks: ['10.0.0.0/8'] } },
      },
      values: NATIVE,
      finds: [['talos-cluster/kubespan-exclude-pods', 'error', 'talos.kubeSpan.advertiseKubernetesNetworks']],
      repaired: { cluster: ADVERTISED },
    },
    {
      what: 'NICs without the link of KubeSpan',
      cluster: ADVERTISED,
      values: { ...NATIVE, devices: 'eth0' },
      finds: [['kubespan/link-left-out', 'warning', 'devices']],
      repaired: { values: { ...NATIVE, devices: ['eth0', 'kubespan'] } },
    },
    {
      what: 'netkit devices',
      cluster: ADVERTISED,
      values: { ...NATIVE, bpf: { hostLegacyRouting: true, datapathMode: 'netkit' } },
      finds: [['kubespan/netkit', 'warning', 'bpf.datapathMode']],
      repaired: good,
    },
    {
      what: 'BBR, which needs the host routing that KubeSpan cannot have',
      cluster: ADVERTISED,
      values: { ...NATIVE, bandwidthManager: { enabled: true, bbr: true } },
      finds: [['bandwidth/bbr-in-host-stack', 'error', 'bandwidthManager.bbr']],
      repaired: { values: { ...NATIVE, bandwidthManager: { enabled: true } } },
    },
    {
      what: 'BIG TCP, which needs it as well',
      cluster: ADVERTISED,
      values: { ...NATIVE, enableIPv4BIGTCP: true },
      finds: [['big-tcp/host-stack', 'error', 'bpf.hostLegacyRouting']],
      repaired: good,
    },
    {
      what: 'a filter that this Talos would refuse with the whole config',
      cluster: { talosVersion: '1.12.3', kubeSpan: { filters: { excludeAdvertisedNetworks: ['192.168.0.0/16'] } } },
      finds: [['talos-cluster/kubespan-exclude', 'error', 'talos.talosVersion']],
      repaired: {
        cluster: { talosVersion: '1.12.4', kubeSpan: { filters: { excludeAdvertisedNetworks: ['192.168.0.0/16'] } } },
      },
    },
  ];
  testRows(rows);
});

describe('tunnels through KubeSpan', () => {
  const rows: readonly Row[] = [
    {
      what: 'pods announced beside tunnels',
      cluster: ADVERTISED,
      finds: [['kubespan/advertised-in-tunnel', 'warning', 'talos.kubeSpan.advertiseKubernetesNetworks']],
      repaired: { cluster: SPAN },
    },
    {
      what: 'pods announced from ranges that Cilium does not use',
      cluster: ADVERTISED,
      values: { ipam: { mode: 'cluster-pool', operator: { clusterPoolIPv4PodCIDRList: ['10.244.0.0/16'] } } },
      finds: [['kubespan/advertised-in-tunnel', 'warning', 'routingMode']],
      repaired: { cluster: SPAN },
    },
    {
      what: 'BPF host routing beside tunnels',
      cluster: SPAN,
      values: { bpf: { masquerade: true } },
      finds: [['kubespan/host-routing-in-tunnel', 'warning', 'bpf.hostLegacyRouting']],
      repaired: { values: { bpf: { masquerade: true, hostLegacyRouting: true } } },
    },
    {
      what: 'tunnels of the size of the network below',
      cluster: SPAN,
      values: { MTU: 1500 },
      finds: [['kubespan/mtu-in-tunnel', 'warning', 'MTU']],
      repaired: { values: { MTU: 1420 } },
    },
    {
      what: 'an MTU that is taken from NICs alone',
      cluster: SPAN,
      values: { devices: ['enp1s0'] },
      finds: [['kubespan/mtu-in-tunnel', 'warning', 'devices']],
      repaired: { values: { devices: ['enp1s0'], MTU: 1420 } },
    },
    {
      what: 'too little left for IPv6',
      cluster: { ...SPAN, ...DUAL, kubeSpan: { mtu: 1280 } },
      finds: [['kubespan/mtu-for-ipv6', 'warning', 'talos.kubeSpan.mtu']],
      repaired: { cluster: { ...SPAN, ...DUAL } },
    },
    {
      what: 'encryption of Cilium in tunnels in KubeSpan, and IPv6',
      cluster: { ...SPAN, ...DUAL, kubeSpan: { mtu: 1380 } },
      values: { encryption: { enabled: true, type: 'wireguard' } },
      finds: [
        ['kubespan/mtu-for-ipv6', 'warning', 'encryption.enabled'],
        ['kubespan/encrypted-twice', 'warning', 'encryption.enabled'],
      ],
      repaired: { values: {} },
    },
    {
      what: 'encryption by both',
      cluster: SPAN,
      values: { encryption: { enabled: true, type: 'wireguard' } },
      finds: [['kubespan/encrypted-twice', 'warning', 'encryption.enabled']],
      repaired: { cluster: OWN_DNS },
    },
    {
      what: 'encryption of nodes by both',
      cluster: SPAN,
      values: { encryption: { enabled: true, type: 'wireguard', nodeEncryption: true } },
      finds: [['kubespan/node-encryption', 'warning', 'encryption.nodeEncryption']],
      repaired: { values: {} },
    },
    {
      what: 'XDP on a link that takes none',
      cluster: SPAN,
      values: { loadBalancer: { acceleration: 'native' } },
      finds: [['kubespan/xdp', 'warning', 'loadBalancer.acceleration']],
      repaired: { values: { loadBalancer: { acceleration: 'best-effort' } } },
    },
    {
      what: 'the link of KubeSpan for all devices',
      cluster: SPAN,
      values: { devices: 'kubespan' },
      finds: [['kubespan/link-alone', 'warning', 'devices']],
      repaired: { values: { devices: ['eth+', 'kubespan'] } },
    },
    {
      what: 'direct routes in tunnels',
      cluster: SPAN,
      values: { autoDirectNodeRoutes: true },
      finds: [['native-routing/direct-routes-in-tunnel', 'error', 'routingMode']],
      repaired: { values: {} },
    },
    {
      what: 'a cluster id in the bits of the mark by which KubeSpan knows its own',
      cluster: SPAN,
      values: { cluster: { id: 32, name: 'home' } },
      finds: [['talos/cluster-id-marks', 'warning', 'cluster.id']],
      repaired: { values: { cluster: { id: 31, name: 'home' } } },
    },
    {
      what: 'an MTU that carries no IPv6',
      cluster: { kubeSpan: { mtu: 1200 } },
      finds: [['talos-cluster/kubespan-mtu', 'error', 'talos.kubeSpan.mtu']],
      repaired: { cluster: { kubeSpan: { mtu: 1280 } } },
    },
    {
      what: 'a mesh whose nodes cannot find each other',
      cluster: { kubeSpan: {}, discovery: { enabled: false } },
      finds: [['talos-cluster/kubespan-discovery', 'error', 'talos.discovery']],
      repaired: { cluster: { kubeSpan: {} } },
    },
  ];
  testRows(rows);
});
