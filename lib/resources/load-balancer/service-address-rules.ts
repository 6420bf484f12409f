import { versionFeatures } from '../../cilium/version-features';
import { contains } from '../../kubernetes/cidr';
import { selects } from '../../kubernetes/selector';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { L2_ON, L2_POLICY, eachService, poolOf, servedBy, web, webAt } from './service-examples';
import type { ServiceRule } from './service-examples';
import type { PoolObject } from './pool-model';
import type { LoadBalancerService, ServiceSubject } from './service-model';
import { selectableLabels } from './services';
import type { AddressRange } from '../../kubernetes/cidr';

const LB_IPAM = 'https://docs.cilium.io/en/stable/network/lb-ipam/';
const L2 = 'https://docs.cilium.io/en/stable/network/l2-announcements/';

/** Rules of the addresses of Services. */
export const ADDRESS_RULES: readonly ServiceRule[] = [
  {
    id: 'service/address',
    level: 'error',
    docs: LB_IPAM,
    find: eachService(({ requested, at }) =>
      requested
        .filter(({ address }) => address === undefined)
        .map(({ field, text }) =>
          problem(
            at(field),
            `'${text}' is not an IP address; Cilium ignores it and gives the Service any address.`,
            'Write plain addresses, several with commas between them: 192.168.1.200,192.168.1.201.',
          ),
        ),
    ),
    examples: { bad: servedBy(webAt('192.168.1.300')), good: servedBy(webAt('192.168.1.201')) },
  },
  {
    id: 'service/address-outside-pools',
    level: 'error',
    docs: LB_IPAM,
    find: eachService(({ giver, requested, at }, { pools }) => {
      if (pools.length === 0 || giver !== 'lbipam') return undefined;
      return requested
        .filter(({ address }) => address !== undefined && !pools.some((pool) => holds(pool, address)))
        .map(({ field, text }) =>
          problem(
            at(field),
            `${text} is in no pool (${namesOf(pools)}), so the Service gets no address.`,
            'Request an address of a pool, or add a block with the address to a pool.',
          ),
        );
    }),
    examples: { bad: servedBy(webAt('192.168.9.9')), good: servedBy(webAt('192.168.1.201')) },
  },
  {
    id: 'service/unmatched-pools',
    level: 'warning',
    docs: LB_IPAM,
    find: eachService(withoutPool),
    examples: {
      bad: {
        objects: [web(), poolOf({ serviceSelector: { matchLabels: { pool: 'home' } } }), L2_POLICY],
        values: L2_ON,
      },
      good: {
        objects: [
          web({ labels: { pool: 'home' } }),
          poolOf({ serviceSelector: { matchLabels: { pool: 'home' } } }),
          L2_POLICY,
        ],
        values: L2_ON,
      },
    },
  },
  {
    id: 'service/shared-address',
    level: 'error',
    docs: LB_IPAM,
    find: eachService((service, { services }) => {
      if (service.giver !== 'lbipam') return undefined;
      const before = services.slice(0, services.indexOf(service)).filter(({ giver }) => giver === 'lbipam');
      return service.requested.flatMap(({ field, text, address }) => {
        const other = before.find(({ requested }) =>
          requested.some((one) => address !== undefined && one.address?.first === address.first),
        );
        const reason = other && whyNotShared(service, other);
        if (other === undefined || reason === undefined) return [];
        return problem(
          [service.at(field), other.at()],
          `${other.identity} requests ${text}, too, and they cannot share it: ${reason}.`,
          'Request another address, or give both the same lbipam.cilium.io/sharing-key, different ports and one externalTrafficPolicy.',
        );
      });
    }),
    examples: {
      bad: servedBy(webAt('192.168.1.201'), webAt('192.168.1.201', { name: 'shop', ports: [{ port: 8080 }] })),
      good: servedBy(
        webAt('192.168.1.201', { annotations: { 'lbipam.cilium.io/sharing-key': 'a' } }),
        webAt('192.168.1.201', {
          name: 'shop',
          annotations: { 'lbipam.cilium.io/sharing-key': 'a' },
          ports: [{ port: 8080 }],
        }),
      ),
    },
  },
  {
    id: 'service/local-on-l2',
    level: 'warning',
    docs: L2,
    find: eachService(({ externalTrafficPolicy, isAnnouncedOnL2, at }, { cilium }) =>
      externalTrafficPolicy !== 'Local' ||
      !isAnnouncedOnL2 ||
      versionFeatures(cilium.version)('l2-announces-from-backends')
        ? undefined
        : problem(
            [at('spec.externalTrafficPolicy'), 'cilium.l2announcements.enabled'],
            'Any node may announce the address in the local network, and one without a pod of the Service drops the traffic.',
            'Leave externalTrafficPolicy at Cluster, or announce the Service by BGP.',
          ),
    ),
    examples: { bad: servedBy(web({ externalTrafficPolicy: 'Local' })), good: servedBy(web()) },
  },
  {
    id: 'service/ipv6-on-l2',
    level: 'warning',
    docs: L2,
    find: eachService(({ isAnnouncedOnL2, requested, families, at }, { cilium }) => {
      if (!isAnnouncedOnL2 || cilium.has('l2-announces-ipv6')) return undefined;
      const addresses = requested.flatMap(({ address }) => address ?? []);
      if (!(addresses.length > 0 ? addresses.map(({ family }) => family) : families).includes(6)) return undefined;
      return problem(
        [at('spec.ipFamilies'), 'cilium.l2announcements.enabled'],
        `Cilium ${cilium.version} announces only IPv4 addresses in the local network, so the IPv6 address of the Service is not reachable.`,
        'Use a newer minor of Cilium, announce the Service by BGP, or request IPv4.',
      );
    }),
    examples: {
      bad: {
        objects: [web({ ipFamilies: ['IPv6'] }), poolOf({ blocks: [{ cidr: '2001:db8::/120' }] }), L2_POLICY],
        values: { ...L2_ON, ipv6: { enabled: true } },
      },
      good: servedBy(web({ ipFamilies: ['IPv4'] })),
    },
  },
];

