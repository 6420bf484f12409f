import type { TalosMinor } from '../../lib/talos/cluster/versions';
import type { Base } from './bases';

/*
 * Configs with documents: next to the sections up to 1.13, and in place of them from 1.14 on.
 */

export const talosDocument = (kind: string, fields: object = {}): object => ({
  apiVersion: 'v1alpha1',
  kind,
  ...fields,
});

const ALL: readonly TalosMinor[] = ['1.11', '1.12', '1.13', '1.14'];
const always = (): boolean => true;

const rule = (
  name: string,
  ports: readonly (number | string)[],
  protocol: string,
  subnets: readonly string[],
): object =>
  talosDocument('NetworkRuleConfig', {
    name,
    portSelector: { ports, protocol },
    ingress: subnets.map((subnet) => ({ subnet })),
  });

/** The networks of a user's nodes, as documents of Talos 1.12. */
const LINKS = [
  talosDocument('LinkAliasConfig', { name: 'lan0', selector: { match: 'glob("00:11:*", mac(link.hardware_addr))' } }),
  talosDocument('LinkConfig', {
    name: 'lan0',
    mtu: 9000,
    addresses: [{ address: '192.168.7.20/24' }],
    routes: [{ gateway: '192.168.7.1' }],
  }),
  talosDocument('VLANConfig', {
    name: 'lan0.20',
    vlanID: 20,
    parent: 'lan0',
    addresses: [{ address: '192.168.20.20/24' }],
  }),
  talosDocument('ResolverConfig', {
    nameservers: [{ address: '192.168.7.1' }],
    searchDomains: { domains: ['home.example.org'] },
  }),
  talosDocument('TimeSyncConfig', { ntp: { servers: ['192.168.7.1'] } }),
];

