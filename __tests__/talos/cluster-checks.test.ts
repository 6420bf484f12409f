import { CiliumError } from '../../lib/rules/finding';
import type { Finding } from '../../lib/rules/finding';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import type { TalosClusterProps } from '../../lib/talos/cluster/cluster';
import { clusterWarnings } from '../../lib/talos/cluster/cluster';

type Props = Partial<TalosClusterProps> | Record<string, unknown>;

function refusals(props: Props): readonly Finding[] {
  try {
    new TalosCluster({ talosVersion: '1.13', ...props } as TalosClusterProps);
  } catch (error) {
    if (error instanceof CiliumError) return error.findings.filter(({ level }) => level === 'error');
    throw error;
  }
  return [];
}

const rule = ({ id }: Finding): string => id.replace('talos-cluster/', '');
const LEGACY_1_14 = { talosVersion: '1.14', generatedBy: '1.13' };
const DUAL_STACK = { podSubnets: ['10.0.0.0/16', 'fd00:10::/56'], serviceSubnets: ['10.200.0.0/16', 'fd00:20::/108'] };
const TAINT = { 'example.org/a': 'b:NoSchedule' };

test.each<[string, Props, readonly string[]]>([
  // Names and types
  ['an unknown name', { nameserver: ['1.1.1.1'] }, ['unknown-prop']],
  ['an unknown name inside', { kubeSpan: { filters: { endpoint: [] } } }, ['unknown-prop']],
  ['an unknown name of workers', { workers: { nodeLabel: {} } }, ['unknown-prop']],
  ['an unknown name in a list', { kernelModules: [{ name: 'btrfs', params: [] }] }, ['unknown-prop']],
  ['a filter of Talos 1.15', { kubeSpan: { filters: { peerEndpoints: ['10.0.0.0/8'] } } }, ['unknown-prop']],
  ['settings of a cluster on workers', { workers: { podSubnets: ['10.0.0.0/16'] } }, ['unknown-prop']],
  ['text for a list', { nameservers: '1.1.1.1' }, ['type']],
  ['a list for text', { kubernetesVersion: ['1.34'] }, ['type']],
  ['a number in a list of text', { timeServers: [1] }, ['type']],
  ['text for a switch', { allowSchedulingOnControlPlanes: 'true' }, ['type']],
  ['text for a number', { kubeSpan: { mtu: '1420' } }, ['type']],
  ['a switch for settings', { kubePrism: false }, ['type']],
  ['a map for a list', { kernelModules: { name: 'btrfs' } }, ['type']],
  ['a list for a map', { sysctls: ['a.b=1'] }, ['type']],
  ['a number as a sysctl', { sysctls: { 'net.core.somaxconn': 4096 } }, ['type']],
  ['null as an annotation', { nodeAnnotations: { a: null } }, ['type']],
  ['no version', { talosVersion: undefined }, ['missing']],
  ['no address to share', { vip: { link: 'eth0' } }, ['missing']],
  ['a module without a name', { kernelModules: [{}] }, ['missing']],
  // KubePrism
  ['a port of the API server', { kubePrism: { port: 6443 } }, ['kube-prism-port']],
  ['a port of Cilium', { kubePrism: { port: 4240 } }, ['kube-prism-port']],
  // Networks
  ['pods in addresses of a link', { podSubnets: ['169.254.0.0/17'] }, ['subnet-special']],
  ['services in addresses of the node', { serviceSubnets: ['127.1.0.0/16'] }, ['subnet-special']],
  [
    'pods around all that KubeSpan may choose',
    { podSubnets: ['fd00::/8'], serviceSubnets: ['fc00::/108'], nodeCIDRMaskSizeIPv6: 24, kubeSpan: {} },
    ['subnet-kubespan'],
  ],
  ['services without a tenth address', { serviceSubnets: ['10.96.0.0/29'] }, ['subnet-size']],
  ['pods of one node, and few', { podSubnets: ['10.244.0.0/29'], nodeCIDRMaskSizeIPv4: 29 }, ['subnet-size']],
  // VIP
  ['a name to share', { vip: { ip: 'api.example.org', link: 'eth0' } }, ['vip']],
  ['a network to share', { vip: { ip: '10.0.0.0/24', link: 'eth0' } }, ['vip']],
  ['the address of the node itself', { vip: { ip: '127.0.0.1', link: 'eth0' } }, ['vip']],
  ['no address at all', { vip: { ip: '0.0.0.0', link: 'eth0' } }, ['vip']],
  ['an address of pods', { vip: { ip: '10.244.1.1', link: 'eth0' } }, ['vip-in-subnet']],
  ['an address of services', { ...DUAL_STACK, vip: { ip: 'fd00:20::5', link: 'eth0' } }, ['vip-in-subnet']],
  ['no link', { vip: { ip: '192.168.0.5' } }, ['vip-link']],
  [
    'a link in two ways',
    { vip: { ip: '192.168.0.5', link: 'eth0', deviceSelector: { driver: 'e1000' } } },
    ['vip-link'],
  ],
  ['no name of a link', { vip: { ip: '192.168.0.5', link: 'eth 0' } }, ['vip-link']],
  ['every link', { vip: { ip: '192.168.0.5', deviceSelector: {} } }, ['vip-link']],
  [
    'a property that breaks out of its expression',
    { vip: { ip: '192.168.0.5', deviceSelector: { driver: 'a") || true' } } },
    ['vip-link'],
  ],
  [
    'patterns that Talos does not have',
    { vip: { ip: '192.168.0.5', deviceSelector: { busPath: '0000:0[1-3]:00.?' } } },
    ['vip-link'],
  ],
  [
    'capital letters in a hardware address',
    { vip: { ip: '192.168.0.5', deviceSelector: { hardwareAddr: '00:1A:*' } } },
    ['vip-link'],
  ],
  // Discovery and KubeSpan
  [
    'a service without a scheme',
    { discovery: { registries: { service: { endpoint: 'discovery.example.org' } } } },
    ['discovery-endpoint'],
  ],
  [
    'a scheme in capitals',
    { discovery: { registries: { service: { endpoint: 'HTTPS://a.example/' } } } },
    ['discovery-endpoint'],
  ],
  [
    'a service with a path',
    { discovery: { registries: { service: { endpoint: 'https://a.example/b' } } } },
    ['discovery-endpoint'],
  ],
  ['no registry', { discovery: { registries: { service: { disabled: true } } } }, ['discovery']],
  [
    'the registry of Kubernetes alone, from 1.32 on',
    { discovery: { registries: { service: { disabled: true }, kubernetes: { disabled: false } } } },
    ['discovery'],
  ],
  [
    'the registry of Kubernetes as document',
    { talosVersion: '1.14', discovery: { registries: { kubernetes: { disabled: false } } } },
    ['discovery'],
  ],
  [
    'the address of a service that is off',
    { discovery: { enabled: false, registries: { service: { endpoint: 'https://a.example' } } } },
    ['discovery'],
  ],
  ['KubeSpan without discovery', { kubeSpan: {}, discovery: { enabled: false } }, ['kubespan-discovery']],
  [
    'KubeSpan without the service',
    {
      kubernetesVersion: '1.31',
      kubeSpan: {},
      discovery: { registries: { service: { disabled: true }, kubernetes: { disabled: false } } },
    },
    ['kubespan-discovery'],
  ],
  [
    'pods that are to be announced and not',
    { kubeSpan: { advertiseKubernetesNetworks: true, filters: { excludeAdvertisedNetworks: ['10.0.0.0/8'] } } },
    ['kubespan-exclude-pods'],
  ],
  // Pod Security
  ['no level', { podSecurity: { enforce: 'strict' } }, ['pod-security']],
  ['no name of a namespace', { podSecurity: { exemptNamespaces: ['Demo'] } }, ['pod-security']],
  ['a namespace twice', { podSecurity: { exemptNamespaces: ['demo', 'demo'] } }, ['repeated']],
  ['kube-system once more', { podSecurity: { exemptNamespaces: ['kube-system'] } }, ['repeated']],
  // Nodes
  ['no label of control planes', { controlPlanes: { nodeLabels: { 'a/b/c': '' } } }, ['node-label']],
  [
    'a label taken from workers',
    { workers: { nodeLabels: { 'node.kubernetes.io/exclude-from-external-load-balancers': null } } },
    ['node-label'],
  ],
  ['no annotation', { nodeAnnotations: { 'a b': '' } }, ['node-annotation']],
  ['an annotation of Talos', { nodeAnnotations: { 'talos.dev/owned-taints': '' } }, ['node-annotation']],
  ['too much text', { nodeAnnotations: { a: 'x'.repeat(256 * 1024) } }, ['node-annotation']],
  ['no effect of a taint', { controlPlanes: { nodeTaints: { a: 'b' } } }, ['node-taint']],
  ['no value of a taint', { controlPlanes: { nodeTaints: { a: 'b c:NoSchedule' } } }, ['node-taint']],
  ['no key of a taint', { controlPlanes: { nodeTaints: { '/a': 'NoSchedule' } } }, ['node-taint']],
  [
    'the taint of control planes',
    { controlPlanes: { nodeTaints: { 'node-role.kubernetes.io/control-plane': 'NoSchedule' } } },
    ['node-taint'],
  ],
  ['no disk of workers', { workers: { installDisk: 'sda' } }, ['install-disk']],
  ['empty text in place of a label', { nodeLabels: { zone: 'a' }, workers: { nodeLabels: { zone: '' } } }, ['emptied']],
  [
    'empty text in place of an annotation',
    { nodeAnnotations: { a: 'b' }, controlPlanes: { nodeAnnotations: { a: '' } } },
    ['emptied'],
  ],
  // Kernel
  ['no name of a sysctl', { sysctls: { somaxconn: '1' } }, ['sysctl']],
  ['a path of a sysctl', { sysctls: { '/proc/sys/net/core/somaxconn': '1' } }, ['sysctl']],
  ['a sysctl below proc', { sysctls: { 'proc.sys.net.core.somaxconn': '1' } }, ['sysctl']],
  ['no value of a sysctl', { workers: { sysctls: { 'net.core.somaxconn': ' ' } } }, ['sysctl']],
  ['a sysctl in two ways', { sysctls: { 'net.core.somaxconn': '1', 'net/core/somaxconn': '1' } }, ['sysctl']],
  ['strict reverse paths', { sysctls: { 'net.ipv4.conf.all.rp_filter': '1' } }, ['sysctl-breaks']],
  [
    'strict reverse paths with slashes',
    { workers: { sysctls: { 'net/ipv4/conf/all/rp_filter': '1' } } },
    ['sysctl-breaks'],
  ],
  ['no forwarding', { sysctls: { 'net.ipv4.ip_forward': '0' } }, ['sysctl-breaks']],
  ['no IPv6 with IPv6 pods', { ...DUAL_STACK, sysctls: { 'net.ipv6.conf.all.disable_ipv6': '1' } }, ['sysctl-breaks']],
  ['no file below sys', { sysfs: { scheduler: 'none' } }, ['sysfs']],
  ['a file below sys, twice', { sysfs: { 'sys.block.sda.queue.scheduler': 'none' } }, ['sysfs']],
  ['nothing for a file', { sysfs: { 'block.sda.queue.scheduler': '' } }, ['sysfs']],
  ['a path of a module', { kernelModules: [{ name: 'drivers/btrfs.ko' }] }, ['kernel-module']],
  ['a module twice', { kernelModules: [{ name: 'dm-thin-pool' }, { name: 'dm_thin_pool' }] }, ['kernel-module']],
  [
    'two parameters in one',
    { kernelModules: [{ name: 'kvm_intel', parameters: ['nested=1 ept=0'] }] },
    ['kernel-module'],
  ],
])('%s is refused', (_, props, rules) => {
  expect(refusals(props).map(rule)).toEqual(rules);
});