function holds({ sound }: PoolObject, address: AddressRange): boolean {
  return sound.some(({ range }) => contains(range, address));
}

function namesOf(pools: readonly PoolObject[]): string {
  return pools.map(({ name }) => name).join(', ');
}

/** A Service without a pool: no serviceSelector matches, the pool is disabled, or it has addresses of other families only. */
function withoutPool(
  { object, giver, requested, families, at }: LoadBalancerService,
  { pools }: ServiceSubject,
): Problem | undefined {
  if (pools.length === 0 || giver !== 'lbipam') return undefined;
  const addresses = requested.flatMap(({ address }) => address ?? []);
  const known =
    addresses.length === 0 ? pools : pools.filter((pool) => addresses.some((address) => holds(pool, address)));
  if (known.length === 0) return undefined;
  const matching = known.filter(({ serviceSelector }) => selects(serviceSelector, selectableLabels(object)));
  if (matching.length === 0)
    return problem(
      at(),
      `No serviceSelector of ${namesOf(known)} matches the Service, so it gets no address.`,
      "Give the Service the labels of a pool's serviceSelector, or the pool another serviceSelector.",
    );
  const open = matching.filter(({ isDisabled }) => !isDisabled);
  if (open.length === 0)
    return problem(
      at(),
      `${namesOf(matching)} allocates no new addresses (disabled).`,
      'Enable the pool, or add another.',
    );
  const missing = families.filter(
    (family) => !open.some(({ sound }) => sound.some(({ range }) => range.family === family)),
  );
  if (addresses.length > 0 || missing.length === 0) return undefined;
  return problem(
    at('spec.ipFamilies'),
    `The Service requests an IPv${missing.map(String).join(' and an IPv')} address, of which ${namesOf(open)} has none.`,
    'Add a block of that family to a pool, or request another family.',
  );
}

function whyNotShared(one: LoadBalancerService, other: LoadBalancerService): string | undefined {
  if (one.sharingKey === '' || one.sharingKey !== other.sharingKey) return 'they have no sharing key in common';
  const twice = one.ports.filter((port) => other.ports.includes(port));
  if (twice.length > 0) return `both have port ${twice.join(', ')}`;
  if (one.externalTrafficPolicy !== other.externalTrafficPolicy) return 'their externalTrafficPolicy differs';
  if (one.namespace === other.namespace || permits(one, other) || permits(other, one)) return undefined;
  return 'they are in different namespaces, and lbipam.cilium.io/sharing-cross-namespace permits none';
}

function permits({ sharingNamespaces }: LoadBalancerService, { namespace }: LoadBalancerService): boolean {
  return sharingNamespaces.includes('*') || sharingNamespaces.includes(namespace);
}
