import { compareText } from '../../kubernetes/order';
import { overlaps, parseCidr } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import { isTruthy } from '../../helm/truth';
import type { Context } from '../context';
import { wordList } from './config-text';
import type { OneOrMany } from './config-text';

/** A pool of `ipam.operator.autoCreateCiliumPodIPPools`. */
export interface Pool {
  readonly ipv4?: PoolFamily | undefined;
  readonly ipv6?: PoolFamily | undefined;
  readonly allowFirstIP?: boolean | null | undefined;
  readonly allowLastIP?: boolean | null | undefined;
}

export interface PoolFamily {
  readonly cidrs?: OneOrMany;
  readonly maskSize?: number | string | null | undefined;
}

/** The pools that the operator creates, by name. */
export function poolsOf({ v }: Context): readonly (readonly [string, Pool])[] {
  return Object.entries((v.ipam.operator.autoCreateCiliumPodIPPools ?? {}) as Readonly<Record<string, Pool>>).sort(
    ([a], [b]) => compareText(a, b),
  );
}

/** The networks of a list, as text. */
export function cidrsIn(cidrs: OneOrMany): readonly string[] {
  return (wordList(cidrs) ?? '').split(/[ ,]+/).filter((text) => text !== '');
}

/** The networks of a family of the cluster pool, with the size of the part that each node gets. */
export interface ClusterPool {
  /** `ipam.operator.clusterPoolIPv4PodCIDRList`. */
  readonly list: string;
  /** `ipam.operator.clusterPoolIPv4MaskSize`. */
  readonly mask: string;
  readonly family: 4 | 6;
  readonly networks: readonly Cidr[];
  readonly maskSize: number;
}

/** The cluster pool by family; none in other IPAM modes. */
export function clusterPools({ v, facts }: Context): readonly ClusterPool[] {
  if (!facts.hasConfigMap || facts.ipamMode !== 'cluster-pool') return [];
  return ([4, 6] as const)
    .filter((family) => isTruthy(v[family === 4 ? 'ipv4' : 'ipv6'].enabled))
    .map((family) => {
      const [list, mask] = [`clusterPoolIPv${String(family)}PodCIDRList`, `clusterPoolIPv${String(family)}MaskSize`];
      const { [list as 'clusterPoolIPv4PodCIDRList']: cidrs, [mask as 'clusterPoolIPv4MaskSize']: maskSize } =
        v.ipam.operator;
      return {
        list: `ipam.operator.${list}`,
        mask: `ipam.operator.${mask}`,
        family,
        networks: cidrsIn(cidrs).flatMap((text) => parseCidr(text) ?? []),
        maskSize: Number(maskSize),
      };
    });
}

/** Neighbours in the order of their addresses that share some: where any of the networks do, two neighbours do. */
export function sharedNetworks<T extends { readonly cidr: Cidr }>(
  networks: readonly T[],
): readonly (readonly [T, T])[] {
  const sorted = [...networks].sort(
    ({ cidr: a }, { cidr: b }) => a.family - b.family || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0),
  );
  return sorted.slice(1).flatMap((one, i) => {
    const before = sorted[i];
    return before !== undefined && overlaps(before.cidr, one.cidr) ? [[before, one] as const] : [];
  });
}