test.each<[string, Props]>([
  ['nothing', {}],
  ['a port that Cilium has not, and one of the API server that is not used', { kubePrism: { port: 7446 } }],
  ['a port that nobody listens on', { kubePrism: { enabled: false, port: 6443 } }],
  ['pods in reserved addresses that work', { podSubnets: ['240.0.0.0/12'] }],
  ['pods beside KubeSpan', { ...DUAL_STACK, kubeSpan: {} }],
  ['a shared address', { vip: { ip: '192.168.0.5', link: 'enp0s2.5' } }],
  ['a nameserver behind a link', { nameservers: ['fe80::1%eth0', '1.1.1.1'] }],
  [
    'properties with all sorts of characters',
    { vip: { ip: '192.168.0.5', deviceSelector: { busPath: 'usb-0000:00:14.0-4.*/a,b+c@1' } } },
  ],
  [
    'a shared address in IPv6',
    { ...DUAL_STACK, vip: { ip: 'fd00:5::5', deviceSelector: { busPath: '0000:06:00.0', driver: 'virtio*' } } },
  ],
  [
    'a discovery service',
    { kubeSpan: {}, discovery: { registries: { service: { endpoint: 'grpc://10.0.0.1:3000' } } } },
  ],
  ['no discovery', { discovery: { enabled: false }, kubeSpan: { enabled: false } }],
  [
    'the registry of Kubernetes before 1.32',
    {
      kubernetesVersion: '1.31',
      discovery: { registries: { service: { disabled: true }, kubernetes: { disabled: false } } },
    },
  ],
  [
    'no registry of Kubernetes',
    { talosVersion: '1.14', discovery: { registries: { kubernetes: { disabled: true } } } },
  ],
  [
    'networks that are no pods',
    {
      kubeSpan: { advertiseKubernetesNetworks: true, filters: { excludeAdvertisedNetworks: ['10.0.0.0/16'] } },
      talosVersion: '1.13',
    },
  ],
  ['a stricter level', { podSecurity: { enforce: 'restricted', exemptNamespaces: ['rook-ceph', 'demo'] } }],
  [
    'control planes that serve',
    { allowSchedulingOnControlPlanes: true, controlPlanes: { nodeTaints: { gpu: 'PreferNoSchedule' } } },
  ],
  ['taints of workers when they join', { talosVersion: '1.14', workers: { nodeTaints: TAINT } }],
  ['text in place of a label', { nodeLabels: { zone: 'a' }, workers: { nodeLabels: { zone: 'b' } } }],
  ['empty text beside a label', { nodeLabels: { zone: '' }, workers: { nodeLabels: { zone: '', pool: '' } } }],
  [
    'sysctls',
    {
      sysctls: { 'net/ipv4/conf/eth0.5/rp_filter': '1', 'vm.nr_hugepages': '1024', 'net.ipv4.conf.all.rp_filter': '2' },
    },
  ],
  ['no IPv6 without IPv6 pods', { sysctls: { 'net.ipv6.conf.all.disable_ipv6': '1' } }],
  ['modules', { kernelModules: [{ name: 'btrfs' }, { name: 'kvm_intel', parameters: ['nested=1', 'ept'] }] }],
])('%s is accepted, without a word', (_, props) => {
  expect(refusals(props)).toEqual([]);
  expect(clusterWarnings(new TalosCluster({ talosVersion: '1.13', ...props } as TalosClusterProps))).toEqual([]);
});

