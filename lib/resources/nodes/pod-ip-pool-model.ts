import type { Context } from '../../cilium/context';
import { networkOf } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import { isMap, mapOf } from '../../kubernetes/json';
import type { ResourceExample, ResourceRule } from '../../resource/kind';
import type { PodIPPoolProps } from './props';

/** A network of a pool. */
export interface PoolNetwork {
  /** `ipv4.cidrs[0]`. */
  readonly at: string;
  readonly text: string;
  readonly family: 4 | 6;
  readonly maskSize: number;
  /** `undefined` when the text is not a network of the family. */
  readonly cidr: Cidr | undefined;
  /** The network as it was read, whatever its family. */
  readonly anyCidr: Cidr | undefined;
}

/** A pool of pod addresses, read. */
export interface PodPoolModel {
  /** Families that the pool has. */
  readonly families: readonly (4 | 6)[];
  readonly networks: readonly PoolNetwork[];
}

/** A rule of pools of pod addresses. */
export type PodPoolRule = ResourceRule<PodIPPoolProps, PodPoolModel>;

const FAMILIES = [4, 6] as const;

/** The field of a family: `ipv4`. */
export function fieldOf(family: 4 | 6): 'ipv4' | 'ipv6' {
  return family === 4 ? 'ipv4' : 'ipv6';
}

/** Reads a pool. */
export function readPodPool(pool: { readonly ipv4?: unknown; readonly ipv6?: unknown }): PodPoolModel {
  const given = FAMILIES.filter((family) => pool[fieldOf(family)] !== undefined);
  return {
    families: given,
    networks: given.flatMap((family) => {
      const { cidrs, maskSize } = mapOf(pool[fieldOf(family)]);
      const list: readonly unknown[] = Array.isArray(cidrs)
        ? cidrs
        : typeof cidrs === 'string'
          ? cidrs.split(/[\s,]+/)
          : [];
      return list.map((item, i) => {
        const text = String(item);
        const anyCidr = networkOf(text);
        return {
          at: `${fieldOf(family)}.cidrs[${String(i)}]`,
          text,
          family,
          maskSize: Number(maskSize),
          cidr: anyCidr?.family === family ? anyCidr : undefined,
          anyCidr,
        };
      });
    }),
  };
}

/** A pool that the operator creates when it starts. */
export interface OperatorPool extends PodPoolModel {
  readonly name: string;
}

const read = new WeakMap<Context, readonly OperatorPool[]>();

/** The pools that the operator creates when it starts, as far as they can be read; read once per Cilium. */
export function operatorPools(cilium: Context | undefined): readonly OperatorPool[] {
  if (cilium?.facts.ipamMode !== 'multi-pool') return [];
  const known = read.get(cilium);
  if (known !== undefined) return known;
  const pools = Object.entries(mapOf(cilium.v.ipam.operator.autoCreateCiliumPodIPPools)).flatMap(([name, pool]) =>
    isMap(pool) ? [{ name, ...readPodPool(pool) }] : [],
  );
  read.set(cilium, pools);
  return pools;
}

/** Values of a Cilium with pools, for examples. */
export const POOLS_ON = { ipam: { mode: 'multi-pool' }, egressMasqueradeInterfaces: 'eth+' } as const;

/** A pool of one IPv4 network, for examples. */
export function poolOf(cidr: string, maskSize = 24, name = 'default'): ResourceExample<PodIPPoolProps>['props'] {
  return { name, ipv4: { cidrs: [cidr], maskSize } };
}
