import { EXCLUDED, REPLACED, onBoth } from './combinations';
import type { Combination } from './combinations';
import { runs } from './targets';
import type { Target } from './targets';

/** The service that the configs are generated with. */
const PUBLIC = 'https://discovery.talos.dev/';
const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

/** By DHCP too where only the section of the link can express it. */
const vipOn =
  (link: string) =>
  (target: Target): string =>
    runs(target, '1.12') ? `10.5.0.9 on ${link}` : `10.5.0.9 on ${link} with DHCP`;

const FABRIC = {
  localASN: 65001,
  routerID: '10.0.0.10',
  routeSource: '10.0.0.10',
  advertise: ['lo'],
  multipath: true,
  maxPaths: 2,
  neighbors: [
    {
      link: 'enp1s0',
      peerASN: 65000,
      bfd: { transmitInterval: '300ms', receiveInterval: '300ms', detectMultiplier: 3 },
    },
    { address: '192.0.2.1', peerASN: 65000, localASN: 65002, passive: true, holdTime: '9s' },
  ],
} as const;

const WORKLOAD = {
  localASN: 4200000002,
  peerASN: 4200000003,
  network: 'fda1:b2c3:d4e5:1::/127',
  prefixes: ['203.0.113.0/24', '2001:db8::/64'],
} as const;

/** What a node reads of both. */
const BGP_FACTS: readonly string[] = [
  'bgp fabric of : AS 65001, router 10.0.0.10, with enp1s0 of AS 65000, with 192.0.2.1 of AS 65000 passive hold 9s, imports 203.0.113.0/24 2001:db8::/64 of workload',
  'bgp workload of vrf-workload: AS 4200000002, router 10.0.0.10, installs nothing, with fda1:b2c3:d4e5:1:: of AS 4200000003 passive',
  'veth veth-workload fda1:b2c3:d4e5:1::/127 to veth-router fda1:b2c3:d4e5:1::1/127',
  'vrf vrf-workload, table 88, of veth-router',
];

