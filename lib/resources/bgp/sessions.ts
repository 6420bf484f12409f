import type { ReadResource, Resource } from '../../resource/kind';
import { othersOf } from '../../resource/kind';
import { isMap } from '../../kubernetes/json';
import { selects } from '../../kubernetes/selector';
import type { LabelSelector } from '../../kubernetes/selector';
import type { BgpAdvertisementProps } from './advertisement';
import type { BgpPeer, BgpClusterConfigProps, BgpInstance } from './cluster';
import type { BgpNodeConfigOverrideProps } from './node-override';
import type { BgpFamily, BgpPeerConfigProps } from './peer';
import { referredName } from '../../resource/references';
import { advertisementLabels, selectorOf } from './references';

/** A peer of an instance, with its path in the cluster's props. */
export interface Session {
  readonly at: string;
  readonly instance: BgpInstance;
  readonly peer: BgpPeer;
}

/** The maps in a list; none when it is no list. Resources of the wrong shape are read, too. */
export function mapsOf<T>(list: readonly T[] | undefined): readonly T[] {
  return Array.isArray(list) ? (list as readonly T[]).filter(isMap) : [];
}

/** The instances of a cluster config or of a node override, with their paths. */
export function instancesOf<T>({
  bgpInstances,
}: {
  readonly bgpInstances?: readonly T[];
}): readonly { readonly instance: T; readonly at: string }[] {
  return mapsOf(bgpInstances).map((instance, i) => ({ instance, at: `bgpInstances[${String(i)}]` }));
}

/** All sessions of a cluster config. */
export function sessionsOf(props: Pick<BgpClusterConfigProps, 'bgpInstances'>): readonly Session[] {
  return instancesOf(props).flatMap(({ instance, at }) =>
    mapsOf(instance.peers).map((peer, i) => ({ at: `${at}.peers[${String(i)}]`, instance, peer })),
  );
}

/** The cluster configs among resources. */
export function clustersOf(resources: readonly ReadResource[]): readonly ReadResource<BgpClusterConfigProps>[] {
  return othersOf<BgpClusterConfigProps>(resources, 'bgp-cluster');
}

/** The peer configs among resources. */
export function peersOf(resources: readonly ReadResource[]): readonly ReadResource<BgpPeerConfigProps>[] {
  return othersOf<BgpPeerConfigProps>(resources, 'bgp-peer');
}

/** The advertisements among resources. */
export function advertisementsOf(resources: readonly ReadResource[]): readonly ReadResource<BgpAdvertisementProps>[] {
  return othersOf<BgpAdvertisementProps>(resources, 'bgp-advertisement');
}

/** The node overrides among resources. */
export function overridesOf(resources: readonly ReadResource[]): readonly ReadResource<BgpNodeConfigOverrideProps>[] {
  return othersOf<BgpNodeConfigOverrideProps>(resources, 'bgp-node-override');
}

/** The sessions of all cluster configs that use a peer config. */
export function sessionsWith(peerConfig: string, resources: readonly ReadResource[]): readonly Session[] {
  return clustersOf(resources)
    .flatMap(({ props }) => sessionsOf(props))
    .filter(({ peer }) => referredName(peer.peerConfigRef) === peerConfig);
}

/** Whether all sessions are inside one autonomous system (`internal`) or all between two (`external`), as far as the numbers are known. */
export function allAre(
  what: 'internal' | 'external',
  sessions: readonly Session[],
  resources: readonly ReadResource[],
): boolean {
  const renumbered = overridesOf(resources)
    .flatMap(({ props }) => mapsOf(props.bgpInstances))
    .filter(({ localASN }) => localASN !== undefined)
    .map(({ name }) => name);
  return (
    sessions.length > 0 &&
    sessions.every(({ instance: { name, localASN }, peer: { peerASN = 0 } }) => {
      if (localASN === undefined || peerASN === 0 || renumbered.includes(name)) return false;
      return (localASN === peerASN) === (what === 'internal');
    })
  );
}

/** The selector of a family as it is written; `undefined` selects nothing. */
export function familySelector({ advertisements }: Pick<BgpFamily, 'advertisements'>): LabelSelector | undefined {
  if (Array.isArray(advertisements)) return selectorOf(advertisements);
  return isMap(advertisements) ? (advertisements as LabelSelector) : undefined;
}

/** Whether a family of a peer config announces an advertisement. */
export function announces(
  family: BgpFamily,
  { name, props }: Pick<Resource<BgpAdvertisementProps>, 'name' | 'props'>,
): boolean {
  const selector = familySelector(family);
  if (selector === undefined) return false;
  const { matchLabels, matchExpressions } = selector;
  const readable = { matchLabels: isMap(matchLabels) ? matchLabels : {}, matchExpressions: mapsOf(matchExpressions) };
  return selects(readable, advertisementLabels(name, props.metadata?.labels) ?? {});
}
