import { judge, testRows } from './together';
import type { Row } from './together';
import type { KubernetesObject } from '../../lib';
import { OWN_DNS } from '../../lib/talos/cluster/example';

const NO_PRISM = { kubePrism: { enabled: false } } as const;
const EXCLUDED = 'node.kubernetes.io/exclude-from-external-load-balancers';
const NOT_READY = 'node.kubernetes.io/not-ready';
const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';
const DUAL = {
  podSubnets: ['10.244.0.0/16', 'fd00:10:244::/56'],
  serviceSubnets: ['10.96.0.0/12', 'fd00:10:96::/112'],
} as const;

describe('API server, KubePrism and kube-proxy', () => {
  const rows: readonly Row[] = [
    {
      what: 'the port of the API server on the address of KubePrism',
      values: { k8sServicePort: 6443 },
      finds: [['k8s-client/kube-prism', 'error', 'k8sServicePort']],
      repaired: { values: {} },
    },
    {
      what: 'KubePrism off on Talos, and used by Cilium',
      cluster: NO_PRISM,
      values: { kubeProxyReplacement: true, k8sServiceHost: 'localhost', k8sServicePort: 7445 },
      finds: [['k8s-client/kube-prism', 'error', 'talos.kubePrism']],
      repaired: { cluster: {} },
    },
    {
      what: 'KubePrism on another port than the one in every guide',
      cluster: { kubePrism: { port: 7446 } },
      values: { k8sServicePort: 7445 },
      finds: [['k8s-client/kube-prism', 'error', 'talos.kubePrism']],
      repaired: { values: {} },
    },
    {
      what: 'KubePrism off, the control plane at its loopback address',
      cluster: NO_PRISM,
      values: { kubeProxyReplacement: true, k8sServiceHost: '127.0.0.1', k8sServicePort: 6443 },
      finds: [['k8s-client/kube-prism', 'error', 'k8sServiceHost']],
      repaired: { values: { kubeProxyReplacement: true, k8sServiceHost: '192.168.1.10', k8sServicePort: 6443 } },
    },
    {
      what: 'the IPv6 loopback for KubePrism',
      values: { k8sServiceHost: '::1' },
      finds: [['talos/kube-prism-address', 'error', 'k8sServiceHost']],
      repaired: { values: { k8sServiceHost: '127.0.0.1' } },
    },
    {
      what: "the cluster address of the API server's Service",
      values: { k8sServiceHost: '10.96.0.1', k8sServicePort: 443 },
      finds: [['talos/api-server-is-a-service', 'error', 'k8sServiceHost']],
      repaired: { values: {} },
    },
    {
      what: "the name of the API server's Service",
      values: { k8sServiceHost: 'kubernetes.default.svc', k8sServicePort: 443 },
      finds: [['talos/api-server-is-a-service', 'error', 'k8sServiceHost']],
      repaired: { values: { k8sServiceHost: 'kube.example.org', k8sServicePort: 6443 } },
    },
    {
      what: 'an address of other service subnets than the usual',
      cluster: { serviceSubnets: ['172.30.0.0/16'] },
      values: { k8sServiceHost: '172.30.0.1', k8sServicePort: 443 },
      finds: [['talos/api-server-is-a-service', 'error', 'talos.serviceSubnets']],
      repaired: { values: { k8sServiceHost: '10.96.0.1', k8sServicePort: 6443 } },
    },
    {
      what: 'the port of KubePrism on the address of the control plane',
      values: { k8sServiceHost: '192.168.1.10' },
      finds: [['talos/kube-prism-elsewhere', 'warning', 'k8sServiceHost']],
      repaired: { values: { k8sServiceHost: '192.168.1.10', k8sServicePort: 6443 } },
    },
    {
      what: 'a host without a port',
      cluster: NO_PRISM,
      values: { kubeProxyReplacement: true, k8sServiceHost: '192.168.1.10' },
      finds: [['api-server/no-port', 'error', 'k8sServicePort']],
      repaired: { values: { kubeProxyReplacement: true, k8sServiceHost: '192.168.1.10', k8sServicePort: 6443 } },
    },
    {
      what: 'a host to be looked up in a cluster without DNS access',
      version: '1.19.6',
      values: { k8sServiceHost: 'auto' },
      finds: [['api-server/host-auto', 'error', 'k8sServiceHost']],
      repaired: { values: {} },
    },
    {
      what: 'the same where it is taken for a name',
      values: { k8sServiceHost: 'auto', k8sServicePort: 6443 },
      finds: [['api-server/host-auto-as-name', 'error', 'k8sServiceHost']],
      repaired: { values: {} },
    },
    {
      what: 'kube-proxy replaced without KubePrism and without an address',
      cluster: NO_PRISM,
      values: { kubeProxyReplacement: true },
      finds: [['kube-proxy-replacement/api-server', 'warning', 'k8sServiceHost']],
      repaired: { cluster: {} },
    },
    {
      what: 'L2 announcements, and KubePrism switched off, so that kube-proxy stays',
      cluster: NO_PRISM,
      values: { l2announcements: { enabled: true } },
      finds: [['l2-announcements/kube-proxy-kept', 'warning', 'kubeProxyReplacement']],
      repaired: { cluster: {} },
    },
    {
      what: 'Gateway API beside the kube-proxy of Talos',
      values: { kubeProxyReplacement: false, gatewayAPI: { enabled: true } },
      finds: [['gateway-api/kube-proxy-kept', 'warning', 'kubeProxyReplacement']],
      repaired: { values: { gatewayAPI: { enabled: true } } },
    },
    {
      what: 'Ingress beside the kube-proxy of Talos',
      values: { kubeProxyReplacement: false, ingressController: { enabled: true } },
      finds: [['ingress/kube-proxy-kept', 'warning', 'kubeProxyReplacement']],
      repaired: { values: { ingressController: { enabled: true } } },
    },
    {
      what: 'Maglev beside the kube-proxy of Talos',
      values: { kubeProxyReplacement: false, loadBalancer: { algorithm: 'maglev' } },
      finds: [['load-balancer/without-replacement', 'warning', 'kubeProxyReplacement']],
      repaired: { values: { loadBalancer: { algorithm: 'maglev' } } },
    },
    {
      what: 'the words for kube-proxy replacement of before 1.14',
      values: { kubeProxyReplacement: 'strict' as never },
      finds: [['kube-proxy-replacement/word', 'error', 'kubeProxyReplacement']],
      repaired: { values: { kubeProxyReplacement: true } },
    },
  ];
  testRows(rows);
});

