import type { PodSecurityLevel } from '../kubernetes/namespaces';
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

/** Which addresses KubeSpan speaks of. Both lists append when a patch meets a config that has some. */
export interface KubeSpanFilters {
  /**
   * Own addresses offered as WireGuard endpoints, by network. `!` before a network takes out what those before it let in,
   * so begin with one that lets in: `['0.0.0.0/0', '::/0', '!192.168.0.0/16']`.
   * @default - all
   */
  readonly endpoints?: readonly string[];
  /** Networks that are not announced over KubeSpan; the same on all nodes. Talos 1.12.4 or newer. @default - none */
  readonly excludeAdvertisedNetworks?: readonly string[];
}

/**
 * KubeSpan, the WireGuard mesh between the nodes; it needs discovery. From Talos 1.13 on it is written as `KubeSpanConfig`;
 * a config that still has `machine.network.kubespan` must lose that first.
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
  /** @default - none */
  readonly filters?: KubeSpanFilters;
}

/** How nodes find each other. As documents there is only the service. */
export interface DiscoveryProps {
  /** @default true */
  readonly enabled?: boolean;
  readonly registries?: {
    /** A service outside the cluster, which sees only encrypted data. */
    readonly service?: {
      /** @default false */
      readonly disabled?: boolean;
      /** `https://discovery.example.org/`, without a path; `http` and `grpc` are taken too. @default https://discovery.talos.dev/ */
      readonly endpoint?: string;
    };
    /** Annotations on Node objects; before Kubernetes 1.32 only. */
    readonly kubernetes?: {
      /** @default true */
      readonly disabled?: boolean;
    };
  };
}

/** A link by what it is made of. All that is given must fit, and exactly one link; `*` stands for any text. */
export interface DeviceSelectorProps {
  /** Address that the link has now: `00:1a:2b:*`. */
  readonly hardwareAddr?: string;
  /** Address that was burnt in. */
  readonly permanentAddr?: string;
  /** `0000:06:00.0`. */
  readonly busPath?: string;
  /** `8086:1533`. */
  readonly pciID?: string;
  /** `virtio_net`. */
  readonly driver?: string;
}

/**
 * An address of the API server that one control plane holds at a time, and another takes over. Only within one layer 2
 * network. From Talos 1.12 on it is written as `Layer2VIPConfig`, which changes nothing else of the link.
 */
export interface VirtualIPProps {
  /** `10.0.0.5`: free, in the network of the link, and no address of pods or services. */
  readonly ip: string;
  /** Name of the link, `eth0`, or an alias that the config gives it. Say this or `deviceSelector`. */
  readonly link?: string;
  /** The link when its name differs between the nodes. From 1.12 on the link gets the alias `vip0`, unless the config gives it another. */
  readonly deviceSelector?: DeviceSelectorProps;
  /** Talos 1.11 only, where a link that is spoken of no longer gets an address by DHCP by itself: ask for one. @default true */
  readonly dhcp?: boolean;
}

/**
 * Pod Security for namespaces without labels of their own. The plugin's configuration is written whole, in place of the one that
 * is there: its lists would append, and kube-apiserver does not start with a namespace that is exempt twice.
 */
export interface PodSecurityProps {
  /** What is refused. @default baseline */
  readonly enforce?: PodSecurityLevel;
  /** What is noted in the audit log. @default restricted */
  readonly audit?: PodSecurityLevel;
  /** What users are warned of. @default restricted */
  readonly warn?: PodSecurityLevel;
  /** Namespaces in which everything is admitted, beside `kube-system`. @default - none */
  readonly exemptNamespaces?: readonly string[];
}

/** A kernel module to load. */
export interface KernelModuleProps {
  /** `btrfs`. */
  readonly name: string;
  /** `name=value` each; they count from the next boot on, and append when a patch meets a config that has some. @default - none */
  readonly parameters?: readonly string[];
}

/** What can be said of all nodes, of control planes and of workers. */
export interface NodeProps {
  /**
   * Labels of the Node objects. `null` for `node.kubernetes.io/exclude-from-external-load-balancers` takes it from the control
   * planes, where Talos sets it. In the legacy style Talos refuses to take it away twice: leave it out of later patches of a live node.
   * @default - none
   */
  readonly nodeLabels?: Readonly<Record<string, string | null>>;
  /** Annotations of the Node objects. @default - none */
  readonly nodeAnnotations?: Readonly<Record<string, string>>;
  /**
   * Taints of the Node objects: `value:NoSchedule`, or `NoSchedule` without a value. Workers may not change their own: they take
   * them from Talos 1.14 on, when they join. That of control planes is said by `allowSchedulingOnControlPlanes`.
   * @default - none
   */
  readonly nodeTaints?: Readonly<Record<string, string>>;
  /** Kernel parameters, values as text: `{ 'net.core.somaxconn': '4096' }`; `net/ipv4/conf/eth0.5/…` when a name has dots. @default - none */
  readonly sysctls?: Readonly<Record<string, string>>;
  /** Files below /sys, with dots: `{ 'devices.system.cpu.cpu0.cpufreq.scaling_governor': 'performance' }`. @default - none */
  readonly sysfs?: Readonly<Record<string, string>>;
  /** In the legacy style the list appends when a patch meets a config that has some, which loads nothing twice. @default - none */
  readonly kernelModules?: readonly KernelModuleProps[];
  /** `/dev/sda`, `/dev/disk/by-id/…`. @default - as generated */
  readonly installDisk?: string;
}

/** Props of {@link TalosCluster}. What is not given is left as `talosctl gen config` has it. */
export interface TalosClusterProps extends NodeProps {
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
  /** @default - on, by the service that Sidero Labs runs */
  readonly discovery?: DiscoveryProps;
  /** Address of the API server that moves between the control planes. @default - none */
  readonly vip?: VirtualIPProps;
  /** Workloads run on control planes too: their taint goes. The label that keeps load balancers off them stays; see `nodeLabels`. @default false */
  readonly allowSchedulingOnControlPlanes?: boolean;
  /** @default - baseline, kube-system is exempt */
  readonly podSecurity?: PodSecurityProps;
  /** What control planes have besides, or instead: theirs wins over what is said of all nodes. @default - nothing */
  readonly controlPlanes?: NodeProps;
  /** What workers have besides, or instead. @default - nothing */
  readonly workers?: NodeProps;
}
