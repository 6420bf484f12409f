import { groupedBy } from '../../kubernetes/groups';
import { isMap } from '../../kubernetes/json';
import { selects } from '../../kubernetes/selector';
import type { LabelSelector } from '../../kubernetes/selector';
import { each, mapsOf } from '../../resource/each';
import { othersOf } from '../../resource/kind';
import type { Others, ReadResource, ResourceRule, Subject } from '../../resource/kind';
import { referredName } from '../../resource/references';
import { readHost } from './addresses';
import type { HostAddress } from './addresses';
import type {
  BgpAdvertisementProps,
  BgpClusterConfigProps,
  BgpFamily,
  BgpInstance,
  BgpNodeConfigOverrideProps,
  BgpPeer,
  BgpPeerConfigProps,
  BgpRoutes,
} from './props';
import { advertisementLabels, selectorOf } from './references';

/** A peer of an instance. */
export interface Session {
  readonly at: string;
  readonly instance: BgpInstance;
  readonly peer: BgpPeer;
  readonly address: HostAddress | undefined;
  /** Family of the session: of the address, or of the gateway to discover. */
  readonly family: 4 | 6 | undefined;
  /** Name of the BgpPeerConfig; '' without one. */
  readonly peerConfig: string;
}

/** A cluster config, read. */
export interface ClusterModel {
  readonly instances: readonly { readonly at: string; readonly instance: BgpInstance }[];
  readonly sessions: readonly Session[];
}

type OverrideInstance = BgpNodeConfigOverrideProps['bgpInstances'][number];

/** A node override, read. */
export interface OverrideModel {
  readonly instances: readonly {
    readonly at: string;
    readonly instance: OverrideInstance;
    readonly routerID: HostAddress | undefined;
  }[];
  readonly peers: readonly {
    readonly at: string;
    readonly instance: OverrideInstance;
    readonly peer: NonNullable<OverrideInstance['peers']>[number];
    readonly address: HostAddress | undefined;
  }[];
}

/** An address family of a peer config. */
export interface ReadFamily {
  readonly at: string;
  readonly family: BgpFamily;
  /** Selects its advertisements; `undefined` selects none. */
  readonly selector: LabelSelector | undefined;
  /** Whether it selects them by labels, not by references. */
  readonly isByLabels: boolean;
  readonly references: readonly { readonly at: string; readonly name: string }[];
}

/** A peer config, read. */
export interface PeerModel {
  readonly families: readonly ReadFamily[];
}

/** Routes of an advertisement. */
export interface PlacedRoutes {
  readonly at: string;
  readonly routes: BgpRoutes;
}

/** An advertisement, read. */
export interface AdvertisementModel {
  readonly routes: readonly PlacedRoutes[];
}

export type AdvertisementRule = ResourceRule<BgpAdvertisementProps, AdvertisementModel>;
export type ClusterRule = ResourceRule<BgpClusterConfigProps, ClusterModel>;
export type OverrideRule = ResourceRule<BgpNodeConfigOverrideProps, OverrideModel>;
export type PeerRule = ResourceRule<BgpPeerConfigProps, PeerModel>;

export function readCluster({ bgpInstances }: BgpClusterConfigProps): ClusterModel {
  const instances = each(bgpInstances, 'bgpInstances', (instance, at) => ({ at, instance }));
  return {
    instances,
    sessions: instances.flatMap(({ at, instance }) =>
      each(instance.peers, `${at}.peers`, (peer, place) => readSession(place, instance, peer)),
    ),
  };
}

function readSession(at: string, instance: BgpInstance, peer: BgpPeer): Session {
  const address = readHost(`${at}.peerAddress`, peer.peerAddress);
  const gateway = peer.autoDiscovery?.defaultGateway?.addressFamily;
  return {
    at,
    instance,
    peer,
    address,
    family: address?.host?.family ?? (gateway === undefined ? undefined : gateway === 'ipv6' ? 6 : 4),
    peerConfig: referredName(peer.peerConfigRef) ?? '',
  };
}

export function readOverride({ bgpInstances }: BgpNodeConfigOverrideProps): OverrideModel {
  const instances = each(bgpInstances, 'bgpInstances', (instance, at) => ({
    at,
    instance,
    routerID: readHost(`${at}.routerID`, instance.routerID),
  }));
  return {
    instances,
    peers: instances.flatMap(({ at: place, instance }) =>
      each(instance.peers, `${place}.peers`, (peer, at) => ({
        at,
        instance,
        peer,
        address: readHost(`${at}.localAddress`, peer.localAddress),
      })),
    ),
  };
}