describe('host DNS', () => {
  const rows: readonly Row[] = [
    {
      what: 'BPF masquerading while CoreDNS asks the node',
      values: { bpf: { masquerade: true } },
      finds: [['masquerade/host-dns', 'warning', 'talos.hostDNS.forwardKubeDNSToHost']],
      repaired: { values: { bpf: { masquerade: true, hostLegacyRouting: true } } },
    },
    {
      what: 'the same, cured on the side of Talos',
      values: { bpf: { masquerade: true }, routingMode: 'native', ipv4NativeRoutingCIDR: '10.244.0.0/16' },
      finds: [['masquerade/host-dns', 'warning', 'bpf.masquerade']],
      repaired: { cluster: OWN_DNS },
    },
    {
      what: 'no masquerading at all, which is BPF host routing too',
      values: { enableIPv4Masquerade: false, bgpControlPlane: { enabled: true } },
      finds: [['masquerade/host-dns', 'warning', 'talos.hostDNS.forwardKubeDNSToHost']],
      repaired: { cluster: OWN_DNS },
    },
    {
      what: 'netkit with what it needs while CoreDNS asks the node',
      values: { bpf: { datapathMode: 'netkit', masquerade: true } },
      finds: [['masquerade/host-dns', 'warning', 'talos.hostDNS.forwardKubeDNSToHost']],
      repaired: { cluster: OWN_DNS },
    },
    {
      what: 'the cache of nodes off, and CoreDNS to ask it',
      cluster: { hostDNS: { enabled: false, forwardKubeDNSToHost: true } },
      finds: [['talos-cluster/host-dns', 'error', 'talos.hostDNS.enabled']],
      repaired: { cluster: { hostDNS: { enabled: false } } },
    },
  ];
  testRows(rows);
});

