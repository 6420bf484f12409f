import { contains } from '../../kubernetes/cidr';
import { selects } from '../../kubernetes/selector';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import type { PoolObject } from './pool-model';
import { L2_ON, L2_POLICY, eachService, listed, poolOf, servedBy, web, webAt } from './service-examples';
import type { ServiceExample, ServiceRule } from './service-examples';
import type { LoadBalancerService, RequestedAddress, ServiceSubject } from './service-model';
import { isOfGateway } from './placed-services';
import { addressOf, share, whyNotShared } from './service-sharing';
import type { SharedAddress } from './service-sharing';
import { isOpen, isUnpinned } from './service-supply';
import { copyHint, selectableLabels } from './services';

const LB_IPAM = 'https://docs.cilium.io/en/stable/network/lb-ipam/';

/** A Service and a pool for the Services with a label. */
function labelled(labels: Readonly<Record<string, string>>): ServiceExample {
  return {
    objects: [web({ labels }), poolOf({ serviceSelector: { matchLabels: { pool: 'home' } } }), L2_POLICY],
    values: L2_ON,
  };
}

/** Rules of the addresses that Services request, and of the pools that they get them from. */
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
    level: 'warning',
    docs: LB_IPAM,
    find: eachService((service, { pools, poolIndex }) =>
      pools.length === 0 || service.giver !== 'lbipam'
        ? undefined
        : service.requested
            // `gateway/address-outside-pools` reports those of a Gateway.
            .filter(({ field }) => !isOfGateway(service, field))
            .filter(({ address }) => address !== undefined && poolIndex.holding(address).length === 0)
            .map(({ field, text }) =>
              problem(
                service.at(field),
                `${text} is in no pool of the manifests (${namesOf(pools)}), so LB IPAM does not allocate it.`,
                'Request an address of a pool, or add a block with the address to a pool.',
              ),
            ),
    ),
    examples: { bad: servedBy(webAt('192.168.9.9')), good: servedBy(webAt('192.168.1.201')) },
  },
  {
    id: 'service/unmatched-pools',
    level: 'warning',
    docs: LB_IPAM,
    find: eachService((service, subject) =>
      subject.pools.length === 0 || service.giver !== 'lbipam'
        ? undefined
        : isUnpinned(service)
          ? withoutPool(service, subject)
          : service.requested.flatMap((requested) => withoutItsPool(service, requested, subject) ?? []),
    ),
    examples: { bad: labelled({}), good: labelled({ pool: 'home' }) },
  },
  {
    id: 'service/excluded-address',
    level: 'error',
    docs: LB_IPAM,
    find: eachService((service, subject) =>
      service.requested.flatMap(({ field, text, address }) => {
        if (address === undefined) return [];
        const pools = givers(service, address, subject);
        return pools.length === 0 || pools.some(({ usable }) => usable.some((range) => contains(range, address)))
          ? []
          : problem(
              service.at(field),
              `${text} is the first or last address of a block of ${namesOf(pools)}, which allowFirstLastIPs: 'No' excludes.`,
              "Request another address, or set `allowFirstLastIPs: 'Yes'`.",
            );
      }),
    ),
    examples: {
      bad: { objects: [webAt('192.168.1.200'), poolOf({ allowFirstLastIPs: 'No' }), L2_POLICY], values: L2_ON },
      good: { objects: [webAt('192.168.1.201'), poolOf({ allowFirstLastIPs: 'No' }), L2_POLICY], values: L2_ON },
    },
  },
  {
    id: 'service/shared-address',
    level: 'error',
    docs: LB_IPAM,
    find: unshared,
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
];

function namesOf(pools: readonly PoolObject[]): string {
  return listed(pools.map(({ name }) => name));
}

type Requested = NonNullable<RequestedAddress['address']>;

/** The pools that give a Service an address. */
function givers(
  service: LoadBalancerService,
  address: Requested,
  { poolIndex }: ServiceSubject,
): readonly PoolObject[] {
  return poolIndex.holding(address).filter((pool) => isOpen(pool) && service.pools.includes(pool));
}

