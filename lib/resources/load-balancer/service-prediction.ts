import type { PendingAddress, PredictedAddress, PredictedAnnouncement, ServicePrediction } from '../../app/predictions';
import type { Context } from '../../cilium/context';
import { labelQuery } from '../../kubernetes/label-query';
import { contains } from '../../kubernetes/cidr';
import { canMatch } from '../../kubernetes/scheduling';
import type { KubernetesObject } from '../../kubernetes/types';
import { nodeKindsOf } from '../../talos/cluster/node-kinds';
import type { NodeKind } from '../../talos/cluster/node-kinds';
import { isExcluded } from './node-ipam-rules';
import { addressAnnouncers } from './address-announcers';
import type { AddressAnnouncer } from './address-announcers';
import type { PoolObject } from './pool-model';
import { readServices } from './service-model';
import type { LoadBalancerService, RequestedAddress, ServiceSubject } from './service-model';
import { races } from './service-race';
import { addressOf, share, whyNotShared } from './service-sharing';
import { isOpen, isUnpinned, pinnedAddresses, poolsWith, shortages } from './service-supply';

/** What the predictions of all Services of a cluster share. */
interface Known {
  readonly cluster: string;
  readonly subject: ServiceSubject;
  readonly announcers: readonly AddressAnnouncer[];
  /** `undefined` when the cluster is not a TalosCluster. */
  readonly nodes: readonly NodeKind[] | undefined;
  /** Services that may find their pools empty, by family; certain where the pools have no address at all. */
  readonly short: Readonly<Record<4 | 6, ReadonlyMap<LoadBalancerService, boolean>>>;
  /** Requested addresses that another Service may have first, by the Service. */
  readonly contested: ReadonlyMap<LoadBalancerService, ReadonlyMap<bigint, PendingAddress['reason']>>;
}

/**
 * What becomes of the Services of type LoadBalancer of a cluster, by the same reading that the rules use.
 * @param cluster path of the Cilium.
 * @param objects all that the cluster gets, as written; there may be more outside.
 */
export function predictServices(
  cluster: string,
  objects: readonly KubernetesObject[],
  cilium: Context,
): readonly ServicePrediction[] {
  const subject = readServices(
    objects.map((object) => ({ object, place: '' })),
    cilium,
  );
  if (subject.services.length === 0) return [];
  const known: Known = {
    cluster,
    subject,
    announcers: addressAnnouncers(objects, cilium),
    nodes: cilium.talos === undefined ? undefined : nodeKindsOf(cilium.talos),
    short: shortOf(subject),
    contested: contestedIn(subject),
  };
  return subject.services.map((service) => predict(service, known));
}

function predict(service: LoadBalancerService, known: Known): ServicePrediction {
  const { object, source, giver } = service;
  const isOfPools = giver === 'lbipam';
  const nodes = giver === 'nodeipam' ? nodesOf(service, known.nodes) : undefined;
  return {
    cluster: known.cluster,
    namespace: service.namespace,
    name: object.metadata.name,
    ...(source === undefined ? {} : { madeOf: nameOf(source) }),
    ipam: giver,
    addresses: isOfPools ? addressesOf(service, known) : [],
    announcements: isOfPools ? announcementsOf(service, known) : [],
    ...(nodes === undefined ? {} : { nodes }),
  };
}

function nameOf({ kind, metadata: { namespace = 'default', name } }: KubernetesObject): string {
  return `${kind} ${namespace}/${name}`;
}

function addressesOf(service: LoadBalancerService, known: Known): readonly PredictedAddress[] {
  if (!isUnpinned(service)) {
    const sound = service.requested.filter(({ address }) => address !== undefined);
    return [...new Map(sound.map((one) => [one.address?.first, one])).values()].map((one) =>
      requestedAddress(service, one, known),
    );
  }
  return service.families.map((family): PredictedAddress => {
    const pools = poolsWith(service, family);
    const isShort = known.short[family].get(service);
    return {
      family: nameOfFamily(family),
      pools: namesOf(pools),
      ...(pools.length === 0
        ? { pending: { reason: 'no_pool', isCertain: true } }
        : isShort === undefined
          ? {}
          : { pending: { reason: 'out_of_ips', isCertain: isShort } }),
    };
  });
}