describe('ranges of addresses', () => {
  const native = (ipv4NativeRoutingCIDR: string): object => ({ routingMode: 'native', ipv4NativeRoutingCIDR });
  const pool = (cidr: string, mask = 24): object => ({
    ipam: { mode: 'cluster-pool', operator: { clusterPoolIPv4PodCIDRList: [cidr], clusterPoolIPv4MaskSize: mask } },
  });
  const pools = (cidr: string): object => ({
    ipam: {
      mode: 'multi-pool',
      operator: { autoCreateCiliumPodIPPools: { default: { ipv4: { cidrs: [cidr], maskSize: 27 } } } },
    },
  });
  const rows: readonly Row[] = [
    {
      what: 'the native routing network of another distribution',
      values: native('10.42.0.0/16'),
      finds: [['talos/native-routing-network', 'warning', 'talos.podSubnets']],
      repaired: { values: native('10.244.0.0/16') },
    },
    {
      what: 'other pod subnets than those of Cilium',
      cluster: { podSubnets: ['10.42.0.0/16'] },
      values: native('10.244.0.0/16'),
      finds: [['talos/native-routing-network', 'warning', 'ipv4NativeRoutingCIDR']],
      repaired: { values: native('10.42.0.0/16') },
    },
    {
      what: 'the service subnet for the native routing network',
      values: native('10.96.0.0/12'),
      finds: [['talos/native-routing-network', 'warning', 'ipv4NativeRoutingCIDR']],
      repaired: { values: native('10.244.0.0/16') },
    },
    {
      what: 'everything is routed natively',
      values: native('0.0.0.0/0'),
      finds: [['talos/native-routing-too-wide', 'warning', 'ipv4NativeRoutingCIDR']],
      repaired: { values: native('10.0.0.0/8') },
    },
    {
      what: 'a native routing network without a prefix',
      values: native('10.244.0.0'),
      finds: [['native-routing/no-network', 'error', 'ipv4NativeRoutingCIDR']],
      repaired: { values: native('10.244.0.0/16') },
    },
    {
      what: 'IPv6 in the place of IPv4',
      values: native('fd00:10:244::/56'),
      finds: [['native-routing/no-network', 'error', 'ipv4NativeRoutingCIDR']],
      repaired: { values: native('10.244.0.0/16') },
    },
    {
      what: 'native routing, and nothing said of which network',
      values: { routingMode: 'native' },
      finds: [['native-routing/ipv4-cidr-for-agent', 'warning', 'ipv4NativeRoutingCIDR']],
      repaired: { values: native('10.244.0.0/16') },
    },
    {
      what: "the chart's own pool, 10.0.0.0/8",
      values: { ipam: { mode: 'cluster-pool' } },
      finds: [['talos/cluster-pool', 'warning', 'talos.podSubnets']],
      repaired: { values: {} },
    },
    {
      what: 'a pool that was 10.244.0.0/16 before the pod subnets moved',
      cluster: { podSubnets: ['10.200.0.0/16'] },
      values: pool('10.244.0.0/16'),
      finds: [['talos/cluster-pool', 'warning', 'ipam.operator']],
      repaired: { values: pool('10.200.0.0/16') },
    },
    {
      what: 'a pool among the services',
      values: pool('10.100.0.0/16'),
      finds: [['talos/pool-in-services', 'warning', 'talos.serviceSubnets']],
      repaired: { values: pool('10.244.0.0/16') },
    },
    {
      what: 'a pool that is smaller than the share of one node',
      values: pool('10.244.0.0/25', 24),
      finds: [['pod-ip-pools/unusable', 'error', 'ipam.operator']],
      repaired: { values: pool('10.244.0.0/16', 24) },
    },
    {
      what: 'a pool of multi-pool outside the pod subnets',
      values: pools('10.10.0.0/16'),
      finds: [['talos/multi-pool', 'warning', 'ipam.operator.autoCreateCiliumPodIPPools']],
      repaired: { values: pools('10.244.0.0/17') },
    },
    {
      what: 'a pool of multi-pool among the services',
      values: pools('10.96.128.0/17'),
      finds: [['talos/multi-pool-in-services', 'warning', 'talos.serviceSubnets']],
      repaired: { values: pools('10.244.0.0/17') },
    },
    {
      what: 'IPv6 on in Cilium and no IPv6 subnets on Talos',
      values: { ipv6: { enabled: true } },
      finds: [['talos/pod-family', 'error', 'talos.podSubnets']],
      repaired: { cluster: DUAL },
    },
    {
      what: 'an IPv6-only cluster with IPv4 on in Cilium',
      cluster: { podSubnets: ['fd00:10:244::/56'], serviceSubnets: ['fd00:10:96::/112'] },
      values: { ipv4: { enabled: true } },
      finds: [['talos/pod-family', 'error', 'ipv4.enabled']],
      repaired: { values: {} },
    },
    {
      what: 'IPv6 subnets on Talos and IPv6 off in Cilium',
      cluster: DUAL,
      values: { ipv6: { enabled: false } },
      finds: [['talos/pod-family-unused', 'warning', 'ipv6.enabled']],
      repaired: { values: {} },
    },
    {
      what: 'an IPv6 range that agents wait for forever',
      values: { k8s: { requireIPv6PodCIDR: true } },
      finds: [['talos/required-family', 'error', 'k8s.requireIPv6PodCIDR']],
      repaired: { cluster: DUAL },
    },
    {
      what: 'private pod addresses that go out as they are',
      values: { enableIPv4Masquerade: false, bpf: { hostLegacyRouting: true } },
      finds: [['talos/unroutable-pods', 'warning', 'enableIPv4Masquerade']],
      repaired: { values: { bpf: { hostLegacyRouting: true } } },
    },
    {
      what: 'unique local IPv6 pod addresses that go out as they are',
      cluster: DUAL,
      values: { enableIPv6Masquerade: false },
      finds: [['talos/unroutable-pods', 'warning', 'enableIPv6Masquerade']],
      repaired: { values: { enableIPv6Masquerade: false, bgpControlPlane: { enabled: true } } },
    },
    {
      what: 'fewer addresses on a node than pods',
      cluster: { nodeCIDRMaskSizeIPv4: 26 },
      finds: [['talos/node-range', 'warning', 'talos.nodeCIDRMaskSizeIPv4']],
      repaired: { cluster: { nodeCIDRMaskSizeIPv4: 25 } },
    },
    {
      what: 'more pods on a node than its range has addresses',
      cluster: { maxPods: 300 },
      finds: [['talos/node-range', 'warning', 'talos.maxPods']],
      repaired: { cluster: { maxPods: 250 } },
    },
    {
      what: 'more pods on control planes than their range has addresses',
      cluster: { maxPods: 60, controlPlanes: { maxPods: 400 } },
      finds: [['talos/node-range', 'warning', 'talos.controlPlanes.maxPods']],
      repaired: { cluster: { maxPods: 60, controlPlanes: { maxPods: 400 }, nodeCIDRMaskSizeIPv4: 23 } },
    },
    {
      what: 'few addresses on a node, with the hint to lower maxPods followed',
      cluster: { nodeCIDRMaskSizeIPv4: 27 },
      finds: [['talos/node-range', 'warning', 'talos.nodeCIDRMaskSizeIPv4']],
      repaired: { cluster: { nodeCIDRMaskSizeIPv4: 27, maxPods: 28 } },
    },
    {
      what: 'parts of the cluster pool that are smaller than maxPods',
      cluster: { maxPods: 250 },
      values: {
        ipam: {
          mode: 'cluster-pool',
          operator: { clusterPoolIPv4PodCIDRList: ['10.244.0.0/16'], clusterPoolIPv4MaskSize: 25 },
        },
      },
      finds: [['talos/node-range', 'warning', 'ipam.operator.clusterPoolIPv4MaskSize']],
      repaired: {
        values: {
          ipam: { mode: 'cluster-pool', operator: { clusterPoolIPv4PodCIDRList: ['10.244.0.0/16'] } },
        },
      },
    },
    {
      what: 'an IPv6 range that is smaller than maxPods',
      cluster: { ...DUAL, podSubnets: ['10.244.0.0/16', 'fd00:10:244::/112'], nodeCIDRMaskSizeIPv6: 122 },
      values: { bpf: { hostLegacyRouting: true } },
      finds: [['talos/node-range', 'warning', 'talos.nodeCIDRMaskSizeIPv6']],
      repaired: {
        cluster: { ...DUAL, podSubnets: ['10.244.0.0/16', 'fd00:10:244::/112'], nodeCIDRMaskSizeIPv6: 121 },
        values: { bpf: { hostLegacyRouting: true } },
      },
    },
    {
      what: 'many pods on workers that the cluster does not have',
      cluster: { maxPods: 110, workers: { maxPods: 500 } },
      finds: [['talos/node-range', 'warning', 'talos.workers.maxPods']],
      repaired: { cluster: { maxPods: 110, workers: { maxPods: 500 }, nodes: { workers: 0 } } },
    },
    {
      what: 'pods and services in one network',
      cluster: { podSubnets: ['10.96.0.0/16'] },
      finds: [['talos-cluster/subnet-overlap', 'error', 'talos.serviceSubnets[0]']],
      repaired: { cluster: {} },
    },
    {
      what: 'a share of one node that is larger than the pod subnet',
      cluster: { podSubnets: ['10.244.0.0/24'], nodeCIDRMaskSizeIPv4: 23 },
      finds: [['talos-cluster/node-mask', 'error', 'talos.nodeCIDRMaskSizeIPv4']],
      repaired: { cluster: { nodeCIDRMaskSizeIPv4: 23 } },
    },
  ];
  testRows(rows);
});

