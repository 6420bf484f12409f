import type { Problem } from '../../rules/rule';
import { contains } from '../../kubernetes/cidr';
import { mapOf } from '../../kubernetes/json';
import { identity } from '../../kubernetes/order';
import type { KubernetesObject, PlacedObject } from '../../kubernetes/types';
import { giverOf, isAnnouncedOnL2, placeOf, requestedAddresses, requestedFamilies } from './service-surroundings';
import type { Surroundings, WrittenPool } from './service-surroundings';
import { versionFeatures } from '../../cilium/version-features';

/** Requested addresses that are none. */
export function unreadableAddresses(service: PlacedObject): readonly Problem[] {
  return requestedAddresses(service.object)
    .filter(({ address }) => address === undefined)
    .map(({ at, text }) => ({
      paths: [placeOf(service, at)],
      message: `'${text}' is no IP address; Cilium passes over it and gives the Service any address.`,
      hint: 'Write plain addresses, several with commas between them: 192.168.1.200,192.168.1.201.',
    }));
}

/** Requested addresses that no pool has, where pools are known. */
export function addressesOutsidePools(service: PlacedObject, { cilium, pools }: Surroundings): readonly Problem[] {
  if (pools.length === 0 || giverOf(service.object, cilium) !== 'lbipam') return [];
  return requestedAddresses(service.object).flatMap(({ at, text, address }) => {
    if (address === undefined) return [];
    const holders = pools.filter(({ ranges }) => ranges.some((range) => contains(range, address)));
    if (holders.length > 0) return [];
    return [
      {
        paths: [placeOf(service, at)],
        message: `${text} is in no pool (${pools.map(({ name }) => name).join(', ')}), so the Service gets no address.`,
        hint: 'Ask for an address of a pool, or add the address to a pool as a block of its own.',
      },
    ];
  });
}

/** Services that no pool takes: by its selector, because it is switched off, or because it has addresses of other families only. */
export function servicesWithoutPool(service: PlacedObject, { cilium, pools }: Surroundings): readonly Problem[] {
  if (pools.length === 0 || giverOf(service.object, cilium) !== 'lbipam') return [];
  const asked = requestedAddresses(service.object).flatMap(({ address }) => address ?? []);
  const known =
    asked.length === 0
      ? pools
      : pools.filter(({ ranges }) => asked.some((address) => ranges.some((range) => contains(range, address))));
  if (known.length === 0) return [];
  const names = (some: readonly WrittenPool[]): string => some.map(({ name }) => name).join(', ');
  const matching = known.filter(({ takes }) => takes(service.object));
  if (matching.length === 0) {
    const message = `No serviceSelector of ${names(known)} matches the Service, so it gets no address.`;
    return [
      {
        paths: [placeOf(service)],
        message,
        hint: 'Give the Service the labels that a pool asks for, or the pool another serviceSelector.',
      },
    ];
  }
  const open = matching.filter(({ isDisabled }) => !isDisabled);
  if (open.length === 0) {
    const message = `${names(matching)} gives out no new addresses (disabled).`;
    return [{ paths: [placeOf(service)], message, hint: 'Enable the pool, or add another.' }];
  }
  if (asked.length > 0) return [];
  const missing = requestedFamilies(service.object, cilium).filter(
    (family) => !open.some(({ ranges }) => ranges.some((range) => range.family === family)),
  );
  if (missing.length === 0) return [];
  const message = `The Service asks for an IPv${missing.map(String).join(' and an IPv')} address, of which ${names(open)} has none.`;
  return [
    {
      paths: [placeOf(service, 'spec.ipFamilies')],
      message,
      hint: 'Add a block of that family to a pool, or ask for another family.',
    },
  ];
}

