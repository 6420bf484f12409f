import { refuseErrors } from '../../rules/finding';
import { withoutV } from '../../helm/semver';
import { clusterFindings } from './checks';
import type { HostDNSProps, KubePrismProps, KubeSpanProps, PodSecurityProps, TalosClusterProps } from './props';
import { frozenCopy } from './frozen';
import { clusterPropFindings } from './prop-checks';
import { defaultKubernetes, isSince, minorOf, talosMinor } from './versions';
import type { TalosVersion } from './versions';

export type { TalosClusterProps } from './props';

/**
 * A Talos cluster as plain, frozen data. Talos patches and Cilium's values both come from it, so they cannot disagree.
 * kube-proxy is never said here: it follows from Cilium's `kubeProxyReplacement`.
 */
export class TalosCluster {
  readonly talosVersion: TalosVersion;
  /** The release that generated the configs. */
  readonly generatedBy: string;
  readonly kubernetesVersion: string;
  readonly podSubnets: readonly string[];
  readonly serviceSubnets: readonly string[];
  readonly nodeCIDRMaskSizeIPv4: number;
  readonly nodeCIDRMaskSizeIPv6: number;
  readonly kubePrism: Required<KubePrismProps>;
  readonly hostDNS: Required<HostDNSProps>;
  readonly kubeSpan: (Required<Omit<KubeSpanProps, 'filters'>> & Pick<KubeSpanProps, 'filters'>) | undefined;
  /** With `kube-system` among the exempt namespaces. */
  readonly podSecurity: Required<PodSecurityProps>;
  /** Labels of all nodes; `null` for one that the control planes lose. */
  readonly nodeLabels: Readonly<Record<string, string | null>>;
  /** What was given, without defaults: only that goes into patches. */
  readonly given: TalosClusterProps;

  /** @throws CiliumError with every problem at once: unknown names, versions, networks that overlap or are no networks, settings Talos refuses. */
  constructor(props: TalosClusterProps) {
    refuseErrors(clusterPropFindings(props), REFUSED);
    const given = frozenCopy({
      ...props,
      talosVersion: withoutV(props.talosVersion),
      ...(props.kubernetesVersion === undefined ? {} : { kubernetesVersion: withoutV(props.kubernetesVersion) }),
    });
    const { talosVersion, podSubnets = ['10.244.0.0/16'], serviceSubnets = ['10.96.0.0/12'], podSecurity = {} } = given;
    const minor = talosMinor(talosVersion);
    this.given = given;
    this.talosVersion = talosVersion;
    this.generatedBy = given.generatedBy ?? minorOf(talosVersion);
    this.kubernetesVersion = given.kubernetesVersion ?? (minor === undefined ? '' : defaultKubernetes(minor));
    this.podSubnets = Object.freeze(podSubnets);
    this.serviceSubnets = Object.freeze(serviceSubnets);
    this.nodeCIDRMaskSizeIPv4 = given.nodeCIDRMaskSizeIPv4 ?? 24;
    this.nodeCIDRMaskSizeIPv6 = given.nodeCIDRMaskSizeIPv6 ?? 64;
    this.kubePrism = frozenCopy({
      enabled: given.kubePrism !== undefined || isSince(this.generatedBy, '1.6'),
      port: 7445,
      ...given.kubePrism,
    });
    this.hostDNS = frozenCopy(hostDNSOf(given, this.generatedBy));
    this.kubeSpan = given.kubeSpan === undefined ? undefined : frozenCopy({ ...KUBESPAN_DEFAULTS, ...given.kubeSpan });
    this.podSecurity = frozenCopy({
      ...POD_SECURITY_DEFAULTS,
      ...podSecurity,
      exemptNamespaces: ['kube-system', ...(podSecurity.exemptNamespaces ?? [])],
    });
    this.nodeLabels = frozenCopy(nodeLabelsOf(given));
    Object.freeze(this);
    refuseErrors(clusterFindings(this), REFUSED);
  }
}

const REFUSED = 'The Talos cluster is refused';

const KUBESPAN_DEFAULTS = {
  enabled: true,
  advertiseKubernetesNetworks: false,
  allowDownPeerBypass: false,
  harvestExtraEndpoints: false,
  mtu: 1420,
} as const;

const POD_SECURITY_DEFAULTS = { enforce: 'baseline', audit: 'restricted', warn: 'restricted' } as const;

/** What generated configs have, when nothing is given: the cache since 1.7, and CoreDNS asks it since 1.8. */
function hostDNSOf({ hostDNS }: TalosClusterProps, generatedBy: string): Required<HostDNSProps> {
  const enabled = hostDNS === undefined ? isSince(generatedBy, '1.7') : (hostDNS.enabled ?? true);
  const forwardKubeDNSToHost = enabled && (hostDNS !== undefined || isSince(generatedBy, '1.8'));
  return { enabled, forwardKubeDNSToHost, resolveMemberNames: false, ...hostDNS };
}

function nodeLabelsOf({ nodeLabels = {}, controlPlanes }: TalosClusterProps): Readonly<Record<string, string | null>> {
  const own = controlPlanes?.nodeLabels ?? {};
  const kept = Object.entries(nodeLabels).filter(([name, value]) => value !== null || (own[name] ?? null) === null);
  return Object.fromEntries([...kept, ...Object.entries(own).filter(([, value]) => value === null)]);
}