describe('DNS of the cluster', () => {
  const relay = { hubble: { relay: { enabled: true } } } as const;
  const mcs = (clusterDomain: string): object => ({
    clustermesh: { mcsapi: { enabled: true, corednsAutoConfigure: { enabled: true, coredns: { clusterDomain } } } },
  });
  const rows: readonly Row[] = [
    {
      what: 'Hubble Relay that looks for its peers in the default domain',
      cluster: { dnsDomain: 'home.example.org' },
      values: { hubble: { relay: { enabled: true }, peerService: { clusterDomain: 'cluster.local' } } },
      finds: [['talos/dns-domain', 'warning', 'hubble.peerService.clusterDomain']],
      repaired: { values: relay },
    },
    {
      what: 'Hubble Relay in a domain that the Talos cluster does not name',
      values: { hubble: { relay: { enabled: true }, peerService: { clusterDomain: 'home.example.org' } } },
      finds: [['talos/dns-domain', 'warning', 'talos.dnsDomain']],
      repaired: { cluster: { dnsDomain: 'home.example.org' } },
    },
    {
      what: 'CoreDNS that is configured for another domain',
      version: '1.20.0',
      cluster: { dnsDomain: 'home.example.org' },
      values: mcs('cluster.local'),
      finds: [['talos/dns-domain', 'warning', 'corednsAutoConfigure.coredns.clusterDomain']],
      repaired: { version: '1.20.0', values: mcs('home.example.org') },
    },
    {
      what: 'CoreDNS off, and no other DNS server in the patch',
      cluster: { coreDNS: { enabled: false } },
      objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' }, data: {} }],
      finds: [['talos-patch/no-dns', 'warning', 'talos.coreDNS.enabled']],
      repaired: { cluster: { coreDNS: { enabled: false, podLabels: { 'k8s-app': 'coredns' } } } },
    },
  ];
  testRows(rows);

  it('has the domain of the Talos cluster without a finding, while nothing reads it', () => {
    expect(judge({ cluster: { ...OWN_DNS, dnsDomain: 'home.example.org' } })).toEqual([]);
    expect(judge({ cluster: { ...OWN_DNS, dnsDomain: 'home.example.org' }, values: relay })).toEqual([]);
  });
});

