import type { TalosMinor } from '../../lib/talos/cluster/versions';
import type { Base } from './bases';

/*
 * Configs made of sections of the v1alpha1 document, as Talos up to 1.13 generates them.
 */

const LEGACY: readonly TalosMinor[] = ['1.11', '1.12', '1.13'];
const always = (): boolean => true;
/** Network sections that 1.13 no longer generates. */
const before113 = (generatedBy: TalosMinor): boolean => generatedBy !== '1.13';

const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: of-the-user\n';
const OLD_CILIUM = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cilium-config\n  namespace: kube-system\n';

export const SECTION_BASES: readonly Base[] = [
  { name: 'plain', generatedBy: LEGACY, isAsGenerated: always },
  { name: 'years-old', generatedBy: ['1.11'], contract: '1.5', isAsGenerated: always },
  { name: 'years-old-with-kubespan', generatedBy: ['1.11'], contract: '1.9', kubeSpan: true, isAsGenerated: always },
  // A section up to 1.12, a document from 1.13 on.
  { name: 'kubespan-by-flag', generatedBy: LEGACY, kubeSpan: true, isAsGenerated: always },
  {
    name: 'kubespan-by-section',
    generatedBy: LEGACY,
    all: [
      {
        machine: { network: { kubespan: { enabled: true, mtu: 1380, filters: { endpoints: ['0.0.0.0/0', '::/0'] } } } },
      },
    ],
    isAsGenerated: before113,
  },
  {
    name: 'interfaces-vip-dns-time',
    generatedBy: LEGACY,
    all: [
      {
        machine: {
          network: {
            interfaces: [
              {
                deviceSelector: { hardwareAddr: '00:11:*' },
                addresses: ['192.168.7.20/24'],
                routes: [{ network: '0.0.0.0/0', gateway: '192.168.7.1' }],
                mtu: 9000,
              },
            ],
            nameservers: ['192.168.7.1', '9.9.9.9'],
          },
          time: { servers: ['192.168.7.1'] },
        },
      },
    ],
    controlplane: [
      { machine: { network: { interfaces: [{ interface: 'eth1', dhcp: true, vip: { ip: '192.168.8.5' } }] } } },
    ],
    isAsGenerated: before113,
  },
  {
    name: 'search-domains',
    generatedBy: ['1.11', '1.12'],
    all: [{ machine: { network: { nameservers: ['192.168.7.1'], searchDomains: ['home.example.org'] } } }],
    isAsGenerated: () => false,
  },
  {
    name: 'no-search-domain',
    generatedBy: ['1.12'],
    all: [{ machine: { network: { disableSearchDomain: true } } }],
    isAsGenerated: () => false,
  },
  // A minimal config.
  {
    name: 'bare',
    generatedBy: ['1.11', '1.13'],
    all: [
      {
        machine: {
          features: { kubePrism: { $patch: 'delete' }, hostDNS: { $patch: 'delete' } },
          install: { $patch: 'delete' },
        },
      },
      { cluster: { discovery: { $patch: 'delete' } } },
      { machine: { install: { image: 'ghcr.io/siderolabs/installer:v1.14.1', diskSelector: { size: '> 100GB' } } } },
    ],
    controlplane: [
      { machine: { nodeLabels: { $patch: 'delete' } } },
      { cluster: { apiServer: { admissionControl: { $patch: 'delete' } }, proxy: { $patch: 'delete' } } },
    ],
    isAsGenerated: always,
  },
  {
    name: 'custom-cni',
    generatedBy: LEGACY,
    controlplane: [{ cluster: { network: { cni: { name: 'custom', urls: ['https://example.org/calico.yaml'] } } } }],
    isAsGenerated: always,
  },
  {
    name: 'flannel-arguments',
    generatedBy: LEGACY,
    controlplane: [
      { cluster: { network: { cni: { name: 'flannel', flannel: { extraArgs: ['--iface-can-reach=192.168.7.1'] } } } } },
    ],
    isAsGenerated: always,
  },
  {
    name: 'admission-control-deleted',
    generatedBy: LEGACY,
    controlplane: [{ cluster: { apiServer: { admissionControl: { $patch: 'delete' } } } }],
    isAsGenerated: always,
  },
  // A combination as in templates for homelab clusters.
  {
    name: 'template',
    generatedBy: LEGACY,
    all: [
      {
        machine: {
          kubelet: {
            extraConfig: { maxPods: 200, serializeImagePulls: false },
            nodeIP: { validSubnets: ['192.168.7.0/24'] },
          },
          kernel: { modules: [{ name: 'nbd' }, { name: 'zfs', parameters: ['zfs_arc_max=1073741824'] }] },
          sysctls: { 'fs.inotify.max_user_watches': '1048576', 'net.core.rmem_max': '7500000' },
          sysfs: { 'devices.system.cpu.cpu0.cpufreq.scaling_governor': 'powersave' },
          files: [
            {
              op: 'create',
              path: '/etc/cri/conf.d/20-customization.part',
              permissions: 0o644,
              content: "[plugins]\n  # the user's\n",
            },
          ],
          features: { hostDNS: { enabled: true, forwardKubeDNSToHost: false, resolveMemberNames: true } },
          nodeLabels: { 'example.org/of-the-user': 'a' },
        },
        cluster: { network: { cni: { name: 'none' }, podSubnets: ['10.42.0.0/16'], serviceSubnets: ['10.43.0.0/16'] } },
      },
    ],
    controlplane: [
      { cluster: { apiServer: { admissionControl: { $patch: 'delete' } } } },
      {
        machine: {
          features: {
            kubernetesTalosAPIAccess: {
              enabled: true,
              allowedRoles: ['os:admin'],
              allowedKubernetesNamespaces: ['kube-system'],
            },
          },
        },
        cluster: {
          allowSchedulingOnControlPlanes: true,
          controllerManager: { extraArgs: { 'bind-address': '0.0.0.0' } },
          coreDNS: { disabled: true },
          etcd: { advertisedSubnets: ['192.168.7.0/24'], extraArgs: { 'listen-metrics-urls': 'http://0.0.0.0:2381' } },
          proxy: { disabled: true },
          scheduler: { extraArgs: { 'bind-address': '0.0.0.0' } },
        },
      },
    ],
    isAsGenerated: always,
  },
  {
    name: 'proxy-arguments',
    generatedBy: LEGACY,
    controlplane: [
      { cluster: { proxy: { mode: 'nftables', extraArgs: { 'metrics-bind-address': '0.0.0.0:10249' } } } },
    ],
    isAsGenerated: always,
  },
  {
    name: 'proxy-section-deleted',
    generatedBy: LEGACY,
    controlplane: [{ cluster: { proxy: { $patch: 'delete' } } }],
    isAsGenerated: always,
  },
  {
    name: 'manifests',
    generatedBy: LEGACY,
    controlplane: [
      {
        cluster: {
          inlineManifests: [
            { name: 'of-the-user', contents: NAMESPACE },
            { name: '10-cilium', contents: OLD_CILIUM },
          ],
          extraManifests: ['https://example.org/of-the-user.yaml'],
          extraManifestHeaders: { Authorization: 'Bearer a' },
        },
      },
    ],
    isAsGenerated: always,
  },
  {
    name: 'nodes',
    generatedBy: LEGACY,
    all: [
      {
        machine: {
          nodeLabels: { 'example.org/of-the-user': 'a' },
          nodeAnnotations: { 'example.org/of-the-user': 'a' },
          nodeTaints: { 'example.org/of-the-user': 'PreferNoSchedule' },
        },
      },
    ],
    controlplane: [
      { machine: { nodeLabels: { 'node.kubernetes.io/exclude-from-external-load-balancers': { $patch: 'delete' } } } },
      { cluster: { allowSchedulingOnControlPlanes: true } },
    ],
    isAsGenerated: always,
  },
  // Sections that no setting of ours is about.
  {
    name: 'other-sections',
    generatedBy: LEGACY,
    all: [
      {
        machine: {
          certSANs: ['talos.example.org'],
          kubelet: {
            extraArgs: { 'rotate-server-certificates': 'true' },
            extraMounts: [
              {
                destination: '/var/mnt/data',
                type: 'bind',
                source: '/var/mnt/data',
                options: ['bind', 'rshared', 'rw'],
              },
            ],
          },
          network: { extraHostEntries: [{ ip: '192.168.7.9', aliases: ['registry.example.org'] }] },
          registries: { mirrors: { 'docker.io': { endpoints: ['https://registry.example.org'] } } },
        },
      },
    ],
    controlplane: [
      {
        cluster: {
          apiServer: {
            certSANs: ['kubernetes.example.org'],
            extraArgs: { 'feature-gates': 'MutatingAdmissionPolicy=true' },
          },
          externalCloudProvider: { enabled: true, manifests: ['https://example.org/cloud-controller.yaml'] },
          adminKubeconfig: { certLifetime: '24h0m0s' },
        },
      },
    ],
    worker: [
      { machine: { nodeLabels: { 'example.org/of-the-user': 'worker' }, sysctls: { 'vm.nr_hugepages': '1024' } } },
    ],
    isAsGenerated: always,
  },
  {
    name: 'dual-stack',
    generatedBy: LEGACY,
    all: [
      {
        cluster: {
          network: { podSubnets: ['10.42.0.0/16', 'fd42::/56'], serviceSubnets: ['10.43.0.0/16', 'fd43::/108'] },
          discovery: { registries: { service: { endpoint: 'https://discovery.example.org/' } } },
        },
      },
    ],
    controlplane: [{ cluster: { controllerManager: { extraArgs: { 'node-cidr-mask-size-ipv6': '64' } } } }],
    isAsGenerated: always,
  },
];
