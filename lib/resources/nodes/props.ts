import type { CiliumNodeConfigSpec, CiliumPodIPPoolIpv4, CiliumPodIPPoolSpec } from '../../../imports/cilium.io';
import type { ClusterResourceProps, ResourceProps } from '../../resource/kind';

/** Props of `CiliumNodeConfig`. */
export interface CiliumNodeConfigProps extends ResourceProps, Omit<CiliumNodeConfigSpec, 'defaults'> {
  /**
   * Keys of `cilium-config` with the values that replace it for the agents of these nodes, from their next start on.
   * Numbers and booleans are written as text.
   */
  readonly defaults: Readonly<Record<string, string | number | boolean>>;
  /** Which nodes. `{}` for all. */
  readonly nodeSelector: CiliumNodeConfigSpec['nodeSelector'];
  /**
   * Agents read only their own namespace.
   * @default - that of `cilium`, otherwise kube-system
   */
  readonly namespace?: string;
}

/** Networks of one family, and how they are split among nodes. */
export interface PodPoolFamily extends CiliumPodIPPoolIpv4 {
  /** The networks, `10.20.0.0/16`. More may be added later; none may be removed while a node uses it. */
  readonly cidrs: readonly string[];
  /** Prefix length of the parts that nodes get, at least that of the networks; for IPv6 at most 16 more. Cannot be changed later. */
  readonly maskSize: number;
}

/** Props of `PodIPPool`. */
export interface PodIPPoolProps extends ClusterResourceProps, Omit<CiliumPodIPPoolSpec, 'ipv4' | 'ipv6'> {
  /** @default - the pool has no IPv4 addresses */
  readonly ipv4?: PodPoolFamily;
  /** @default - the pool has no IPv6 addresses */
  readonly ipv6?: PodPoolFamily;
  /**
   * Pods that get their addresses here without an annotation; together with `namespaceSelector` both must match.
   * @default - pods with the annotation `ipam.cilium.io/ip-pool`, on them or on their namespace
   */
  readonly podSelector?: NonNullable<CiliumPodIPPoolSpec['podSelector']>;
}
