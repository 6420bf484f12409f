import { refuseErrors } from '../findings';
import { clusterFindings } from './cluster-checks';
import { frozenCopy } from './frozen';
import { defaultKubernetes, talosHas, talosMinor } from './versions';
import type { ConfigStyle, TalosVersion } from './versions';

/** KubePrism, the API server's address on every node. */
export interface KubePrismProps {
  /** @default true */
  readonly enabled?: boolean;
  /** Port on 127.0.0.1. @default 7445 */
  readonly port?: number;
}

/** The DNS cache of a node. */
export interface HostDNSProps {
  /** @default true */
  readonly enabled?: boolean;
  /** CoreDNS asks the node's cache instead of the nameservers. @default - as `enabled` */
  readonly forwardKubeDNSToHost?: boolean;
  /** The cache answers for the names of cluster members. @default false */
  readonly resolveMemberNames?: boolean;
}

/**
 * KubeSpan, the WireGuard mesh between the nodes. Both lists of `filters` append when a patch meets a config that has some.
 * From Talos 1.13 on it is written as `KubeSpanConfig`; a config that still has `machine.network.kubespan` must lose that first.
 */
export interface KubeSpanProps {
  /** @default true */
  readonly enabled?: boolean;
  /** Pod traffic goes through KubeSpan directly; needed by native routing. @default false */
  readonly advertiseKubernetesNetworks?: boolean;
  /** Traffic to a peer that is down bypasses the mesh. @default false */
  readonly allowDownPeerBypass?: boolean;
  /** Endpoints seen by other peers are published too; not for more than 50 nodes. @default false */
  readonly harvestExtraEndpoints?: boolean;
  /** MTU of the link: that of the network below less 80, at least 1280. @default 1420 */
  readonly mtu?: number;
  readonly filters?: {
    /** Own addresses offered as WireGuard endpoints; `!` before a network leaves it out. @default - all */
    readonly endpoints?: readonly string[];
    /** Networks that are not announced over KubeSpan; Talos 1.12.4 or newer. @default - none */
    readonly excludeAdvertisedNetworks?: readonly string[];
  };
}

/** Props of {@link TalosCluster}. What is not given is left as `talosctl gen config` has it. */
export interface TalosClusterProps {
  /** Talos minor, `1.13`, or release, `1.12.4`. A minor alone stands for its first release. */
  readonly talosVersion: TalosVersion;
  /**
   * How the nodes' configs are written. A cluster that was upgraded to 1.14 keeps its sections: say `legacy` for it.
   * @default - `multidoc` from 1.14 on, before that `legacy`
   */
  readonly configStyle?: ConfigStyle;
  /** @default - the release that this Talos minor installs */
  readonly kubernetesVersion?: string;
  /** One network per family. @default ['10.244.0.0/16'] */
  readonly podSubnets?: readonly string[];
  /** One network per family, as many as `podSubnets`. @default ['10.96.0.0/12'] */
  readonly serviceSubnets?: readonly string[];
  /** Prefix of the pod range that each node gets from the IPv4 pod subnet. @default 24 */
  readonly nodeCIDRMaskSizeIPv4?: number;
  /** The same for IPv6. @default 64 */
  readonly nodeCIDRMaskSizeIPv6?: number;
  /** @default - on, port 7445 */
  readonly kubePrism?: KubePrismProps;
  /** @default - on, CoreDNS asks it */
  readonly hostDNS?: HostDNSProps;
  /**
   * IP addresses of DNS servers. The list appends when a patch meets a config that has some. From Talos 1.12 on it is
   * written as `ResolverConfig`; a config that still has `machine.network.nameservers` must lose that first.
   * @default - from DHCP or the platform
   */
  readonly nameservers?: readonly string[];
  /**
   * Names or addresses of NTP servers. The list appends when a patch meets a config that has some. From Talos 1.12 on it
   * is written as `TimeSyncConfig`; a config that still has `machine.time` must lose that first.
   * @default - Talos' own
   */
  readonly timeServers?: readonly string[];
  /** @default - off, and not in the patches */
  readonly kubeSpan?: KubeSpanProps;
  /** `/dev/sda`, `/dev/disk/by-id/…`. @default - as generated */
  readonly installDisk?: string;
  /**
   * Labels of all nodes. `null` for `node.kubernetes.io/exclude-from-external-load-balancers` takes it from the control
   * planes, where Talos sets it; Talos refuses to take it away twice, so leave it out of later patches of a live node.
   * @default - none
   */
  readonly nodeLabels?: Readonly<Record<string, string | null>>;
}

/**
 * A Talos cluster as plain, frozen data. Talos patches and Cilium's values both come from it, so they cannot disagree.
 * kube-proxy is never said here: it follows from Cilium's `kubeProxyReplacement`.
 */
export class TalosCluster {
  readonly talosVersion: TalosVersion;
  readonly configStyle: ConfigStyle;
  readonly kubernetesVersion: string;
  readonly podSubnets: readonly string[];
  readonly serviceSubnets: readonly string[];
  readonly nodeCIDRMaskSizeIPv4: number;
  readonly nodeCIDRMaskSizeIPv6: number;
  readonly kubePrism: Required<KubePrismProps>;
  readonly hostDNS: Required<HostDNSProps>;
  readonly kubeSpan: (Required<Omit<KubeSpanProps, 'filters'>> & Pick<KubeSpanProps, 'filters'>) | undefined;
  readonly nodeLabels: Readonly<Record<string, string | null>>;
  /** What was given, without defaults: only that goes into patches. */
  readonly given: TalosClusterProps;

  /** @throws CiliumError with every problem at once: versions, networks that overlap or are no networks, settings Talos refuses. */
  constructor(props: TalosClusterProps) {
    const given = frozenCopy(props);
    const { talosVersion, podSubnets = ['10.244.0.0/16'], serviceSubnets = ['10.96.0.0/12'] } = given;
    const minor = talosMinor(talosVersion);
    const hostDNS = given.hostDNS?.enabled ?? true;
    this.given = given;
    this.talosVersion = talosVersion;
    this.configStyle = given.configStyle ?? (talosHas(talosVersion, 'kubernetes-documents') ? 'multidoc' : 'legacy');
    this.kubernetesVersion = given.kubernetesVersion ?? (minor === undefined ? '' : defaultKubernetes(minor));
    this.podSubnets = Object.freeze(podSubnets);
    this.serviceSubnets = Object.freeze(serviceSubnets);
    this.nodeCIDRMaskSizeIPv4 = given.nodeCIDRMaskSizeIPv4 ?? 24;
    this.nodeCIDRMaskSizeIPv6 = given.nodeCIDRMaskSizeIPv6 ?? 64;
    this.kubePrism = frozenCopy({ enabled: true, port: 7445, ...given.kubePrism });
    this.hostDNS = frozenCopy({ enabled: hostDNS, forwardKubeDNSToHost: hostDNS, resolveMemberNames: false, ...given.hostDNS });
    this.kubeSpan = given.kubeSpan === undefined ? undefined : frozenCopy({ ...KUBESPAN_DEFAULTS, ...given.kubeSpan });
    this.nodeLabels = given.nodeLabels ?? Object.freeze({});
    Object.freeze(this);
    refuseErrors(clusterFindings(this), 'The Talos cluster is refused');
  }
}

const KUBESPAN_DEFAULTS = {
  enabled: true,
  advertiseKubernetesNetworks: false,
  allowDownPeerBypass: false,
  harvestExtraEndpoints: false,
  mtu: 1420,
} as const;
