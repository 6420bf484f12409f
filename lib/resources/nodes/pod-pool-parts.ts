import type { Context } from '../../cilium/context';
import type { ResourceExample } from '../../resource/kind';
import { networkOf } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import { isMap } from '../../kubernetes/json';
import type { PodIPPoolProps, PodPoolFamily } from './pod-ip-pool';

type Props = ResourceExample<PodIPPoolProps>['props'];

/** Where Cilium explains pools. */
export const POOL_DOCS = 'https://docs.cilium.io/en/stable/network/concepts/ipam/multi-pool/';

/** Values of a Cilium that takes addresses of pods from pools. */
export const POOLS_ON = { ipam: { mode: 'multi-pool' } } as const;

/** A pool of one IPv4 network. */
export function poolOf(cidr: string, maskSize = 24, name = 'default'): Props {
  return { name, ipv4: { cidrs: [cidr], maskSize } };
}

/** A network of a pool. */
export interface PoolNetwork {
  readonly path: string;
  readonly text: string;
  readonly family: 4 | 6;
  readonly maskSize: number;
  /** `undefined` when it cannot be read. */
  readonly cidr: Cidr | undefined;
}

/** The networks of a pool, of both families. */
export function networksOf({ ipv4, ipv6 }: Pick<PodIPPoolProps, 'ipv4' | 'ipv6'>): readonly PoolNetwork[] {
  const families: readonly (readonly ['ipv4' | 'ipv6', 4 | 6, PodPoolFamily | undefined])[] = [
    ['ipv4', 4, ipv4],
    ['ipv6', 6, ipv6],
  ];
  return families.flatMap(([field, family, pool]) =>
    (pool?.cidrs ?? []).map((text, i) => ({
      path: `${field}.cidrs[${String(i)}]`,
      text,
      family,
      maskSize: pool?.maskSize ?? 0,
      cidr: networkOf(text),
    })),
  );
}

/** The pools that the operator makes at its start, as far as they can be read. */
export function madeByOperator(
  cilium: Context | undefined,
): readonly (Pick<PodIPPoolProps, 'ipv4' | 'ipv6'> & { readonly name: string })[] {
  const pools = cilium?.facts.ipamMode === 'multi-pool' ? cilium.v.ipam.operator.autoCreateCiliumPodIPPools : undefined;
  return Object.entries(isMap(pools) ? pools : {}).flatMap(([name, pool]) =>
    isMap(pool) ? [{ name, ipv4: familyOf(pool.ipv4), ipv6: familyOf(pool.ipv6) }] : [],
  );
}

function familyOf(family: unknown): PodPoolFamily | undefined {
  if (!isMap(family)) return undefined;
  const { cidrs, maskSize } = family;
  const list = Array.isArray(cidrs) ? cidrs.map(String) : typeof cidrs === 'string' ? cidrs.split(/[\s,]+/) : [];
  return { cidrs: list, maskSize: Number(maskSize) };
}
