import type { CiliumPodIPPoolIpv4, CiliumPodIPPoolSpec } from '../../../imports/cilium.io';
import { ciliumApi } from '../../resource/api';
import { resourceKind } from '../../resource/resource-kind';
import type { ClusterResourceProps } from '../../resource/kind';
import { POD_POOL_CHECKS } from './pod-ip-pool-checks';
import { POOLS_ON, POOL_DOCS, networksOf, poolOf } from './pod-pool-parts';

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
export const podIPPool = resourceKind<PodIPPoolProps>({
  api: ciliumApi('CiliumPodIPPool'),
  subject: 'pod-ip-pool',
  docs: POOL_DOCS,
  example: { version: '1.19.0', props: poolOf('10.20.0.0/16'), values: POOLS_ON },
  needs: [
    {
      rule: 'not-multi-pool',
      path: 'ipam.mode',
      isMet: ({ facts }) => facts.ipamMode === 'multi-pool',
      message: ({ facts }) => `The IPAM mode is \`${facts.ipamMode}\`, which ignores pools.`,
      hint: "Set `ipam: { mode: 'multi-pool' }`; a running cluster cannot change its mode.",
      unmet: { ipam: { mode: 'kubernetes' } },
    },
  ],
  selectors: [
    { path: 'podSelector', over: 'labels' },
    { path: 'namespaceSelector', over: 'labels' },
  ],
  families: {
    of: ({ props }) =>
      ([4, 6] as const)
        .map((family) => ({ at: `ipv${String(family)}` as const, family }))
        .filter(({ at }) => props[at as 'ipv4' | 'ipv6'] !== undefined),
    effect: 'pods get no addresses of this family',
    example: { ...poolOf('10.20.0.0/16'), ipv6: { cidrs: ['fd00::/104'], maskSize: 120 } },
  },
  ranges: {
    of: ({ props }) =>
      networksOf(props).flatMap(({ path, text, cidr }) =>
        cidr === undefined ? [] : [{ at: path, text, range: cidr }],
      ),
    rule: 'service-range',
    subnets: ['service'],
    hint: 'Take addresses that nothing else has.',
    example: poolOf('10.96.0.0/16'),
  },
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
  rules: POD_POOL_CHECKS,
});
