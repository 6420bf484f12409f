import type { Base } from './bases';
import { talosDocument } from './bases-documents';

/*
 * Configs of clusters that were upgraded to Talos 1.14 where some sections were moved to documents and others were not.
 */

const gone = { $patch: 'delete' };
const NETWORK = { dnsDomain: 'cluster.local', podSubnets: ['10.244.0.0/16'], serviceSubnets: ['10.96.0.0/12'] };

export const HYBRID_BASES: readonly Base[] = [
  {
    name: 'network-and-proxy-moved',
    generatedBy: ['1.11', '1.13'],
    migrated: {
      all: [{ cluster: { network: gone } }, talosDocument('KubeNetworkConfig', NETWORK)],
      controlplane: [
        { cluster: { proxy: gone } },
        talosDocument('KubeFlannelCNIConfig', { backendType: 'vxlan', backendPort: 4789 }),
        talosDocument('KubeProxyConfig', { image: 'registry.k8s.io/kube-proxy:v1.37.0' }),
      ],
    },
    isAsGenerated: () => false,
  },
  {
    name: 'network-moved-without-flannel',
    generatedBy: ['1.12'],
    migrated: {
      all: [{ cluster: { network: gone } }, talosDocument('KubeNetworkConfig', NETWORK)],
      controlplane: [{ cluster: { proxy: { disabled: true } } }],
    },
    isAsGenerated: () => false,
  },
  {
    name: 'nodes-moved',
    generatedBy: ['1.11', '1.13'],
    migrated: {
      all: [talosDocument('KubeNodeConfig', { labels: { 'example.org/of-the-user': 'a' } })],
      controlplane: [
        { machine: { nodeLabels: gone } },
        talosDocument('KubeNodeConfig', {
          labels: {
            'node-role.kubernetes.io/control-plane': '',
            'node.kubernetes.io/exclude-from-external-load-balancers': '',
          },
          taints: { 'node-role.kubernetes.io/control-plane': 'NoSchedule' },
        }),
      ],
    },
    isAsGenerated: () => false,
  },
  {
    name: 'features-moved',
    generatedBy: ['1.12', '1.13'],
    migrated: {
      all: [
        { machine: { features: { kubePrism: gone, hostDNS: gone } } },
        talosDocument('KubePrismConfig', { port: 7445 }),
        talosDocument('ResolverConfig', { hostDNS: { enabled: true, forwardKubeDNSToHost: true } }),
        talosDocument('TimeSyncConfig', { ntp: { servers: ['192.168.7.1'] } }),
      ],
    },
    isAsGenerated: () => false,
  },
  {
    name: 'install-and-admission-moved',
    generatedBy: ['1.11', '1.13'],
    migrated: {
      all: [
        { machine: { install: gone } },
        talosDocument('UnattendedInstallConfig', {
          installer: { image: 'ghcr.io/siderolabs/installer:v1.14.1' },
          provisioning: { diskSelector: { match: 'disk.dev_path == "/dev/sda"' }, wipe: false },
        }),
      ],
      controlplane: [
        { cluster: { apiServer: { admissionControl: gone } } },
        talosDocument('KubeAdmissionControlConfig', {
          name: 'PodSecurity',
          configuration: { apiVersion: 'pod-security.admission.config.k8s.io/v1', kind: 'PodSecurityConfiguration' },
        }),
      ],
    },
    isAsGenerated: () => false,
  },
  {
    name: 'manifests-moved',
    generatedBy: ['1.13'],
    migrated: {
      controlplane: [
        talosDocument('KubeInlineManifestConfig', {
          name: 'of-the-user',
          manifest: 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: of-the-user\n',
        }),
      ],
    },
    isAsGenerated: () => false,
  },
];