describe('links of the nodes', () => {
  const BOND = { links: ['bond0', 'bond0.10'] } as const;
  const rows: readonly Row[] = [
    {
      what: 'devices that no node has',
      cluster: BOND,
      values: { devices: 'eth+' },
      finds: [['talos/no-device', 'error', 'devices']],
      repaired: { values: { devices: 'bond+' } },
    },
    {
      what: 'devices that workers do not have',
      cluster: { ...BOND, workers: { links: ['eno1'] } },
      values: { devices: ['bond0'] },
      finds: [['talos/no-device', 'error', 'talos.workers.links']],
      repaired: { values: { devices: ['bond0', 'eno+'] } },
    },
    {
      what: 'devices that no node has, where nothing needs one',
      cluster: { ...BOND, kubePrism: { enabled: false } },
      values: { devices: 'eth+' },
      finds: [['talos/no-device', 'warning', 'talos.links']],
      repaired: { values: { devices: 'eth+', forceDeviceDetection: true } },
    },
    {
      what: 'one of two devices that no node has',
      cluster: BOND,
      values: { devices: ['bond0', 'eth1'] },
      finds: [['talos/unknown-link', 'warning', 'devices']],
      repaired: { values: { devices: ['bond0', 'eth+'] } },
    },
    {
      what: 'a direct routing device that no node has',
      cluster: BOND,
      values: { nodePort: { directRoutingDevice: 'eth0' } },
      finds: [['talos/unknown-link', 'warning', 'nodePort.directRoutingDevice']],
      repaired: { values: { nodePort: { directRoutingDevice: 'bond+' } } },
    },
    {
      what: 'pods that are announced on a link that no node has',
      version: '1.19.6',
      cluster: BOND,
      values: { l2podAnnouncements: { enabled: true, interfacePattern: '^eth' } },
      finds: [['talos/unknown-link', 'warning', 'l2podAnnouncements.interfacePattern']],
      repaired: {
        version: '1.19.6',
        values: { l2podAnnouncements: { enabled: true, interfacePattern: '^bond0$' } },
      },
    },
    {
      what: 'masquerading on a link that no node has',
      cluster: BOND,
      values: { egressMasqueradeInterfaces: 'eth+' },
      finds: [['talos/unknown-link', 'warning', 'egressMasqueradeInterfaces']],
      repaired: { values: { egressMasqueradeInterfaces: 'bond+' } },
    },
    {
      what: 'Services that are announced on a link that no node has',
      cluster: BOND,
      values: { l2announcements: { enabled: true } },
      objects: [l2Policy('^eth0$')],
      finds: [['l2-policy/no-device', 'error', 'talos.links']],
      repaired: { objects: [l2Policy('^bond0')] },
    },
    {
      what: 'Services that are announced on a link that devices exclude',
      cluster: { links: ['eth0', 'bond0'] },
      values: { l2announcements: { enabled: true }, devices: 'bond+' },
      objects: [l2Policy('^eth0$')],
      finds: [['l2-policy/no-device', 'error', 'talos.links']],
      repaired: { objects: [l2Policy('^bond')] },
    },
    {
      what: 'the virtual IP on a link that no control plane has',
      cluster: { ...BOND, vip: { ip: '192.168.1.5', link: 'eth0' } },
      objects: [],
      finds: [['talos-cluster/vip-unknown-link', 'warning', 'talos.vip.link']],
      repaired: { cluster: { ...BOND, vip: { ip: '192.168.1.5', link: 'bond0' } } },
    },
  ];
  testRows(rows);

  it.each([
    ['a pattern for other machines beside one that matches', { devices: 'eno+ bond+' }],
    ['a link that programs make', { devices: ['dummy0', 'bond0'] }],
    ['all but one link', { devices: ['!bond0.10', 'bond+'] }],
    ['detected devices', {}],
    ['no link at all', { nodePort: { directRoutingDevice: 'bond0.10' } }],
  ])('are not missed by %s', (_, values) => {
    expect(judge({ cluster: { ...OWN_DNS, ...BOND }, version: '1.19.6', values })).toEqual([]);
  });

  it('are unknown where only some are listed', () => {
    const cluster = { ...OWN_DNS, controlPlanes: { links: ['bond0'] } };
    expect(judge({ cluster, values: { nodePort: { directRoutingDevice: 'eth0' } } })).toEqual([]);
    const alone = { ...cluster, nodes: { controlPlanes: 3, workers: 0 }, allowSchedulingOnControlPlanes: true };
    expect(judge({ cluster: alone, values: { nodePort: { directRoutingDevice: 'eth0' } } })).toHaveLength(1);
  });
});

function l2Policy(...interfaces: readonly string[]): KubernetesObject {
  return {
    apiVersion: 'cilium.io/v2alpha1',
    kind: 'CiliumL2AnnouncementPolicy',
    metadata: { name: 'lan' },
    spec: { loadBalancerIPs: true, interfaces },
  };
}

