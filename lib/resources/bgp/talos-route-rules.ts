import type { Context } from '../../cilium/context';
import { contains, overlaps } from '../../kubernetes/cidr';
import type { AddressRange } from '../../kubernetes/cidr';
import { clusterSubnets } from '../../resource/addresses';
import { othersOf } from '../../resource/kind';
import type { Others, PlacedRange } from '../../resource/kind';
import { problem } from '../../rules/rule';
import type { BgpPairing, ImportedPrefix } from '../../talos/cluster/bgp-model';
import type { PoolModel } from '../load-balancer/pool-model';
import type { LoadBalancerIPPoolProps } from '../load-balancer/props';
import { LOAD_BALANCERS, ON } from './examples';
import { advertisementsOf, announces, peersOf } from './model';
import type { AdvertisementRule, PeerRule } from './model';
import type { BgpRoutes } from './props';
import {
  CLUSTER_WITH_TALOS,
  TALOS_BGP_DOCS,
  TALOS_WORKLOAD,
  WITH_TALOS_BGP,
  pairingsOf,
  talosSessionsWith,
} from './talos';

const HERE = { talos: WITH_TALOS_BGP, values: ON, version: '1.19.6' } as const;
const PODS = { advertisementType: 'PodCIDR' } as const;
const FAMILY = { afi: 'ipv4', safi: 'unicast', advertisements: ['routes'] } as const;
const PEER = { subject: 'bgp-peer', props: { name: 'rack', families: [FAMILY] } } as const;

function withPrefixes(...prefixes: readonly string[]): { readonly talos: typeof WITH_TALOS_BGP } {
  const bgp = { ...WITH_TALOS_BGP.bgp, workload: { ...TALOS_WORKLOAD, prefixes } };
  return { talos: { ...WITH_TALOS_BGP, bgp } as unknown as typeof WITH_TALOS_BGP };
}

/** Rules of advertisements to Talos. */
export const TALOS_ADVERTISEMENT_RULES: readonly AdvertisementRule[] = [
  {
    id: 'bgp-advertisement/talos-import',
    level: 'warning',
    docs: TALOS_BGP_DOCS,
    find: ({ name, props, model, others, cilium }) => {
      if (pairingsOf(cilium).length === 0) return [];
      const audience = peersOf(others).flatMap((peer) => {
        const families = peer.model.families
          .filter((family) => announces(family, { name, props }))
          .map(({ family: { afi } }) => familyOf(afi));
        return families.length === 0
          ? []
          : talosSessionsWith(peer.name, others, cilium).map(({ pairings }) => ({ families, pairings }));
      });
      return audience.slice(0, 1).flatMap(({ families, pairings }) =>
        model.routes.flatMap(({ at, routes }) =>
          rangesOf(routes, cilium, others, pairings)
            .filter(({ range }) => families.includes(range.family) && !isImported(range, pairings))
            .map((lost) =>
              problem(
                [at, lost.at, `${pairings[0]?.at ?? ''}.prefixes`].filter((path) => path !== ''),
                `Talos imports no routes of ${lost.text}, so routers do not learn them.`,
                `Add ${lost.text} to \`bgp.workload.prefixes\` of the Talos cluster, or do not announce it to Talos.`,
              ),
            ),
        ),
      );
    },
    examples: {
      bad: {
        ...HERE,
        ...withPrefixes('203.0.113.0/24'),
        props: { name: 'routes', advertisements: [PODS] },
        others: [CLUSTER_WITH_TALOS, PEER],
      },
      good: { ...HERE, props: { name: 'routes', advertisements: [PODS] }, others: [CLUSTER_WITH_TALOS, PEER] },
    },
  },
];