test.each<[string, Props, string, string]>([
  ['a port that Cilium usually has', { kubePrism: { port: 4244 } }, 'kube-prism-port', 'talos.kubePrism.port'],
  [
    'a label that workers may not set',
    { nodeLabels: { 'node-role.kubernetes.io/worker': '' } },
    'node-restriction',
    'talos.nodeLabels.node-role.kubernetes.io/worker',
  ],
  [
    'a label that restricts nodes',
    { workers: { nodeLabels: { 'node-restriction.kubernetes.io/a': '' } } },
    'node-restriction',
    'talos.workers.nodeLabels.node-restriction.kubernetes.io/a',
  ],
  ['taints of workers before 1.14', { workers: { nodeTaints: TAINT } }, 'node-restriction', 'talos.workers.nodeTaints'],
  ['taints of all before 1.14', { nodeTaints: TAINT }, 'node-restriction', 'talos.nodeTaints'],
  [
    'the registry of Kubernetes from 1.32 on',
    { discovery: { registries: { kubernetes: { disabled: false } } } },
    'discovery',
    'talos.discovery.registries.kubernetes.disabled',
  ],
  ['a nameserver among services', { nameservers: ['10.96.0.10'] }, 'server-in-cluster', 'talos.nameservers[0]'],
  ['a time server among pods', { timeServers: ['10.244.0.10'] }, 'server-in-cluster', 'talos.timeServers[0]'],
  [
    'a nameserver that is shared',
    { nameservers: ['192.168.0.5'], vip: { ip: '192.168.0.5', link: 'a' } },
    'server-is-vip',
    'talos.nameservers[0]',
  ],
  [
    'nothing let in',
    { kubeSpan: { filters: { endpoints: ['!10.0.0.0/8'] } } },
    'kubespan-filter-order',
    'talos.kubeSpan.filters.endpoints',
  ],
  [
    'let in too late',
    { kubeSpan: { filters: { endpoints: ['!10.0.0.0/8', '0.0.0.0/0'] } } },
    'kubespan-filter-order',
    'talos.kubeSpan.filters.endpoints',
  ],
  [
    'strict reverse paths of new links',
    { sysctls: { 'net.ipv4.conf.default.rp_filter': '1' } },
    'sysctl-breaks',
    'talos.sysctls.net.ipv4.conf.default.rp_filter',
  ],
  [
    'a hardened kernel made soft',
    { workers: { sysctls: { 'user.max_user_namespaces': '11255' } } },
    'sysctl-hardening',
    'talos.workers.sysctls.user.max_user_namespaces',
  ],
  [
    'a part of the kernel',
    { kernelModules: [{ name: 'br_netfilter' }] },
    'kernel-module-built-in',
    'talos.kernelModules[0].name',
  ],
  [
    'parameters of a part of the kernel',
    { kernelModules: [{ name: 'nvme-tcp', parameters: ['a=1'] }] },
    'kernel-module-built-in',
    'talos.kernelModules[0].name',
  ],
])('%s is a warning', (_, props, id, at) => {
  const talos = new TalosCluster({ talosVersion: '1.13', ...props } as TalosClusterProps);
  expect(clusterWarnings(talos).map((finding) => [rule(finding), finding.paths[0]])).toEqual([[id, at]]);
});

