import { isTruthy } from '../../helm/truth';
import { contains, parseCidr } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import type { Context } from '../context';

/** The pools of the families in use from which Cilium allocates pod addresses in mode `cluster-pool`. */
export function clusterPools({ v, facts }: Context): readonly Cidr[] {
  if (facts.ipamMode !== 'cluster-pool') return [];
  const { clusterPoolIPv4PodCIDRList: ipv4, clusterPoolIPv6PodCIDRList: ipv6 } = v.ipam.operator;
  return [
    ...(isTruthy(v.ipv4.enabled) ? [ipv4].flat() : []),
    ...(isTruthy(v.ipv6.enabled) ? [ipv6].flat() : []),
  ].flatMap((text) => parseCidr(text ?? '') ?? []);
}

/** Those that no pod subnet of the Talos cluster holds. */
export function poolsOutside(ctx: Context, podSubnets: readonly string[] = []): readonly string[] {
  const known = podSubnets.flatMap((text) => parseCidr(text) ?? []);
  return clusterPools(ctx)
    .filter((pool) => !known.some((subnet) => contains(subnet, pool)))
    .map(({ network }) => network);
}