/** Rules of peer configs and what Talos imports of their advertisements. */
export const TALOS_PREFIX_RULES: readonly PeerRule[] = [
  {
    id: 'bgp-peer/talos-prefix',
    level: 'warning',
    docs: TALOS_BGP_DOCS,
    find: ({ name, model, others, cilium }) => {
      const pairings = talosSessionsWith(name, others, cilium).flatMap((session) => session.pairings);
      if (pairings.length === 0) return [];
      return model.families.flatMap((family) => {
        const announced = advertisementsOf(others).filter((one) => announces(family, one));
        const routes = announced.flatMap((one) => one.model.routes.map((placed) => placed.routes));
        if (routes.length === 0 || routes.some(isUnknown)) return [];
        const ranges = routes.flatMap((one) => rangesOf(one, cilium, others));
        // Pools may be outside the app.
        if (routes.some(hasLoadBalancers) && poolsOf(others).length === 0) return [];
        return pairings
          .flatMap(({ prefixes }) => prefixes)
          .filter(({ network }) => network?.family === familyOf(family.family.afi))
          .filter(({ network }) => network !== undefined && !ranges.some(({ range }) => overlaps(range, network)))
          .map(({ at, text }: ImportedPrefix) =>
            problem(
              [family.at, at],
              `Talos imports ${text}, and Cilium announces nothing of it.`,
              'Announce it, or leave it out of `bgp.workload.prefixes` of the Talos cluster.',
            ),
          );
      });
    },
    examples: {
      bad: { ...HERE, props: PEER.props, others: [CLUSTER_WITH_TALOS, advertising(PODS)] },
      good: { ...HERE, props: PEER.props, others: [CLUSTER_WITH_TALOS, advertising(PODS, LOAD_BALANCERS)] },
    },
  },
];

function advertising(...advertisements: readonly object[]): { readonly subject: string; readonly props: object } {
  return { subject: 'bgp-advertisement', props: { name: 'routes', advertisements } };
}

function familyOf(afi: string): 4 | 6 | undefined {
  return afi === 'ipv4' ? 4 : afi === 'ipv6' ? 6 : undefined;
}

function isImported(range: AddressRange, pairings: readonly BgpPairing[]): boolean {
  return pairings.some(({ prefixes }) =>
    prefixes.some(({ network }) => network !== undefined && contains(network, range)),
  );
}

/** Routes whose addresses are not known here. */
function isUnknown({ advertisementType, service }: BgpRoutes): boolean {
  return !['PodCIDR', 'Service'].includes(advertisementType) || service?.addresses.includes('ExternalIP') === true;
}

function hasLoadBalancers({ service }: BgpRoutes): boolean {
  return service?.addresses.includes('LoadBalancerIP') === true;
}

/** Pools of LB IPAM, which have no place in the resource that is judged. */
function poolsOf(others: Others): readonly PlacedRange[] {
  return othersOf<LoadBalancerIPPoolProps, PoolModel>(others, 'ip-pool').flatMap(({ model }) =>
    model.sound.map(({ text, range }) => ({ at: '', text, range })),
  );
}

/**
 * The addresses that routes lead to, as far as they are known.
 * @param pairings leaves out pools of Services that a selector may not select, unless Talos imports none of the pools.
 */
function rangesOf(
  routes: BgpRoutes,
  cilium: Context | undefined,
  others: Others,
  pairings: readonly BgpPairing[] = [],
): readonly PlacedRange[] {
  const subnets = (of: 'pod' | 'service'): readonly PlacedRange[] =>
    clusterSubnets(cilium)
      .filter((subnet) => subnet.of === of)
      .map(({ path, text, cidr }) => ({ at: path, text, range: cidr }));
  if (routes.advertisementType === 'PodCIDR') return cilium?.facts.ipamMode === 'kubernetes' ? subnets('pod') : [];
  const { addresses = [] } = routes.service ?? {};
  const pools = hasLoadBalancers(routes) ? poolsOf(others).map((pool) => aggregated(pool, routes)) : [];
  const isCertain = routes.selector === 'all' || !pools.some(({ range }) => isImported(range, pairings));
  return [...(addresses.includes('ClusterIP') ? subnets('service') : []), ...(isCertain ? pools : [])];
}

/** The addresses of a pool as Cilium aggregates their routes. */
function aggregated(pool: PlacedRange, { service }: BgpRoutes): PlacedRange {
  const { family, first, last } = pool.range;
  const bits = family === 4 ? 32 : 128;
  const { aggregationLengthIPv4: four = bits, aggregationLengthIPv6: six = bits } = service ?? {};
  const size = 1n << BigInt(bits - Math.min(Math.max(family === 4 ? four : six, 0), bits));
  return { ...pool, range: { family, first: first - (first % size), last: last - (last % size) + size - 1n } };
}