test('the way out of an unknown name', () => {
  const hint = (props: Props): string | undefined => refusals(props)[0]?.hint;
  expect(hint({ nameserver: [] })).toBe('Did you mean `nameservers`?');
  expect(hint({ workers: { nodelabels: {} } })).toBe('Did you mean `nodeLabels`?');
  expect(hint({ kubeSpan: { filters: { peerEndpoints: [] } } })).toContain('from Talos 1.15 on');
  expect(hint({ workerNodeLabels: {} })).toBe('Write `workers: { nodeLabels: … }`.');
});

test('what Kubernetes lets workers set themselves is said to all', () => {
  const own = {
    'topology.kubernetes.io/zone': 'a',
    'node.kubernetes.io/pool': 'b',
    'sub.node.kubernetes.io/c': '',
    'example.org/d': '',
    plain: '',
  };
  expect(clusterWarnings(new TalosCluster({ talosVersion: '1.13', nodeLabels: own }))).toEqual([]);
  const controlPlanes = { nodeLabels: { 'node-role.kubernetes.io/api': '' }, nodeTaints: TAINT };
  expect(clusterWarnings(new TalosCluster({ talosVersion: '1.13', controlPlanes }))).toEqual([]);
});

test('unknown names and wrong types come at once, before anything else is judged', () => {
  expect(
    refusals({ podSubnets: 'x', kubePrism: { prot: 1 }, workers: { sysctls: { a: 1 } } }).map(({ paths }) => paths[0]),
  ).toEqual(['talos.podSubnets', 'talos.kubePrism.prot', 'talos.workers.sysctls.a']);
});

test('documents of 1.14 and sections of 1.14 are refused alike', () => {
  const wrong = { kubeSpan: {}, discovery: { enabled: false }, vip: { ip: '10.96.0.1', link: 'eth0' } };
  const rules = (props: Props): readonly string[] => refusals({ ...wrong, ...props }).map(rule);
  expect(rules(LEGACY_1_14)).toEqual(['vip-in-subnet', 'kubespan-discovery']);
  expect(rules({ talosVersion: '1.14' })).toEqual(rules(LEGACY_1_14));
});

test('the labels that the cluster tells: those of all nodes, and what control planes lose', () => {
  const label = 'node.kubernetes.io/exclude-from-external-load-balancers';
  const labels = (props: Partial<TalosClusterProps>): unknown =>
    new TalosCluster({ talosVersion: '1.13', ...props }).nodeLabels;
  expect(labels({ nodeLabels: { a: 'b' }, controlPlanes: { nodeLabels: { [label]: null, c: 'd' } } })).toEqual({
    a: 'b',
    [label]: null,
  });
  expect(labels({ nodeLabels: { [label]: null }, controlPlanes: { nodeLabels: { [label]: '' } } })).toEqual({});
});
