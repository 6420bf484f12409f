import type { CiliumPodIPPoolIpv4, CiliumPodIPPoolSpec } from '../../../imports/cilium.io';
import { ciliumApi } from '../../resource/api';
import type { ClusterResourceProps, ResourceKind } from '../../resource/resource';
import { POD_POOL_CHECKS } from './pod-ip-pool-checks';

/** Networks of one family, and how they are cut. */
export interface PodPoolFamily extends CiliumPodIPPoolIpv4 {
  /** The networks, `10.20.0.0/16`. More may be added later; none may be taken away while a node uses it. */
  readonly cidrs: readonly string[];
  /** Length of the prefix of the parts that nodes get, at least that of the networks; for IPv6 at most 16 more. Cannot be changed later. */
  readonly maskSize: number;
}

/** Props of `PodIPPool`. */
export interface PodIPPoolProps extends ClusterResourceProps, Omit<CiliumPodIPPoolSpec, 'ipv4' | 'ipv6'> {
  /** @default - the pool has no IPv4 addresses */
  readonly ipv4?: PodPoolFamily;
  /** @default - the pool has no IPv6 addresses */
  readonly ipv6?: PodPoolFamily;
  /**
   * Pods that take their addresses here without an annotation; together with `namespaceSelector` both must match.
   * @default - pods with the annotation `ipam.cilium.io/ip-pool`, on them or on their namespace
   */
  readonly podSelector?: NonNullable<CiliumPodIPPoolSpec['podSelector']>;
}

/** Addresses for pods, with `ipam.mode: multi-pool`: CiliumPodIPPool. Pods that say nothing take theirs from the pool `default`. */
export const podIPPool: ResourceKind<PodIPPoolProps> = {
  api: ciliumApi('CiliumPodIPPool'),
  subject: 'pod-ip-pool',
  elsewhere: {
    namespace: 'Leave it out: pools belong to no namespace.',
    cidrs: 'Write `ipv4: { cidrs: … }` or `ipv6: { cidrs: … }`.',
    maskSize: 'Write `ipv4: { maskSize: … }` or `ipv6: { maskSize: … }`.',
    blocks: 'They belong to a LoadBalancerIPPool; here it is `ipv4: { cidrs: … }`.',
    'ipv4.cidr': 'Write `cidrs: [ … ]`.',
    'ipv6.cidr': 'Write `cidrs: [ … ]`.',
    'ipv4.blockSize': 'It is called `maskSize`.',
    'ipv6.blockSize': 'It is called `maskSize`.',
  },
  checks: POD_POOL_CHECKS,
};