describe('properties of Talos nodes', () => {
  const rows: readonly Row[] = [
    {
      what: "the chart's own list of capabilities",
      values: { securityContext: { capabilities: { ciliumAgent: ['NET_ADMIN', 'SYS_MODULE', 'SYS_ADMIN'] } } },
      finds: [['talos/capabilities', 'error', 'securityContext.capabilities']],
      repaired: { values: {} },
    },
    {
      what: 'SYS_MODULE for the container that cleans up',
      values: { securityContext: { capabilities: { cleanCiliumState: ['NET_ADMIN', 'SYS_MODULE'] } } },
      finds: [['talos/capabilities', 'error', 'securityContext.capabilities']],
      repaired: { values: {} },
    },
    {
      what: 'cgroup mounted once more',
      values: { cgroup: { autoMount: { enabled: true } } },
      finds: [['talos/cgroup-mounted', 'warning', 'cgroup.autoMount.enabled']],
      repaired: { values: {} },
    },
    {
      what: 'the misspelt switch of 12 public value files',
      values: { cgroup: { automount: { enabled: false } } } as never,
      finds: [['values/unknown', 'error', 'cgroup.automount']],
      repaired: { values: {} },
    },
    {
      what: 'cgroup elsewhere than Talos has it',
      values: { cgroup: { hostRoot: '/run/cilium/cgroupv2' } },
      finds: [['talos/cgroup-root', 'warning', 'cgroup.hostRoot']],
      repaired: { values: {} },
    },
    {
      what: 'scripts that prepare a node which has no shell',
      values: { nodeinit: { enabled: true } },
      finds: [['node-init/refused', 'error', 'nodeinit.enabled']],
      repaired: { values: {} },
    },
    {
      what: 'CNI plugins where another system looks for them',
      values: { cni: { binPath: '/usr/libexec/cni' } },
      finds: [['talos/cni-folders', 'warning', 'cni.binPath']],
      repaired: { values: {} },
    },
    {
      what: 'a CNI configuration that nothing writes',
      values: { cni: { install: false } },
      finds: [['talos/no-cni-config', 'warning', 'cni.install']],
      repaired: { values: { cni: { install: false, customConf: true } } },
    },
    {
      what: 'a folder on the read-only file system',
      values: { daemon: { runPath: '/srv/cilium' } },
      finds: [['talos/read-only-folder', 'warning', 'daemon.runPath']],
      repaired: { values: { daemon: { runPath: '/run/cilium' } } },
    },
    {
      what: 'a mount that is to be made in /etc',
      values: {
        extraHostPathMounts: [
          { name: 'certs', hostPath: '/etc/certs', mountPath: '/certs', hostPathType: 'DirectoryOrCreate' },
        ],
      },
      finds: [['talos/read-only-folder', 'warning', 'extraHostPathMounts']],
      repaired: {
        values: {
          extraHostPathMounts: [
            { name: 'certs', hostPath: '/var/certs', mountPath: '/certs', hostPathType: 'DirectoryOrCreate' },
          ],
        },
      },
    },
    {
      what: 'another namespace without the label that admits Cilium',
      namespace: 'cilium',
      finds: [['talos/namespace', 'warning', 'namespace']],
      repaired: { namespace: 'kube-system' },
    },
    {
      what: 'SPIRE in a namespace that admits none of its agents',
      values: { authentication: { enabled: true, mutual: { spire: { enabled: true } } } },
      finds: [['talos/spire-namespace', 'warning', 'authentication.mutual.spire.install.namespace']],
      repaired: {
        values: {
          authentication: { enabled: true, mutual: { spire: { enabled: true, install: { existingNamespace: true } } } },
        },
      },
    },
    {
      what: 'an agent that tolerates no taints',
      values: { tolerations: [] },
      finds: [['talos/not-ready-nodes', 'warning', 'tolerations']],
      repaired: { values: {} },
    },
    {
      what: 'an agent that waits until nodes are ready',
      values: { tolerations: [{ key: CONTROL_PLANE, operator: 'Exists', effect: 'NoSchedule' }] },
      finds: [['talos/not-ready-nodes', 'warning', 'tolerations']],
      repaired: { values: { tolerations: [{ operator: 'Exists' }] } },
    },
    {
      what: 'an operator that waits until nodes are ready',
      values: { operator: { tolerations: [{ key: CONTROL_PLANE, operator: 'Exists' }] } },
      finds: [['talos/not-ready-nodes', 'warning', 'operator.tolerations']],
      repaired: { values: { operator: { tolerations: [{ key: NOT_READY, operator: 'Exists' }] } } },
    },
    {
      what: 'an agent that stays off control planes',
      values: { tolerations: [{ key: NOT_READY, operator: 'Exists' }] },
      finds: [['talos/control-plane-taint', 'warning', 'tolerations']],
      repaired: { cluster: { allowSchedulingOnControlPlanes: true } },
    },
    {
      what: 'an Envoy that stays off control planes',
      values: { envoy: { tolerations: [{ key: NOT_READY, operator: 'Exists' }] } },
      finds: [['talos/control-plane-taint', 'warning', 'envoy.tolerations']],
      repaired: { values: {} },
    },
    {
      what: 'addresses of nodes, and only control planes to give them',
      values: { nodeIPAM: { enabled: true } },
      finds: [['talos/node-ipam-control-planes', 'warning', 'talos.nodeLabels']],
      repaired: { cluster: { nodeLabels: { [EXCLUDED]: null } } },
    },
    {
      what: 'addresses of nodes, all of which are labelled to give none',
      cluster: { nodeLabels: { [EXCLUDED]: 'true' } },
      values: { nodeIPAM: { enabled: true } },
      finds: [['talos/node-ipam-all-excluded', 'error', 'talos.nodeLabels']],
      repaired: { cluster: { nodeLabels: { [EXCLUDED]: null } } },
    },
    {
      what: 'a Kubernetes that this Cilium is not tested with',
      cluster: { kubernetesVersion: '1.36.3' },
      finds: [['talos/kubernetes-untested', 'warning', 'talos.kubernetesVersion']],
      repaired: { version: '1.20.0' },
    },
    {
      what: 'a Cilium that is too new for the Kubernetes',
      cluster: { talosVersion: '1.12', kubernetesVersion: '1.31.4' },
      version: '1.20.0',
      finds: [['talos/kubernetes-untested', 'warning', 'talos.kubernetesVersion']],
      repaired: { version: '1.18.4' },
    },
    {
      what: 'objects for another Kubernetes than the cluster runs',
      kubeVersion: '1.29.0',
      finds: [['talos/kube-version', 'warning', 'kubeVersion']],
      repaired: { kubeVersion: undefined },
    },
    {
      what: 'a Kubernetes that this Talos does not run',
      cluster: { talosVersion: '1.14', kubernetesVersion: '1.31.0' },
      finds: [['talos-cluster/kubernetes-version', 'error', 'talos.kubernetesVersion']],
      repaired: { cluster: { talosVersion: '1.14', kubernetesVersion: '1.34.0' } },
    },
    {
      what: 'documents for a Talos that knows none',
      cluster: { generatedBy: '1.14' },
      finds: [['talos-cluster/generated-by', 'error', 'talos.generatedBy']],
      repaired: { cluster: { talosVersion: '1.14', generatedBy: '1.14' } },
    },
    {
      what: 'netkit with the routing of the host',
      values: { bpf: { datapathMode: 'netkit', hostLegacyRouting: true } },
      finds: [['bpf-datapath/netkit-in-host-stack', 'warning', 'bpf.datapathMode']],
      repaired: { values: { bpf: { datapathMode: 'netkit', masquerade: true } }, cluster: OWN_DNS },
    },
  ];
  testRows(rows);
});

