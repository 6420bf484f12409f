import type { PoolObject } from './pool-model';
import { listIn } from './pool-supply';
import type { LoadBalancerService } from './service-model';

/** Services that need at least so many addresses of the same pools. */
export interface Demand {
  readonly services: LoadBalancerService[];
  readonly pools: readonly PoolObject[];
  needed: number;
}

/** Demands that have pools in common, directly or through others. */
export function components(demands: readonly Demand[]): readonly (readonly Demand[])[] {
  const members = new Map<PoolObject, Demand[]>();
  for (const demand of demands) for (const pool of demand.pools) listIn(members, pool).push(demand);
  const seen = new Set<Demand>();
  return demands.flatMap((start) => {
    if (seen.has(start)) return [];
    seen.add(start);
    const component = [start];
    for (const demand of component)
      for (const next of demand.pools.flatMap((pool) => members.get(pool) ?? []))
        if (!seen.has(next)) {
          seen.add(next);
          component.push(next);
        }
    return [component];
  });
}

/** A maximum flow of addresses from pools to demands, while it grows. */
interface Flow {
  readonly left: Map<PoolObject, number>;
  readonly given: ReadonlyMap<PoolObject, Map<Demand, number>>;
}

/** What a search from a demand has reached, each with where it came from. */
export interface Reached {
  readonly demands: Map<Demand, PoolObject | undefined>;
  readonly pools: Map<PoolObject, Demand>;
  /** A pool with addresses left. */
  readonly open: PoolObject | undefined;
}

/** Demands that their pools cannot serve together, with these pools. */
export function shortest(demands: readonly Demand[], supply: ReadonlyMap<PoolObject, number>): Reached | undefined {
  const pools = [...new Set(demands.flatMap((demand) => demand.pools))];
  const flow: Flow = {
    left: new Map(pools.map((pool) => [pool, supply.get(pool) ?? 0])),
    given: new Map(pools.map((pool) => [pool, new Map<Demand, number>()])),
  };
  for (const demand of demands) {
    let missing = demand.needed;
    while (missing > 0) {
      const reached = search(demand, flow);
      if (reached.open === undefined) return reached;
      missing -= augment(reached, reached.open, missing, flow);
    }
  }
  return undefined;
}

function search(start: Demand, { left, given }: Flow): Reached {
  const demands = new Map<Demand, PoolObject | undefined>([[start, undefined]]);
  const pools = new Map<PoolObject, Demand>();
  for (const [demand] of demands)
    for (const pool of demand.pools) {
      if (pools.has(pool)) continue;
      pools.set(pool, demand);
      if ((left.get(pool) ?? 0) > 0) return { demands, pools, open: pool };
      for (const [other, count] of given.get(pool) ?? [])
        if (count > 0 && !demands.has(other)) demands.set(other, pool);
    }
  return { demands, pools, open: undefined };
}

/** Gives addresses of a pool along the way to it, at most so many; returns how many. */
function augment({ demands, pools }: Reached, open: PoolObject, most: number, { left, given }: Flow): number {
  const steps: { readonly demand: Demand; readonly from: PoolObject; readonly instead: PoolObject | undefined }[] = [];
  for (let from: PoolObject | undefined = open; from !== undefined;) {
    const demand = pools.get(from);
    if (demand === undefined) break;
    const instead = demands.get(demand);
    steps.push({ demand, from, instead });
    from = instead;
  }
  const count = Math.min(
    most,
    left.get(open) ?? 0,
    ...steps.flatMap(({ demand, instead }) => (instead === undefined ? [] : [given.get(instead)?.get(demand) ?? 0])),
  );
  for (const { demand, from, instead } of steps) {
    change(given.get(from), demand, count);
    if (instead !== undefined) change(given.get(instead), demand, -count);
  }
  left.set(open, (left.get(open) ?? 0) - count);
  return count;
}

function change(given: Map<Demand, number> | undefined, demand: Demand, count: number): void {
  given?.set(demand, (given.get(demand) ?? 0) + count);
}