/** A requested address whose pools do not select the Service, or are disabled. */
function withoutItsPool(
  service: LoadBalancerService,
  { field, text, address }: RequestedAddress,
  subject: ServiceSubject,
): Problem | undefined {
  const holding = address === undefined ? [] : subject.poolIndex.holding(address);
  if (address === undefined || holding.length === 0 || givers(service, address, subject).length > 0) return undefined;
  const paths = [service.at(), service.at(field)];
  const selecting = holding.filter((pool) => service.pools.includes(pool));
  return selecting.length === 0
    ? unselected(service, paths, holding)
    : problem(
        paths,
        `${text} is in ${namesOf(selecting)}, which allocates no new addresses (disabled).`,
        'Enable the pool, or request an address of another one.',
      );
}

function unselected({ object }: LoadBalancerService, paths: readonly string[], pools: readonly PoolObject[]): Problem {
  const isSelected = (service: KubernetesObject): boolean =>
    pools.some(({ serviceSelector }) => selects(serviceSelector, selectableLabels(service)));
  return problem(
    paths,
    `No serviceSelector of ${namesOf(pools)} matches the Service, so it gets no address.`,
    copyHint([object], isSelected) ??
      "Give the Service the labels of a pool's serviceSelector, or the pool another serviceSelector.",
  );
}

/** A Service without a pool: no serviceSelector matches, the pools are disabled, or have addresses of other families only. */
function withoutPool(service: LoadBalancerService, subject: ServiceSubject): Problem | undefined {
  const { pools, families, at } = service;
  if (pools.length === 0) return unselected(service, [at()], subject.pools);
  const open = pools.filter(isOpen);
  if (open.length === 0)
    return problem(
      at(),
      `${namesOf(pools)} allocates no new addresses (disabled).`,
      'Enable the pool, or add another.',
    );
  const missing = families.filter(
    (family) =>
      !open.some(
        ({ blocks, usable }) => blocks.length > usable.length || usable.some((range) => range.family === family),
      ),
  );
  if (missing.length === 0) return undefined;
  return problem(
    at('spec.ipFamilies'),
    `The Service requests an IPv${missing.map(String).join(' and an IPv')} address, of which ${namesOf(open)} has none.`,
    'Add a block of that family to a pool, or request another family.',
  );
}

/** Services that cannot have an address. */
interface Refusal {
  readonly text: string;
  readonly reason: string;
  readonly other: LoadBalancerService;
  readonly refused: { readonly service: LoadBalancerService; readonly field: string }[];
}

/** Services that request an address that another one has, and cannot share it. */
function unshared({ services }: ServiceSubject): readonly Problem[] {
  const addresses = new Map<string, SharedAddress>();
  const refusals = new Map<string, Refusal>();
  for (const service of services.filter(({ giver }) => giver === 'lbipam')) {
    for (const { field, text, address } of service.requested) {
      if (address === undefined) continue;
      const key = `${String(address.family)} ${String(address.first)}`;
      const shared = addresses.get(key);
      const refusal = shared && whyNotShared(shared, service);
      if (shared === undefined) addresses.set(key, addressOf(service));
      else if (refusal === undefined) share(shared, service);
      else {
        const group = `${key} ${refusal.other.identity} ${refusal.reason}`;
        const known = refusals.get(group) ?? { text, ...refusal, refused: [] };
        refusals.set(group, known);
        known.refused.push({ service, field });
      }
    }
  }
  return [...refusals.values()].map(({ text, reason, other, refused }) =>
    problem(
      [...refused.map(({ service, field }) => service.at(field)), other.at()],
      `${listed([other, ...refused.map(({ service }) => service)].map(({ identity }) => identity))} request ${text} and cannot share it: ${reason}.`,
      'Request another address, or give the Services the same lbipam.cilium.io/sharing-key, different ports and one externalTrafficPolicy.',
    ),
  );
}