describe('ports of nodes', () => {
  const shared = (port: number, more: object = {}): object => ({
    ingressController: {
      enabled: true,
      loadbalancerMode: 'shared',
      hostNetwork: { enabled: true, sharedListenerPort: port, ...more },
    },
  });
  const rows: readonly Row[] = [
    {
      what: "metrics on the port of Talos' API",
      values: { prometheus: { enabled: true, port: 50000 } },
      finds: [['talos-port/prometheus.port', 'error', 'prometheus.port']],
      repaired: { values: { prometheus: { enabled: true } } },
    },
    {
      what: 'Hubble metrics on the port of the metrics of the operator, which then never starts',
      values: { hubble: { metrics: { enabled: ['dns'], port: 9963 } } },
      finds: [['host-ports/twice', 'error', 'hubble.metrics.port']],
      repaired: {
        values: { operator: { prometheus: { port: 9966 } }, hubble: { metrics: { enabled: ['dns'], port: 9963 } } },
      },
    },
    {
      what: 'metrics of the operator on the port of its health',
      values: { operator: { prometheus: { port: 9234 } } },
      finds: [['host-ports/twice', 'error', 'operator.prometheus.port']],
      repaired: { values: { operator: { prometheus: { enabled: false, port: 9234 } } } },
    },
    {
      what: 'metrics of the agent on the gops port of the operator',
      values: { prometheus: { enabled: true, port: 9891 } },
      finds: [['host-ports/twice', 'error', 'prometheus.port']],
      repaired: { values: { prometheus: { enabled: true, port: 9892 } } },
    },
    {
      what: 'Ingresses on the port of Hubble',
      values: shared(4244),
      finds: [['host-ports/twice', 'error', 'ingressController.hostNetwork.sharedListenerPort']],
      repaired: { values: shared(8080) },
    },
    {
      what: 'two listeners on the same port of the loopback address',
      values: { pprof: { enabled: true, port: 9879 } },
      finds: [['host-ports/twice', 'error', 'pprof.port']],
      repaired: { values: { pprof: { enabled: true } } },
    },
    {
      what: "mutual authentication on the health port of SPIRE's agent",
      values: {
        authentication: {
          enabled: true,
          mutual: {
            port: 4251,
            spire: { enabled: true, install: { existingNamespace: true, namespace: 'kube-system' } },
          },
        },
      },
      finds: [['host-ports/twice', 'error', 'authentication.mutual.port']],
      repaired: { values: { authentication: { enabled: true, mutual: { port: 4251 } } } },
    },
    {
      what: 'Hubble on the port of the kubelet',
      values: { hubble: { listenAddress: ':10250', peerService: { targetPort: 10250 } } },
      finds: [['talos-port/hubble.listenAddress', 'error', 'hubble.listenAddress']],
      repaired: { values: { hubble: { listenAddress: ':4245', peerService: { targetPort: 4245 } } } },
    },
    {
      what: 'metrics of the operator on the port of kube-controller-manager',
      values: { operator: { prometheus: { enabled: true, port: 10257 } } },
      finds: [['talos-port/operator.prometheus.port', 'error', 'operator.prometheus.port']],
      repaired: { values: {} },
    },
    {
      what: 'the health check of Envoy on the port of etcd',
      values: { envoy: { healthPort: 2379 } },
      finds: [['talos-port/envoy.healthPort', 'error', 'envoy.healthPort']],
      repaired: { values: {} },
    },
    {
      what: 'the health check for load balancers on the port of the kubelet',
      values: { kubeProxyReplacementHealthzBindAddr: '0.0.0.0:10250' },
      finds: [['talos-port/kubeProxyReplacementHealthzBindAddr', 'error', 'kubeProxyReplacementHealthzBindAddr']],
      repaired: { values: { kubeProxyReplacementHealthzBindAddr: '0.0.0.0:10256' } },
    },
    {
      what: 'Ingress on the port of the API server',
      values: shared(6443),
      finds: [
        [
          'talos-port/ingressController.hostNetwork.sharedListenerPort',
          'error',
          'ingressController.hostNetwork.sharedListenerPort',
        ],
      ],
      repaired: { values: shared(6443, { nodes: { matchLabels: { role: 'ingress' } } }) },
    },
    {
      what: 'Ingress on the port that KubePrism was moved to',
      cluster: { kubePrism: { port: 8080 } },
      values: shared(8080),
      finds: [
        [
          'talos-port/ingressController.hostNetwork.sharedListenerPort',
          'error',
          'ingressController.hostNetwork.sharedListenerPort',
        ],
      ],
      repaired: { cluster: {} },
    },
    {
      what: 'KubePrism on a port of the kubelet',
      cluster: { kubePrism: { port: 10250 } },
      finds: [['talos-cluster/kube-prism-port', 'error', 'talos.kubePrism.port']],
      repaired: { cluster: {} },
    },
    {
      what: 'tunnels on the port of KubeSpan',
      cluster: { kubeSpan: {} },
      values: { tunnelPort: 51820 },
      finds: [['talos-port/tunnelPort', 'error', 'tunnelPort']],
      repaired: { values: {} },
    },
    {
      what: "tunnels on the port of Cilium's WireGuard",
      values: { tunnelPort: 51871, encryption: { enabled: true, type: 'wireguard' } },
      finds: [['encryption/tunnel-port', 'error', 'tunnelPort']],
      repaired: { values: { encryption: { enabled: true, type: 'wireguard' } } },
    },
    {
      what: "NodePorts around Talos' own ports",
      values: { nodePort: { range: '30000,52000' } },
      finds: [['talos/node-port-range', 'warning', 'nodePort.range']],
      repaired: { values: { nodePort: { range: '30000,32767' } } },
    },
    {
      what: 'Ingress on ports that Envoy may not open',
      values: shared(80),
      finds: [['ingress/low-ports', 'warning', 'ingressController.hostNetwork']],
      repaired: { values: shared(8080) },
    },
    {
      what: 'gateways on ports of the host without the capability',
      values: { gatewayAPI: { enabled: true, hostNetwork: { enabled: true } } },
      finds: [['gateway-api/low-ports', 'warning', 'gatewayAPI.hostNetwork.enabled']],
      repaired: {
        values: {
          gatewayAPI: { enabled: true, hostNetwork: { enabled: true } },
          envoy: {
            securityContext: {
              capabilities: { keepCapNetBindService: true, envoy: ['NET_ADMIN', 'SYS_ADMIN', 'NET_BIND_SERVICE'] },
            },
          },
        },
      },
    },
  ];
  testRows(rows);
});

