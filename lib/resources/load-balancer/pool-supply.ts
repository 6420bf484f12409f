import { compareBigints } from '../../kubernetes/cidr';
import type { AddressRange } from '../../kubernetes/cidr';
import { isMap, mapOf } from '../../kubernetes/json';
import { selects } from '../../kubernetes/selector';
import type { PoolObject } from './pool-model';

/** Pools, indexed for many Services: neither question looks at all of them. */
export interface PoolIndex {
  /** The pools that select a Service with these labels, in their order. */
  selecting(labels: Readonly<Record<string, unknown>>): readonly PoolObject[];
  /** The pools with an address. */
  holding(address: AddressRange): readonly PoolObject[];
}

/** Indexes pools. */
export function indexPools(pools: readonly PoolObject[]): PoolIndex {
  const order = new Map(pools.map((pool, i) => [pool, i]));
  const byLabel = new Map<string, PoolObject[]>();
  const others: PoolObject[] = [];
  for (const pool of pools) {
    const labels = requiredLabels(pool);
    if (labels.length === 0) others.push(pool);
    for (const label of labels) listIn(byLabel, label).push(pool);
  }
  return {
    selecting: (labels) => {
      const candidates = new Set([
        ...others,
        ...Object.entries(labels).flatMap(([key, value]) => byLabel.get(labelOf(key, value)) ?? []),
      ]);
      return [...candidates]
        .filter(({ serviceSelector }) => selects(serviceSelector, labels))
        .sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    },
    holding: holders(pools),
  };
}

/** The list under a key, made when there is none. */
export function listIn<K, T>(map: Map<K, T[]>, key: K): T[] {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made: T[] = [];
  map.set(key, made);
  return made;
}

function labelOf(key: string, value: unknown): string {
  return `${key}=${String(value)}`;
}

/** Labels of which a Service needs one for a pool; none when the selector names no such labels. */
function requiredLabels({ serviceSelector }: PoolObject): readonly string[] {
  const { matchLabels, matchExpressions } = serviceSelector ?? {};
  const [label] = Object.entries(mapOf(matchLabels));
  if (label !== undefined) return [labelOf(...label)];
  const expressions: readonly unknown[] = Array.isArray(matchExpressions) ? matchExpressions : [];
  const { key, values } = mapOf(expressions.find((one) => isMap(one) && one.operator === 'In'));
  return Array.isArray(values) ? values.map((value) => labelOf(String(key), value)) : [];
}

function holders(pools: readonly PoolObject[]): PoolIndex['holding'] {
  const placed = pools.flatMap((pool) => pool.sound.map(({ range }) => ({ pool, range })));
  const sorted = placed.sort((a, b) => compareBigints(a.range.first, b.range.first));
  // The last address of all ranges up to here: pools may share addresses, which is an error of its own.
  const reach: bigint[] = [];
  for (const { range } of sorted) reach.push(max(reach.at(-1) ?? 0n, range.last));
  return ({ family, first }) => {
    const found = new Set<PoolObject>();
    for (
      let i = countUntil(sorted, ({ range }) => range.first > first) - 1;
      i >= 0 && (reach[i] ?? 0n) >= first;
      i -= 1
    ) {
      const one = sorted[i];
      if (one !== undefined && one.range.family === family && one.range.last >= first) found.add(one.pool);
    }
    return [...found].reverse();
  };
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** The addresses of a family that LB IPAM allocates from a pool; `undefined` where blocks cannot be read. */
export function capacityOf({ blocks, sound, usable }: PoolObject, family: 4 | 6): bigint | undefined {
  if (blocks.length !== sound.length) return undefined;
  return usable.filter((range) => range.family === family).reduce((sum, range) => sum + sizeOf(range), 0n);
}

/** How many addresses a range has. */
export function sizeOf({ first, last }: AddressRange): bigint {
  return last - first + 1n;
}

/** How many items of a list come before the first that fits; all behind it fit, too. */
export function countUntil<T>(list: readonly T[], fits: (item: T) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(list[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}