export const DOCUMENT_BASES: readonly Base[] = [
  { name: 'plain', generatedBy: ['1.14'], isAsGenerated: always },
  { name: 'kubespan-by-flag', generatedBy: ['1.14'], kubeSpan: true, isAsGenerated: always },
  {
    name: 'kubespan-by-document',
    generatedBy: ['1.13', '1.14'],
    all: [talosDocument('KubeSpanConfig', { enabled: true, mtu: 1380, filters: { endpoints: ['0.0.0.0/0', '::/0'] } })],
    isAsGenerated: always,
  },
  {
    name: 'links-of-the-user',
    generatedBy: ['1.12', '1.13', '1.14'],
    all: LINKS,
    controlplane: [talosDocument('Layer2VIPConfig', { name: '192.168.7.5', link: 'lan0' })],
    isAsGenerated: always,
  },
  {
    name: 'omni',
    generatedBy: ALL,
    all: [
      talosDocument('SideroLinkConfig', { apiUrl: 'https://omni.example.org:8090?jointoken=a&grpc_tunnel=false' }),
      talosDocument('EventSinkConfig', { endpoint: '[fdae:41e4:649b:9303::1]:8091' }),
      talosDocument('KmsgLogConfig', { name: 'omni-kmsg', url: 'tcp://[fdae:41e4:649b:9303::1]:8092' }),
    ],
    isAsGenerated: always,
  },
  {
    name: 'ingress-firewall',
    generatedBy: ALL,
    all: [
      talosDocument('NetworkDefaultActionConfig', { ingress: 'block' }),
      rule('kubelet', [10250], 'tcp', ['192.168.7.0/24']),
      rule('apid', [50000], 'tcp', ['192.168.7.0/24', '10.0.0.0/8']),
      rule('vxlan', [8472], 'udp', ['192.168.7.0/24']),
    ],
    controlplane: [
      rule('kubernetes-api', [6443], 'tcp', ['0.0.0.0/0']),
      rule('etcd', ['2379-2380'], 'tcp', ['192.168.7.0/24']),
    ],
    isAsGenerated: always,
  },
  {
    name: 'flannel-arguments',
    generatedBy: ['1.14'],
    controlplane: [talosDocument('KubeFlannelCNIConfig', { extraArgs: ['--iface-can-reach=192.168.7.1'] })],
    isAsGenerated: always,
  },
  {
    name: 'custom-cni',
    generatedBy: ['1.14'],
    controlplane: [
      talosDocument('KubeFlannelCNIConfig', { $patch: 'delete' }),
      talosDocument('KubeExternalManifestConfig', { name: 'calico', url: 'https://example.org/calico.yaml' }),
    ],
    isAsGenerated: always,
  },
  {
    name: 'admission-control-deleted',
    generatedBy: ['1.14'],
    controlplane: [talosDocument('KubeAdmissionControlConfig', { name: 'PodSecurity', $patch: 'delete' })],
    isAsGenerated: always,
  },
  {
    name: 'proxy-document-deleted',
    generatedBy: ['1.14'],
    controlplane: [talosDocument('KubeProxyConfig', { $patch: 'delete' })],
    isAsGenerated: always,
  },
  {
    name: 'manifests',
    generatedBy: ['1.14'],
    controlplane: [
      talosDocument('KubeInlineManifestConfig', {
        name: 'of-the-user',
        manifest: 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: of-the-user\n',
      }),
      talosDocument('KubeInlineManifestConfig', {
        name: '10-cilium',
        manifest: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cilium-config\n  namespace: kube-system\n',
      }),
      talosDocument('KubeExternalManifestConfig', { name: 'more', url: 'https://example.org/of-the-user.yaml' }),
    ],
    isAsGenerated: always,
  },
  // Sections that 1.14 accepts next to its documents.
  {
    name: 'manifests-in-sections',
    generatedBy: ['1.14'],
    controlplane: [
      {
        cluster: {
          inlineManifests: [
            { name: 'of-the-user', contents: 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: of-the-user\n' },
          ],
          extraManifests: ['https://example.org/of-the-user.yaml'],
        },
      },
    ],
    isAsGenerated: always,
  },
  {
    name: 'interfaces-and-vip',
    generatedBy: ['1.14'],
    all: [{ machine: { time: { servers: ['192.168.7.1'] }, sysctls: { 'net.core.rmem_max': '7500000' } } }],
    controlplane: [
      { machine: { network: { interfaces: [{ interface: 'eth1', dhcp: true, vip: { ip: '192.168.8.5' } }] } } },
    ],
    isAsGenerated: always,
  },
  {
    name: 'home-cluster',
    generatedBy: ['1.14'],
    all: [
      ...LINKS.slice(0, 3),
      talosDocument('ResolverConfig', {
        nameservers: [{ address: '192.168.7.1' }],
        hostDNS: { forwardKubeDNSToHost: false },
      }),
      talosDocument('TimeSyncConfig', { ntp: { servers: ['192.168.7.1', '192.168.7.2'] } }),
      talosDocument('KubeNetworkConfig', { podSubnets: ['10.42.0.0/16'], serviceSubnets: ['10.43.0.0/16'] }),
      talosDocument('KubeletConfig', { config: { maxPods: 200, serializeImagePulls: false } }),
      talosDocument('KubeNodeConfig', {
        nodeIP: { validSubnets: ['192.168.7.0/24'] },
        labels: { 'example.org/of-the-user': 'a' },
        annotations: { 'example.org/of-the-user': 'a' },
      }),
      talosDocument('SysctlConfig', { params: { 'fs.inotify.max_user_watches': '1048576' } }),
      talosDocument('SysfsConfig', { params: { 'devices.system.cpu.cpu0.cpufreq.scaling_governor': 'powersave' } }),
      talosDocument('KernelModuleConfig', { name: 'zfs', parameters: ['zfs_arc_max=1073741824'] }),
      talosDocument('KernelModuleConfig', { name: 'btrfs', parameters: ['of_the_user=1'] }),
      talosDocument('UserVolumeConfig', {
        name: 'data',
        provisioning: { diskSelector: { match: 'disk.transport == "nvme"' }, minSize: '100GB' },
      }),
      talosDocument('RegistryMirrorConfig', {
        name: 'docker.io',
        endpoints: [{ url: 'https://registry.example.org' }],
      }),
      talosDocument('WatchdogTimerConfig', { device: '/dev/watchdog0', timeout: '5m0s' }),
    ],
    controlplane: [
      talosDocument('KubeFlannelCNIConfig', { $patch: 'delete' }),
      talosDocument('KubeProxyConfig', { enabled: false }),
      talosDocument('KubeCoreDNSConfig', { enabled: false }),
      talosDocument('KubeAdmissionControlConfig', { name: 'PodSecurity', $patch: 'delete' }),
      talosDocument('KubeControllerManagerConfig', { extraArgs: { 'bind-address': ['0.0.0.0'] } }),
      talosDocument('KubeNodeConfig', {
        taints: { 'node-role.kubernetes.io/control-plane': { $patch: 'delete' } },
        labels: { 'node.kubernetes.io/exclude-from-external-load-balancers': { $patch: 'delete' } },
      }),
      talosDocument('Layer2VIPConfig', { name: '192.168.7.5', link: 'lan0' }),
    ],
    isAsGenerated: always,
  },
];