describe('the source of Service addresses', () => {
  const nodes = { nodeIPAM: { enabled: true }, defaultLBServiceIPAM: 'nodeipam' } as const;
  const pinned = { tag: 'v1.20.2', useDigest: false } as const;
  const later = { image: pinned, operator: { image: pinned }, l2announcements: { enabled: true } } as const;
  const rows: readonly Row[] = [
    {
      what: 'addresses of nodes by default, and node IPAM off',
      values: { defaultLBServiceIPAM: 'nodeipam' },
      finds: [['load-balancer-ipam/default-is-off', 'warning', 'nodeIPAM.enabled']],
      repaired: { values: nodes },
    },
    {
      what: 'gateways with addresses of nodes that have their pods',
      values: { ...nodes, gatewayAPI: { enabled: true, externalTrafficPolicy: 'Local' } },
      finds: [['load-balancer-ipam/nodes-without-pods', 'error', 'gatewayAPI.externalTrafficPolicy']],
      repaired: { values: { ...nodes, gatewayAPI: { enabled: true } } },
    },
    {
      what: 'Ingress with addresses of nodes that have its pods',
      values: {
        nodeIPAM: { enabled: true },
        ingressController: {
          enabled: true,
          loadbalancerMode: 'shared',
          service: { loadBalancerClass: 'io.cilium/node', externalTrafficPolicy: 'Local' },
        },
      },
      finds: [['load-balancer-ipam/nodes-without-pods', 'error', 'ingressController.service.externalTrafficPolicy']],
      repaired: {
        values: {
          nodeIPAM: { enabled: true },
          ingressController: {
            enabled: true,
            loadbalancerMode: 'shared',
            service: { loadBalancerClass: 'io.cilium/node' },
          },
        },
      },
    },
    {
      what: 'gateways that a newer patch no longer announces',
      version: '1.20.2',
      values: { ...later, gatewayAPI: { enabled: true, externalTrafficPolicy: 'Local' } },
      finds: [['known-fault/l2-local-gateways', 'warning', 'gatewayAPI.externalTrafficPolicy']],
      repaired: { values: { ...later, gatewayAPI: { enabled: true } } },
    },
    {
      what: 'L2 announcements with XDP acceleration',
      values: { l2announcements: { enabled: true }, loadBalancer: { acceleration: 'native' } },
      finds: [['l2-announcements/acceleration', 'warning', 'loadBalancer.acceleration']],
      repaired: { values: { l2announcements: { enabled: true } } },
    },
  ];
  testRows(rows);
});