/** Pairs of Services that ask for one address and cannot share it; each is told of once, with the second. */
export function unsharedAddresses(service: PlacedObject, { cilium, services }: Surroundings): readonly Problem[] {
  if (giverOf(service.object, cilium) !== 'lbipam') return [];
  const before = services
    .slice(0, services.indexOf(service))
    .filter(({ object }) => giverOf(object, cilium) === 'lbipam');
  return requestedAddresses(service.object).flatMap(({ at, text, address }) => {
    if (address === undefined) return [];
    const other = before.find(({ object }) =>
      requestedAddresses(object).some((one) => one.address?.first === address.first),
    );
    const reason = other === undefined ? undefined : whyNotShared(service.object, other.object);
    if (other === undefined || reason === undefined) return [];
    return [
      {
        paths: [placeOf(service, at), placeOf(other)],
        message: `${identity(other.object)} asks for ${text} too, and they cannot share it: ${reason}.`,
        hint: 'Ask for another address, or give both the same lbipam.cilium.io/sharing-key, different ports and one externalTrafficPolicy.',
      },
    ];
  });
}

function whyNotShared(one: KubernetesObject, other: KubernetesObject): string | undefined {
  const [a, b] = [annotationOf(one, 'sharing-key'), annotationOf(other, 'sharing-key')];
  if (a === '' || a !== b) return 'they have no sharing key in common';
  const twice = portsOf(one).filter((port) => portsOf(other).includes(port));
  if (twice.length > 0) return `both have port ${twice.join(', ')}`;
  if (policyOf(one) !== policyOf(other)) return 'their externalTrafficPolicy differs';
  if (namespaceOf(one) !== namespaceOf(other) && !permits(one, other) && !permits(other, one)) {
    return 'they are of different namespaces, and lbipam.cilium.io/sharing-cross-namespace permits none';
  }
  return undefined;
}

function annotationOf({ metadata: { annotations } }: KubernetesObject, name: string): string {
  return String(annotations?.[`lbipam.cilium.io/${name}`] ?? annotations?.[`io.cilium/lb-ipam-${name}`] ?? '');
}

function permits(service: KubernetesObject, other: KubernetesObject): boolean {
  const spaces = annotationOf(service, 'sharing-cross-namespace').split(',');
  return spaces.includes('*') || spaces.includes(namespaceOf(other));
}

function namespaceOf({ metadata }: KubernetesObject): string {
  return metadata.namespace ?? 'default';
}

function policyOf({ spec }: KubernetesObject): string {
  return String(mapOf(spec).externalTrafficPolicy ?? 'Cluster');
}

function portsOf({ spec }: KubernetesObject): readonly string[] {
  const { ports } = mapOf(spec);
  return Array.isArray(ports)
    ? ports.map(mapOf).map(({ port, protocol }) => `${String(port)}/${String(protocol ?? 'TCP')}`)
    : [];
}

/** Services whose traffic is to stay on its node, announced by whichever node holds the lease. */
export function localOnL2(service: PlacedObject, { cilium }: Surroundings): readonly Problem[] {
  if (policyOf(service.object) !== 'Local' || !isAnnouncedOnL2(service.object, cilium)) return [];
  if (versionFeatures(cilium.version)('l2-announces-from-backends')) return [];
  return [
    {
      paths: [placeOf(service, 'spec.externalTrafficPolicy'), 'cilium.l2announcements.enabled'],
      message:
        'Any node may announce the address in the local network, and one without a pod of the Service then drops what comes in.',
      hint: 'Leave externalTrafficPolicy at Cluster, or announce the Service by BGP.',
    },
  ];
}

/** Services with IPv6 addresses that this release does not announce in the local network. */
export function ipv6OnL2(service: PlacedObject, { cilium }: Surroundings): readonly Problem[] {
  if (!isAnnouncedOnL2(service.object, cilium) || cilium.has('l2-announces-ipv6')) return [];
  const asked = requestedAddresses(service.object).flatMap(({ address }) => address ?? []);
  const families = asked.length > 0 ? asked.map(({ family }) => family) : requestedFamilies(service.object, cilium);
  if (!families.includes(6)) return [];
  return [
    {
      paths: [placeOf(service, 'spec.ipFamilies'), 'cilium.l2announcements.enabled'],
      message: `Cilium ${cilium.version} answers for IPv4 addresses in the local network only, and nobody finds the IPv6 address of the Service.`,
      hint: 'Take a newer minor of Cilium, announce the Service by BGP, or ask for IPv4.',
    },
  ];
}
