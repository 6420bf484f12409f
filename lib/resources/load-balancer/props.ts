import type {
  CiliumLocalRedirectPolicyRedirectBackend,
  CiliumLocalRedirectPolicySpec,
  CiliumLocalRedirectPolicyToPort,
} from '../../../imports/cilium.io';
import type { LabelSelector } from '../../kubernetes/selector';
import type { ClusterResourceProps, ResourceProps } from '../../resource/kind';

/** Addresses for Services: a CIDR, or a range from `start` to `stop` (one address without `stop`). */
export type PoolBlock = { readonly cidr: string } | { readonly start: string; readonly stop?: string };

/** Props of `LoadBalancerIPPool`. */
export interface LoadBalancerIPPoolProps extends ClusterResourceProps {
  /**
   * The addresses: `192.168.1.200/29`, `192.168.1.200-192.168.1.207`, one address, or Cilium's own form `{ cidr }` and
   * `{ start, stop }`. No address may be in two blocks, nor in two pools of one cluster.
   */
  readonly blocks: readonly (string | PoolBlock)[];
  /**
   * Which Services get addresses from the pool. Besides labels, the keys `io.kubernetes.service.namespace` and
   * `io.kubernetes.service.name` can be used.
   * @default - all
   */
  readonly serviceSelector?: LabelSelector;
  /**
   * Whether Services get the first and the last address of each CIDR: `No` excludes them from CIDRs of four addresses and more.
   * @default - Cilium's own, Yes
   */
  readonly allowFirstLastIPs?: 'Yes' | 'No';
  /**
   * Allocate no new addresses; Services keep theirs.
   * @default false
   */
  readonly disabled?: boolean;
}

/** Props of `L2AnnouncementPolicy`. */
export interface L2AnnouncementPolicyProps extends ClusterResourceProps {
  /** Announce the addresses that Services got from a pool. @default false */
  readonly loadBalancerIPs?: boolean;
  /** Announce the addresses under `spec.externalIPs` of Services. @default false */
  readonly externalIPs?: boolean;
  /**
   * Regular expressions (Go's syntax) of the network interfaces that answer; one match is enough. Without `^` and `$` they
   * match anywhere in a name. The interfaces must be among Cilium's `devices`.
   * @default - all of Cilium's devices
   */
  readonly interfaces?: readonly string[];
  /** Which Services are announced; one with a loadBalancerClass only when it is `io.cilium/l2-announcer`. @default - all */
  readonly serviceSelector?: LabelSelector;
  /** Which nodes may answer. @default - all */
  readonly nodeSelector?: LabelSelector;
}

/** A port of a frontend or a backend. */
export interface LocalRedirectPort extends Omit<CiliumLocalRedirectPolicyToPort, 'port'> {
  /** 1 to 65535. */
  readonly port: number | string;
  /**
   * Ties a frontend port to the backend port of the same name; required with several ports.
   * @default - none
   */
  readonly name?: string;
}

/** The Service whose traffic is redirected. */
export interface LocalRedirectService {
  readonly serviceName: string;
  /** @default - the policy's own, and no other is possible */
  readonly namespace?: string;
  /** @default - all ports of the Service */
  readonly toPorts?: readonly LocalRedirectPort[];
}

/** Props of `LocalRedirectPolicy`. */
export interface LocalRedirectPolicyProps
  extends ResourceProps, Omit<CiliumLocalRedirectPolicySpec, 'redirectFrontend' | 'redirectBackend'> {
  /** The traffic to redirect: to an address that is not a Service's, or to a Service of type ClusterIP in the policy's namespace. */
  readonly redirectFrontend: {
    readonly addressMatcher?: { readonly ip: string; readonly toPorts: readonly LocalRedirectPort[] };
    readonly serviceMatcher?: LocalRedirectService;
  };
  /** The pods that receive it: those on the node of the client, in the policy's namespace. Traffic on a node without one is not redirected. */
  readonly redirectBackend: Omit<CiliumLocalRedirectPolicyRedirectBackend, 'toPorts'> & {
    readonly toPorts: readonly LocalRedirectPort[];
  };
  /**
   * Traffic of the backends themselves goes to the original frontend.
   * @default false
   */
  readonly skipRedirectFromBackend?: boolean;
}

/** Props of `LocalRedirectPolicy.nodeLocalDns`. */
export interface NodeLocalDnsProps extends Omit<ResourceProps, 'namespace'> {
  /** Labels of the pods of the cache. @default - `k8s-app: node-local-dns` */
  readonly matchLabels?: Readonly<Record<string, string>>;
  /** The Service that pods query. @default kube-dns */
  readonly serviceName?: string;
  /** Namespace of the Service, and of the pods of the cache. @default kube-system */
  readonly namespace?: string;
}