export function readPeer({ families }: BgpPeerConfigProps): PeerModel {
  return {
    families: each(families, 'families', (family, at) => {
      const { advertisements } = family;
      if (!Array.isArray(advertisements)) {
        const isByLabels = isMap(advertisements);
        const selector = isByLabels ? (advertisements as LabelSelector) : undefined;
        return { at, family, selector, isByLabels, references: [] };
      }
      const references = advertisements.map((one: unknown, j) => ({
        at: `${at}.advertisements[${String(j)}]`,
        name: referredName(one) ?? '',
      }));
      return { at, family, selector: selectorOf(advertisements), isByLabels: false, references };
    }),
  };
}

export function readAdvertisement({ advertisements }: BgpAdvertisementProps): AdvertisementModel {
  return { routes: each(advertisements, 'advertisements', (routes, at) => ({ at, routes })) };
}

/** The routes that announce one type of addresses of Services; the path is that of the addresses. */
export function announcing(
  { routes }: AdvertisementModel,
  address: 'LoadBalancerIP' | 'ClusterIP',
): readonly PlacedRoutes[] {
  return routes
    .filter((one) => one.routes.advertisementType === 'Service' && one.routes.service?.addresses.includes(address))
    .map((one) => ({ ...one, at: `${one.at}.service.addresses` }));
}

/** The cluster configs among resources. */
export function clustersOf(resources: Others): readonly ReadResource<BgpClusterConfigProps, ClusterModel>[] {
  return othersOf(resources, 'bgp-cluster');
}

/** The peer configs among resources. */
export function peersOf(resources: Others): readonly ReadResource<BgpPeerConfigProps, PeerModel>[] {
  return othersOf(resources, 'bgp-peer');
}

/** The advertisements among resources. */
export function advertisementsOf(
  resources: Others,
): readonly ReadResource<BgpAdvertisementProps, AdvertisementModel>[] {
  return othersOf(resources, 'bgp-advertisement');
}

/** The node overrides among resources. */
export function overridesOf(resources: Others): readonly ReadResource<BgpNodeConfigOverrideProps, OverrideModel>[] {
  return othersOf(resources, 'bgp-node-override');
}

/** The sessions of all cluster configs that use a peer config. */
export function sessionsWith(peerConfig: string, resources: Others): readonly Session[] {
  return resources.ofCluster(sessionsByPeerConfig).get(peerConfig) ?? [];
}

function sessionsByPeerConfig(all: Others): ReadonlyMap<string, readonly Session[]> {
  return groupedBy(
    clustersOf(all).flatMap(({ model }) => model.sessions),
    ({ peerConfig }) => peerConfig,
  );
}

/** The peer configs of the app by their names. */
export function peersByName(all: Others): ReadonlyMap<string, ReadResource<BgpPeerConfigProps, PeerModel>> {
  return new Map(
    peersOf(all)
      .map((one) => [one.name, one] as const)
      .reverse(),
  );
}

/** The names of advertisements that peer configs refer to. */
export function referredNames(all: Others): ReadonlySet<string> {
  return new Set(
    peersOf(all).flatMap(({ model }) => model.families.flatMap(({ references }) => references.map(({ name }) => name))),
  );
}

/** The names of instances whose AS number a node override sets. */
export function renumbered(resources: Others): readonly string[] {
  return overridesOf(resources)
    .flatMap(({ model }) => model.instances)
    .filter(({ instance: { localASN } }) => localASN !== undefined)
    .map(({ instance: { name } }) => name);
}

/** Whether all sessions are within one autonomous system (`internal`) or all between two (`external`), where the numbers are known. */
export function allAre(what: 'internal' | 'external', sessions: readonly Session[], resources: Others): boolean {
  const overridden = renumbered(resources);
  return (
    sessions.length > 0 &&
    sessions.every(({ instance: { name, localASN }, peer: { peerASN = 0 } }) => {
      if (localASN === undefined || peerASN === 0 || overridden.includes(name)) return false;
      return (localASN === peerASN) === (what === 'internal');
    })
  );
}

/** Whether a family of a peer config announces an advertisement. */
export function announces(
  { selector }: ReadFamily,
  { name, props }: Pick<Subject<BgpAdvertisementProps>, 'name' | 'props'>,
): boolean {
  if (selector === undefined) return false;
  const { matchLabels, matchExpressions } = selector;
  const readable = { matchLabels: isMap(matchLabels) ? matchLabels : {}, matchExpressions: mapsOf(matchExpressions) };
  return selects(readable, advertisementLabels(name, props.metadata?.labels) ?? {});
}