/** As `satisfySpecificIPRequests` of LB IPAM. */
function requestedAddress(
  service: LoadBalancerService,
  { text, address }: RequestedAddress,
  { subject: { poolIndex }, contested }: Known,
): PredictedAddress {
  if (address === undefined) throw new TypeError(`'${text}' is not an address`);
  const holding = poolIndex
    .holding(address)
    .filter((pool) => isOpen(pool) && pool.usable.some((range) => contains(range, address)));
  const [pool] = holding.filter((one) => service.pools.includes(one));
  const reason = contested.get(service)?.get(address.first);
  const pending: PendingAddress | undefined =
    pool === undefined
      ? { reason: holding.length > 0 ? 'pool_selector_mismatch' : 'no_pool', isCertain: true }
      : reason && { reason, isCertain: false };
  return {
    family: nameOfFamily(address.family),
    address: text,
    pools: pool === undefined ? [] : [pool.name],
    ...(pending === undefined ? {} : { pending }),
  };
}

function nameOfFamily(family: 4 | 6): PredictedAddress['family'] {
  return `IPv${family}`;
}

function namesOf(pools: readonly PoolObject[]): readonly string[] {
  return [...new Set(pools.map(({ name }) => name))];
}

function announcementsOf(service: LoadBalancerService, { announcers, nodes }: Known): readonly PredictedAnnouncement[] {
  const families = isUnpinned(service)
    ? service.families
    : service.requested.flatMap(({ address }) => address?.family ?? []);
  return announcers
    .filter(
      ({ by, families: own, selects }) =>
        service.mayUse[by === 'L2' ? 'l2' : 'bgp'] &&
        own.some((family) => families.includes(family)) &&
        selects(service.object),
    )
    .map(({ by, name, nodeSelectors }) => ({
      by,
      object: name,
      ...(nodes === undefined
        ? {}
        : {
            nodes: nodes
              .filter(({ labels }) => nodeSelectors.some((selector) => canMatch(selector, labels)))
              .map((kind) => kind.name),
          }),
    }));
}

/** The kinds of nodes whose addresses node IPAM gives a Service; none where its selector cannot be read. */
function nodesOf(
  { nodeSelector }: LoadBalancerService,
  nodes: readonly NodeKind[] | undefined,
): readonly string[] | undefined {
  const requirements = nodeSelector === undefined ? [] : labelQuery(nodeSelector).requirements;
  if (requirements === undefined) return [];
  return nodes
    ?.filter((kind) => canMatch({ matchExpressions: requirements }, kind.labels) && !isExcluded(kind))
    .map(({ name }) => name);
}

function shortOf(subject: ServiceSubject): Known['short'] {
  const short = { 4: new Map<LoadBalancerService, boolean>(), 6: new Map<LoadBalancerService, boolean>() };
  for (const { family, services, available } of shortages(subject))
    for (const service of services) if (isUnpinned(service)) short[family].set(service, available === 0);
  return short;
}

/** Requested addresses that another Service may have: one that requests it and cannot share it, or one that LB IPAM serves first. */
function contestedIn(subject: ServiceSubject): Known['contested'] {
  const contested = new Map<LoadBalancerService, Map<bigint, PendingAddress['reason']>>();
  const add = (service: LoadBalancerService, address: bigint): void => {
    const reason = service.sharingKey === '' ? 'already_allocated' : 'already_allocated_incompatible_service';
    const known = contested.get(service) ?? new Map<bigint, PendingAddress['reason']>();
    contested.set(service, known.set(address, reason));
  };
  for (const family of [4, 6] as const)
    for (const addresses of pinnedAddresses(subject, family).values())
      for (const [address, services] of addresses)
        if (!canShare(services)) for (const service of services) add(service, address);
  for (const { addresses } of races(subject))
    for (const { address, services } of addresses) for (const service of services) add(service, address);
  return contested;
}

/** Whether all of some Services can have one address. */
function canShare([first, ...others]: readonly LoadBalancerService[]): boolean {
  if (first === undefined) return true;
  const shared = addressOf(first);
  return others.every((service) => {
    if (whyNotShared(shared, service) !== undefined) return false;
    share(shared, service);
    return true;
  });
}
