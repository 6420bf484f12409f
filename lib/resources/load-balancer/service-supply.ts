import { components, shortest } from './address-flow';
import type { Demand } from './address-flow';
import type { PoolObject } from './pool-model';
import { capacityOf, listIn } from './pool-supply';
import type { LoadBalancerService, ServiceSubject } from './service-model';
import { fewestAddresses, sharingGroups } from './service-sharing';

/** Services that need addresses of a family from some pools, which have fewer. */
export interface Shortage {
  readonly family: 4 | 6;
  readonly services: readonly LoadBalancerService[];
  readonly pools: readonly PoolObject[];
  readonly needed: number;
  readonly available: number;
}

/** The addresses of a family that Services request in pools which give them: each once, by pool. */
export type PinnedAddresses = ReadonlyMap<PoolObject, ReadonlyMap<bigint, readonly LoadBalancerService[]>>;

/** Whether a Service has no say in which addresses it gets. */
export function isUnpinned({ requested }: LoadBalancerService): boolean {
  return requested.every(({ address }) => address === undefined);
}

/** Reads which addresses of pools are requested. */
export function pinnedAddresses({ services, poolIndex }: ServiceSubject, family: 4 | 6): PinnedAddresses {
  const pinned = new Map<PoolObject, Map<bigint, LoadBalancerService[]>>();
  for (const service of services) {
    if (service.giver !== 'lbipam') continue;
    for (const { address } of service.requested) {
      if (address?.family !== family) continue;
      const pool = poolIndex.holding(address).find((one) => isOpen(one) && service.pools.includes(one));
      if (pool === undefined || !pool.usable.some(({ first, last }) => first <= address.first && address.first <= last))
        continue;
      const addresses = pinned.get(pool) ?? new Map<bigint, LoadBalancerService[]>();
      pinned.set(pool, addresses);
      listIn(addresses, address.first).push(service);
    }
  }
  return pinned;
}

/** Whether LB IPAM allocates from a pool. */
export function isOpen({ isDisabled }: PoolObject): boolean {
  return !isDisabled;
}

/**
 * Where Services need more addresses than their pools have, whichever Service is first. Pools that the app does not have could give
 * more; of Services that may share addresses, as few are counted as could do.
 */
export function shortages(subject: ServiceSubject): readonly Shortage[] {
  return ([4, 6] as const).flatMap((family) => shortagesOf(subject, family));
}

function shortagesOf(subject: ServiceSubject, family: 4 | 6): readonly Shortage[] {
  const pinned = pinnedAddresses(subject, family);
  const left = new Map(
    subject.pools.filter(isOpen).map((pool) => {
      const capacity = capacityOf(pool, family);
      return [pool, capacity === undefined ? Infinity : Number(capacity) - (pinned.get(pool)?.size ?? 0)] as const;
    }),
  );
  const demands = demandsOf(subject, family, pinned);
  return components(demands).flatMap((component) => {
    const short = shortest(component, left);
    if (short === undefined) return [];
    const pools = subject.pools.filter((pool) => short.pools.has(pool));
    const requesting = pools.flatMap((pool) => [...(pinned.get(pool) ?? [])].flatMap(([, services]) => services));
    const demanding = [...short.demands.keys()];
    const needed = sum(demanding.map((demand) => demand.needed));
    const requested = sum(pools.map((pool) => pinned.get(pool)?.size ?? 0));
    return {
      family,
      services: [...new Set([...requesting, ...demanding.flatMap(({ services }) => services)])],
      pools,
      needed: needed + requested,
      available: sum(pools.map((pool) => left.get(pool) ?? 0)) + requested,
    };
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** What Services need that request no address, by the pools that they can get it from. */
function demandsOf({ services }: ServiceSubject, family: 4 | 6, pinned: PinnedAddresses): readonly Demand[] {
  const owners = new Set([...pinned.values()].flatMap((addresses) => [...addresses.values()].flat()));
  const demands = new Map<string, Demand>();
  const ids = new Map<PoolObject, number>();
  for (const group of sharingGroups(services.filter(({ giver }) => giver === 'lbipam'))) {
    const unpinned = group.filter((service) => isUnpinned(service) && service.families.includes(family));
    const pools = [...new Set(unpinned.flatMap((service) => poolsWith(service, family)))];
    if (pools.length === 0) continue;
    const requesting = group.filter((service) => owners.has(service));
    const shared = new Set(
      requesting.flatMap(({ requested }) =>
        requested.flatMap(({ address }) => (address?.family === family ? [address.first] : [])),
      ),
    );
    const needed = fewestAddresses([...unpinned, ...requesting]) - shared.size;
    if (needed <= 0) continue;
    for (const pool of pools) if (!ids.has(pool)) ids.set(pool, ids.size);
    const key = pools
      .map((pool) => ids.get(pool) ?? 0)
      .sort((a, b) => a - b)
      .join();
    const known = demands.get(key);
    if (known === undefined) demands.set(key, { services: [...unpinned], pools, needed });
    else {
      known.services.push(...unpinned);
      known.needed += needed;
    }
  }
  return [...demands.values()];
}

/** The pools that may give a Service an address of a family. */
export function poolsWith({ pools }: LoadBalancerService, family: 4 | 6): readonly PoolObject[] {
  return pools.filter((pool) => isOpen(pool) && capacityOf(pool, family) !== 0n);
}