/** Settings of nodes and of discovery. */
export const NODE_COMBINATIONS: readonly Combination[] = [
  {
    name: 'discovery-off',
    cluster: { discovery: { enabled: false } },
    patch: REPLACED,
    facts: onBoth({ discovery: [] }),
  },
  {
    name: 'discovery-elsewhere',
    cluster: { discovery: { registries: { service: { endpoint: 'https://discovery.example.org:8443/' } } } },
    patch: REPLACED,
    facts: onBoth({ discovery: ['https://discovery.example.org:8443/'] }),
  },
  {
    name: 'discovery-by-kubernetes',
    cluster: {
      kubernetesVersion: '1.31',
      discovery: { registries: { service: { disabled: true }, kubernetes: { disabled: false } } },
    },
    patch: REPLACED,
    only: (target) => !runs(target, '1.14'),
    facts: onBoth({ discovery: ['kubernetes'] }),
  },
  {
    name: 'discovery-and-kubespan',
    cluster: { discovery: {}, kubeSpan: { filters: { endpoints: ['0.0.0.0/0', '!10.0.0.0/8'] } } },
    patch: REPLACED,
    onKubeSpan: true,
    stays: onBoth({ discovery: [PUBLIC] }),
  },
  {
    name: 'schedulable',
    cluster: { allowSchedulingOnControlPlanes: true },
    patch: REPLACED,
    facts: () => ({ controlplane: { schedulable: true, taints: { [CONTROL_PLANE]: null } } }),
  },
  {
    name: 'not-schedulable',
    cluster: { allowSchedulingOnControlPlanes: false },
    patch: REPLACED,
    facts: () => ({ controlplane: { schedulable: false } }),
  },
  {
    name: 'control-planes-serve',
    cluster: {
      allowSchedulingOnControlPlanes: true,
      controlPlanes: { nodeLabels: { [EXCLUDED]: null, 'example.org/pool': 'lan' } },
    },
    patch: REPLACED,
    facts: () => ({
      controlplane: { schedulable: true, labels: { [EXCLUDED]: null, 'example.org/pool': 'lan' } },
      worker: { labels: { [EXCLUDED]: null, 'example.org/pool': null } },
    }),
  },
  {
    name: 'vip',
    cluster: { vip: { ip: '10.5.0.9', link: 'eth0' } },
    patch: REPLACED,
    facts: (target) => ({ controlplane: { vips: [vipOn('eth0')(target)] }, worker: { vips: [] } }),
  },
  {
    name: 'vip-without-dhcp',
    cluster: { vip: { ip: 'fd00:5::9', link: 'enp0s2.5', dhcp: false } },
    patch: REPLACED,
    facts: () => ({ controlplane: { vips: ['fd00:5::9 on enp0s2.5'] }, worker: { vips: [] } }),
  },
  {
    name: 'vip-by-device',
    cluster: {
      vip: {
        ip: '10.5.0.9',
        deviceSelector: {
          // Numbers to YAML 1.1, if they were not in quotes.
          hardwareAddr: '00:11:22:33:44:55',
          permanentAddr: '00:11:*',
          busPath: '0000:06:00.0',
          pciID: '8086:1533',
          driver: 'virtio*',
        },
      },
    },
    patch: REPLACED,
    facts: (target) => ({
      controlplane: runs(target, '1.12')
        ? { vips: [vipOn('vip0')(target)], aliases: ['vip0'] }
        : { vips: [vipOn('00:11:22:33:44:55virtio*')(target)] },
      worker: { vips: [], aliases: [] },
    }),
  },
  {
    name: 'pod-security',
    cluster: { podSecurity: { enforce: 'restricted', warn: 'baseline', exemptNamespaces: ['demo', 'rook-ceph'] } },
    patch: REPLACED,
    facts: () => ({
      controlplane: {
        podSecurity: {
          defaults: { enforce: 'restricted', audit: 'restricted', warn: 'baseline', 'warn-version': 'latest' },
          exemptions: { namespaces: ['kube-system', 'demo', 'rook-ceph'], usernames: [], runtimeClasses: [] },
        },
      },
      worker: { podSecurity: null },
    }),
  },
  { name: 'pod-security-alone', cluster: { podSecurity: {} }, patch: { manifests: [] } },
  {
    name: 'nodes',
    cluster: {
      nodeLabels: { zone: 'a' },
      nodeAnnotations: { 'example.org/note': 'free text: "with" \'signs\'', empty: '' },
      nodeTaints: { 'example.org/all': 'PreferNoSchedule' },
      sysctls: { 'net.core.somaxconn': '4096', 'net/ipv4/conf/eth0.5/arp_filter': '1' },
      sysfs: { 'devices.system.cpu.cpu0.cpufreq.scaling_governor': 'performance' },
      controlPlanes: {
        nodeLabels: { zone: 'b', role: 'on' },
        nodeAnnotations: { 'example.org/note': '0x10' },
        nodeTaints: { 'example.org/some': 'value:NoSchedule' },
        sysctls: { 'net.core.somaxconn': '8192' },
      },
      workers: {
        nodeLabels: { zone: 'c' },
        nodeTaints: { 'example.org/all': 'NoExecute' },
        sysctls: { 'vm.nr_hugepages': '1024' },
      },
    },
    patch: REPLACED,
    facts: () => ({
      controlplane: {
        labels: { zone: 'b', role: 'on' },
        annotations: { 'example.org/note': '0x10', empty: '' },
        taints: { 'example.org/all': 'PreferNoSchedule', 'example.org/some': 'value:NoSchedule' },
        sysctls: { 'net.core.somaxconn': '8192', 'net/ipv4/conf/eth0.5/arp_filter': '1', 'vm.nr_hugepages': null },
        sysfs: { 'devices.system.cpu.cpu0.cpufreq.scaling_governor': 'performance' },
      },
      worker: {
        labels: { zone: 'c', role: null },
        annotations: { 'example.org/note': 'free text: "with" \'signs\'', empty: '' },
        taints: { 'example.org/all': 'NoExecute', 'example.org/some': null },
        sysctls: { 'net.core.somaxconn': '4096', 'vm.nr_hugepages': '1024' },
        sysfs: { 'devices.system.cpu.cpu0.cpufreq.scaling_governor': 'performance' },
      },
    }),
    stays: () => ({ controlplane: { labels: { [EXCLUDED]: '' }, schedulable: false } }),
  },
  {
    name: 'kubelets',
    cluster: {
      maxPods: 250,
      nodeIP: { validSubnets: ['10.0.0.0/8', '!10.5.0.0/16'] },
      controlPlanes: { maxPods: 60, nodeIP: { validSubnets: ['192.168.7.0/24'] } },
    },
    patch: REPLACED,
    facts: () => ({
      controlplane: { maxPods: 60, nodeIPs: ['192.168.7.0/24'] },
      worker: { maxPods: 250, nodeIPs: ['10.0.0.0/8', '!10.5.0.0/16'] },
    }),
  },
  {
    name: 'kubelets-of-a-role',
    cluster: { workers: { maxPods: 120, nodeIP: { validSubnets: ['192.168.7.0/24', 'fd99::/64'] } } },
    patch: { manifests: [] },
    facts: () => ({ worker: { maxPods: 120, nodeIPs: ['192.168.7.0/24', 'fd99::/64'] } }),
    stays: () => ({ controlplane: { maxPods: null, nodeIPs: [] } }),
  },
  {
    name: 'kubelets-and-labels',
    cluster: { nodeLabels: { zone: 'a' }, nodeIP: { validSubnets: ['192.168.7.0/24'] } },
    patch: { manifests: [] },
    facts: onBoth({ nodeIPs: ['192.168.7.0/24'], labels: { zone: 'a' } }),
  },
  {
    name: 'bgp',
    cluster: { bgp: { fabric: FABRIC, workload: WORKLOAD } },
    patch: REPLACED,
    only: (target) => runs(target, '1.14'),
    facts: onBoth({ bgp: BGP_FACTS }),
  },
  {
    name: 'bgp-of-roles',
    cluster: {
      controlPlanes: { bgp: { fabric: { localASN: 65002, advertise: ['dummy0'], neighbors: [{ link: 'bond0' }] } } },
      workers: {
        bgp: {
          fabric: FABRIC,
          workload: {
            ...WORKLOAD,
            name: 'cilium',
            network: '169.254.179.0/31',
            passive: false,
            holdTime: '9s',
            link: 'veth-cilium',
            routerLink: 'veth-crouter',
            vrf: 'vrf-cilium',
            table: 100,
          },
        },
      },
    },
    patch: { manifests: [] },
    only: (target) => runs(target, '1.14'),
    facts: () => ({
      controlplane: { bgp: ['bgp fabric of : AS 65002, router invalid IP, with bond0 of AS 0'] },
      worker: {
        bgp: [
          'bgp cilium of vrf-cilium: AS 4200000002, router 10.0.0.10, installs nothing, with 169.254.179.0 of AS 4200000003 hold 9s',
          (BGP_FACTS[0] ?? '').replace(/workload$/, 'cilium'),
          'veth veth-cilium 169.254.179.0/31 to veth-crouter 169.254.179.1/31',
          'vrf vrf-cilium, table 100, of veth-crouter',
        ],
      },
    }),
  },
  {
    name: 'workers-only',
    cluster: {
      workers: { nodeLabels: { storage: 'true' }, installDisk: '/dev/vdb', kernelModules: [{ name: 'vfio_pci' }] },
    },
    patch: { manifests: [] },
    facts: () => ({
      controlplane: { labels: { storage: null } },
      worker: { labels: { storage: 'true' }, modules: ['vfio_pci'] },
    }),
  },
  {
    name: 'modules',
    cluster: {
      kernelModules: [{ name: 'btrfs' }],
      controlPlanes: { kernelModules: [{ name: 'dm-thin-pool' }] },
      workers: { kernelModules: [{ name: 'kvm_intel', parameters: ['nested=1', 'ept'] }] },
    },
    patch: REPLACED,
    facts: () => ({
      controlplane: { modules: ['btrfs', 'dm-thin-pool'] },
      worker: { modules: ['btrfs', 'kvm_intel nested=1 ept'] },
    }),
  },
  {
    name: 'modules-of-a-role',
    cluster: {
      kernelModules: [
        { name: 'drbd', parameters: ['usermode_helper=disabled'] },
        { name: 'nvidia', parameters: ['a=1'] },
      ],
      controlPlanes: { kernelModules: [{ name: 'drbd', parameters: ['usermode_helper=/bin/true'] }] },
      workers: { kernelModules: [{ name: 'drbd' }] },
    },
    patch: REPLACED,
    facts: () => ({
      controlplane: { modules: ['drbd usermode_helper=/bin/true', 'nvidia a=1'] },
      worker: { modules: ['drbd', 'nvidia a=1'] },
    }),
  },
  {
    name: 'everything-at-once',
    cluster: {
      podSubnets: ['10.10.0.0/16'],
      serviceSubnets: ['10.20.0.0/16'],
      nodeCIDRMaskSizeIPv4: 23,
      dnsDomain: 'home.example.org',
      maxPods: 400,
      nodeIP: { validSubnets: ['10.0.0.0/8'] },
      kubePrism: {},
      hostDNS: {},
      kubeSpan: { advertiseKubernetesNetworks: true },
      discovery: {},
      vip: { ip: '10.5.0.9', link: 'eth0' },
      allowSchedulingOnControlPlanes: true,
      podSecurity: { exemptNamespaces: ['demo'] },
      nodeLabels: { zone: 'a' },
      sysctls: { 'net.core.somaxconn': '4096' },
      installDisk: '/dev/vda',
      controlPlanes: { nodeTaints: { 'example.org/some': 'NoSchedule' }, installDisk: '/dev/vdc' },
      workers: { nodeAnnotations: { 'example.org/note': 'a' } },
    },
    patch: { ...REPLACED, externalManifests: [{ name: '50-more', url: 'https://example.org/more.yaml' }] },
    onKubeSpan: true,
    facts: () => ({
      controlplane: { schedulable: true, taints: { 'example.org/some': 'NoSchedule' }, maxPods: 400 },
      worker: { labels: { zone: 'a' }, nodeIPs: ['10.0.0.0/8'], dnsDomain: 'home.example.org' },
    }),
  },
  {
    name: 'scheduling-with-manifests',
    cluster: { allowSchedulingOnControlPlanes: true },
    facts: () => ({ controlplane: { schedulable: true } }),
  },
];
