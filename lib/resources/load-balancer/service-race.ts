import { compareBigints } from '../../kubernetes/cidr';
import type { AddressRange } from '../../kubernetes/cidr';
import type { PoolObject } from './pool-model';
import { countUntil, sizeOf } from './pool-supply';
import type { LoadBalancerService, ServiceSubject } from './service-model';
import { fewestAddresses, sharingGroups } from './service-sharing';
import { isOpen, isUnpinned, pinnedAddresses } from './service-supply';

/** Addresses of a pool that Services request, and that others may get before them. */
export interface Race {
  readonly pool: PoolObject;
  readonly addresses: readonly { readonly address: bigint; readonly services: readonly LoadBalancerService[] }[];
  /** Services that request no address. */
  readonly others: readonly LoadBalancerService[];
}

/**
 * Requested addresses that a Service without a requested address may get first. The operator serves all new Services in a random
 * order, and gives those the first address of the smallest free part of a block, so only addresses near the start of a block or behind
 * other requested ones are in reach. Services that have their address keep it.
 */
export function races(subject: ServiceSubject): readonly Race[] {
  return ([4, 6] as const).flatMap((family) => racesOf(subject, family));
}

function racesOf(subject: ServiceSubject, family: 4 | 6): readonly Race[] {
  const pinned = pinnedAddresses(subject, family);
  if (pinned.size === 0) return [];
  const rivals = rivalsOf(subject, family);
  return subject.pools.filter(isOpen).flatMap((pool) => {
    const [requested, { services = [], count = 0, ofGroup = new Map<LoadBalancerService, number>() } = {}] = [
      pinned.get(pool),
      rivals.get(pool),
    ];
    if (requested === undefined || count === 0 || pool.blocks.length !== pool.sound.length) return [];
    const needed = allocationsUntil(
      pool.usable.filter((range) => range.family === family),
      [...requested.keys()],
    );
    const addresses = [...requested].flatMap(([address, owners]) => {
      // Services of its own group may share it.
      const others = count - Math.max(...owners.map((owner) => ofGroup.get(owner) ?? 0));
      return (needed.get(address) ?? Infinity) <= others ? [{ address, services: owners }] : [];
    });
    return addresses.length === 0 ? [] : [{ pool, addresses, others: services }];
  });
}

interface Rivals {
  readonly services: LoadBalancerService[];
  /** How many addresses they need at least. */
  count: number;
  /** The same of the group of a Service. */
  readonly ofGroup: Map<LoadBalancerService, number>;
}

/** Services that request no address, by the pools that may give them one. */
function rivalsOf({ services }: ServiceSubject, family: 4 | 6): ReadonlyMap<PoolObject, Rivals> {
  const rivals = new Map<PoolObject, Rivals>();
  for (const group of sharingGroups(services.filter(({ giver }) => giver === 'lbipam'))) {
    const unpinned = group.filter((service) => isUnpinned(service) && service.families.includes(family));
    for (const pool of new Set(unpinned.flatMap((service) => service.pools))) {
      const mine = unpinned.filter(({ pools }) => pools.includes(pool));
      const known = rivals.get(pool) ?? { services: [], count: 0, ofGroup: new Map<LoadBalancerService, number>() };
      rivals.set(pool, known);
      const count = fewestAddresses(mine);
      known.count += count;
      known.services.push(...mine);
      for (const service of group) known.ofGroup.set(service, count);
    }
  }
  return rivals;
}

/** For each requested address after how many other allocations it may be taken, in the order that suits it worst. */
function allocationsUntil(ranges: readonly AddressRange[], requested: readonly bigint[]): ReadonlyMap<bigint, number> {
  const needed = new Map<bigint, number>();
  const sorted = [...requested].sort(compareBigints);
  let before = 0n;
  for (const range of ranges) {
    const own = sorted.slice(
      countUntil(sorted, (address) => address >= range.first),
      countUntil(sorted, (address) => address > range.last),
    );
    const gaps = gapsOf(range, own);
    const upTo = cumulated(gaps);
    let free = 0n;
    own.forEach((address, i) => {
      const [left = 0n, right = 0n] = [gaps[i], gaps[i + 1]];
      free += left;
      const previous = own[i - 1];
      const merged = left + 1n + right;
      const ways = [
        // Those in front of it are allocated.
        free,
        // All others are: the gaps up to the size of its own are filled first.
        upTo(merged) - right,
      ];
      // Only the one in front of it is.
      if (previous !== undefined) {
        const [front, back] = [previous - range.first, range.last - previous];
        ways.push((front <= back ? front : 0n) + left);
      }
      needed.set(address, Number(before + ways.reduce((a, b) => (b < a ? b : a)) + 1n));
    });
    before += sizeOf(range) - BigInt(own.length);
  }
  return needed;
}

/** Sizes of the parts between requested addresses, that before the first and that behind the last included. */
function gapsOf({ first, last }: AddressRange, requested: readonly bigint[]): readonly bigint[] {
  const edges = [first - 1n, ...requested, last + 1n];
  return edges.slice(1).map((edge, i) => edge - (edges[i] ?? 0n) - 1n);
}

/** The sum of all sizes up to a size. */
function cumulated(sizes: readonly bigint[]): (most: bigint) => bigint {
  const sorted = [...sizes].sort(compareBigints);
  const sums = [0n];
  for (const size of sorted) sums.push((sums.at(-1) ?? 0n) + size);
  return (most) => sums[countUntil(sorted, (size) => size > most)] ?? 0n;
}
