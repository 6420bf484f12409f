/** Settings of machine configs that a Talos release has documents for, in place of sections of the v1alpha1 document. */
import { isSince, TALOS_MINORS } from '../talos/cluster/versions';
import type { TalosMinor } from '../talos/cluster/versions';

/** A section, and the document that replaces it. */
export interface MovedSetting {
  /** `machine.network.kubespan`. */
  readonly section: string;
  /** Kind of the document. */
  readonly document: string;
  /** The first minor that knows the document. */
  readonly since: TalosMinor;
}

const MOVED: Readonly<Partial<Record<TalosMinor, Readonly<Record<string, string>>>>> = {
  '1.12': {
    'machine.network.interfaces[].vip': 'Layer2VIPConfig',
    'machine.network.nameservers': 'ResolverConfig',
    'machine.network.searchDomains': 'ResolverConfig',
    'machine.network.disableSearchDomain': 'ResolverConfig',
    'machine.time': 'TimeSyncConfig',
  },
  '1.13': { 'machine.network.kubespan': 'KubeSpanConfig' },
  '1.14': {
    'cluster.allowSchedulingOnControlPlanes': 'KubeNodeConfig',
    'cluster.apiServer.admissionControl': 'KubeAdmissionControlConfig',
    'cluster.controllerManager': 'KubeControllerManagerConfig',
    'cluster.coreDNS': 'KubeCoreDNSConfig',
    'cluster.discovery': 'DiscoveryServiceConfig',
    'cluster.extraManifests': 'KubeExternalManifestConfig',
    'cluster.inlineManifests': 'KubeInlineManifestConfig',
    'cluster.network': 'KubeNetworkConfig',
    'cluster.network.cni': 'KubeFlannelCNIConfig',
    'cluster.proxy': 'KubeProxyConfig',
    'machine.features.hostDNS': 'ResolverConfig',
    'machine.features.kubePrism': 'KubePrismConfig',
    'machine.install': 'UnattendedInstallConfig',
    'machine.kernel.modules': 'KernelModuleConfig',
    'machine.kubelet': 'KubeletConfig',
    'machine.kubelet.nodeIP': 'KubeNodeConfig',
    'machine.kubelet.registerWithFQDN': 'KubeNodeConfig',
    'machine.kubelet.skipNodeRegistration': 'KubeNodeConfig',
    'machine.nodeAnnotations': 'KubeNodeConfig',
    'machine.nodeLabels': 'KubeNodeConfig',
    'machine.nodeTaints': 'KubeNodeConfig',
    'machine.sysctls': 'SysctlConfig',
    'machine.sysfs': 'SysfsConfig',
  },
};

/** The settings that get documents between two releases of Talos, those of older minors first. */
export function movedSettings(from: string, to: string): readonly MovedSetting[] {
  return TALOS_MINORS.filter((minor) => isSince(to, minor) && !isSince(from, minor)).flatMap((since) =>
    Object.entries(MOVED[since] ?? {}).map(([section, document]) => ({ section, document, since })),
  );
}

/** The minors from one release of Talos to another, both included; Talos supports one at a time. */
export function talosRoute(from: string, to: string): readonly TalosMinor[] {
  return TALOS_MINORS.filter((minor) => isSince(to, minor) && isSince(`${minor}.999`, from));
}
