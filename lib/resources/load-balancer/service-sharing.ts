import { listIn } from './pool-supply';
import type { LoadBalancerService } from './service-model';
import type { SharingTerms } from './services';

/** Services that share an address. */
export interface SharedAddress {
  readonly services: Set<LoadBalancerService>;
  readonly terms: Map<string, LoadBalancerService>;
  readonly ports: Map<string, LoadBalancerService>;
}

/** An address with its first Service. */
export function addressOf(first: LoadBalancerService): SharedAddress {
  const shared: SharedAddress = { services: new Set(), terms: new Map(), ports: new Map() };
  share(shared, first);
  return shared;
}

/** Adds a Service to those of an address. */
export function share({ services, terms, ports }: SharedAddress, service: LoadBalancerService): void {
  services.add(service);
  const key = termsOf(service);
  if (!terms.has(key)) terms.set(key, service);
  for (const port of service.ports) if (!ports.has(port)) ports.set(port, service);
}

/** Why a Service cannot have an address that others have, with one of them; as `isCompatible` of LB IPAM. */
export function whyNotShared(
  { services, terms, ports }: SharedAddress,
  service: LoadBalancerService,
): { readonly other: LoadBalancerService; readonly reason: string } | undefined {
  if (services.has(service)) return undefined;
  for (const other of terms.values()) {
    const reason = conflict(service, other);
    if (reason !== undefined) return { other, reason };
  }
  for (const port of service.ports) {
    const other = ports.get(port);
    if (other !== undefined) return { other, reason: `both have port ${port}` };
  }
  return undefined;
}

function termsOf({ sharingKey, externalTrafficPolicy, pods, namespace, sharingNamespaces }: SharingTerms): string {
  return JSON.stringify([sharingKey, externalTrafficPolicy, pods, namespace, sharingNamespaces]);
}

function conflict(one: SharingTerms, other: SharingTerms): string | undefined {
  if (one.sharingKey === '' || one.sharingKey !== other.sharingKey) return 'they have no sharing key in common';
  if (one.namespace !== other.namespace && !(permits(one, other) && permits(other, one)))
    return 'they are in different namespaces, and lbipam.cilium.io/sharing-cross-namespace does not permit it on both';
  if (one.externalTrafficPolicy !== other.externalTrafficPolicy) return 'their externalTrafficPolicy differs';
  if (one.externalTrafficPolicy !== 'Local') return undefined;
  if (one.pods === '' || other.pods === '')
    return 'their externalTrafficPolicy is Local, which needs a selector on both';
  return one.pods === other.pods ? undefined : 'their externalTrafficPolicy is Local, and they select different pods';
}

function permits({ sharingNamespaces }: SharingTerms, { namespace }: SharingTerms): boolean {
  return sharingNamespaces.includes('*') || sharingNamespaces.includes(namespace);
}

/**
 * Services in groups whose members may share one address; Services of different groups cannot. Whether all members of a group can
 * depends on their ports and namespaces.
 */
export function sharingGroups(services: readonly LoadBalancerService[]): readonly (readonly LoadBalancerService[])[] {
  const groups = new Map<string, LoadBalancerService[]>();
  const permissive = new Set(
    services.filter(({ sharingNamespaces }) => sharingNamespaces.join('') !== '').map(keyInNamespace),
  );
  services.forEach((service, i) => {
    const { sharingKey, externalTrafficPolicy, pods, namespace } = service;
    const isAlone = sharingKey === '' || (externalTrafficPolicy === 'Local' && pods === '');
    const key = isAlone
      ? String(i)
      : JSON.stringify([
          sharingKey,
          externalTrafficPolicy,
          externalTrafficPolicy === 'Local' ? pods : '',
          permissive.has(keyInNamespace(service)) ? '' : namespace,
        ]);
    listIn(groups, key).push(service);
  });
  return [...groups.values()];
}

function keyInNamespace({ sharingKey, namespace }: SharingTerms): string {
  return `${namespace}/${sharingKey}`;
}

/** The fewest addresses that Services of one group need: as many as have the same port. */
export function fewestAddresses(group: readonly LoadBalancerService[]): number {
  const counts = new Map<string, number>();
  for (const { ports } of group) for (const port of new Set(ports)) counts.set(port, (counts.get(port) ?? 0) + 1);
  return Math.max(1, ...counts.values());
}
