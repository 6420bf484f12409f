import { nodesOf } from '../../cilium/parts/pod-pool-rules';
import type { AddressRange, Cidr } from '../../kubernetes/cidr';
import { push } from '../../kubernetes/groups';
import { overlapping } from '../../kubernetes/overlaps';
import { othersOf } from '../../resource/kind';
import type { Others, Subject } from '../../resource/kind';
import { problem } from '../../rules/rule';
import { someOf } from '../../rules/words';
import { fieldOf, operatorPools, poolOf } from './pod-ip-pool-model';
import type { PodPoolModel, PodPoolRule, PoolNetwork } from './pod-ip-pool-model';
import { POD_POOL_SETTING_RULES } from './pod-pool-setting-rules';
import type { PodIPPoolProps } from './props';

const good = { props: poolOf('10.20.0.0/16') };

/** IPv6 networks can be split into at most 2^16 parts. */
const MOST_IPV6_BITS = 16;

const NETWORK_RULES: readonly PodPoolRule[] = [
  {
    id: 'pod-ip-pool/no-family',
    level: 'error',
    find: ({ model }) =>
      model.families.length === 0 &&
      problem(
        ['ipv4', 'ipv6'],
        'The pool has no addresses.',
        "Write `ipv4: { cidrs: ['10.20.0.0/16'], maskSize: 24 }`.",
      ),
    examples: { bad: { props: { name: 'default' } }, good },
  },
  {
    id: 'pod-ip-pool/network',
    level: 'error',
    find: ({ model }) =>
      model.networks.flatMap(({ at, text, family, cidr }) => {
        if (cidr === undefined)
          return problem(
            at,
            `'${text}' is not an IPv${String(family)} network.`,
            `Put networks of the other family under \`${fieldOf(family === 4 ? 6 : 4)}\`.`,
          );
        if (cidr.aligned) return [];
        return problem(
          at,
          `'${text}' has host bits, and Cilium does not recognize its own parts of it.`,
          `Write '${cidr.network}'.`,
        );
      }),
    examples: { bad: { props: poolOf('10.20.0.1/16') }, good },
  },
  {
    id: 'pod-ip-pool/mask-size',
    level: 'error',
    find: ({ model }) =>
      model.networks.flatMap(({ at, text, family, maskSize, cidr }) => {
        if (cidr === undefined) return [];
        const bits = maskSize - cidr.prefix;
        if (bits >= 0 && (family === 4 || bits <= MOST_IPV6_BITS)) return [];
        const most = family === 4 ? 32 : Math.min(cidr.prefix + MOST_IPV6_BITS, 128);
        return problem(
          [`${fieldOf(family)}.maskSize`, at],
          `${text} cannot be split into parts of /${String(maskSize)}.`,
          `Use ${String(cidr.prefix)} to ${String(most)}.`,
        );
      }),
    examples: { bad: { props: poolOf('10.20.0.0/26') }, good },
  },
  {
    id: 'pod-ip-pool/one-part',
    level: 'warning',
    find: ({ model, cilium }) =>
      model.families.flatMap((family) => {
        if (cilium !== undefined && nodesOf(cilium)[0] === 1) return [];
        const [only, ...more] = model.networks.filter((one) => one.family === family && one.cidr !== undefined);
        if (only === undefined || more.length > 0 || only.maskSize !== only.cidr?.prefix) return [];
        return problem(
          [`${fieldOf(family)}.maskSize`, only.at],
          `The pool is a single part of /${String(only.maskSize)}, which the first node gets: pods on other nodes get no address from it.`,
          'Use a longer `maskSize`, so that every node gets a part, or more networks.',
        );
      }),
    examples: { bad: { props: poolOf('10.20.0.0/24') }, good },
  },
  {
    id: 'pod-ip-pool/network-twice',
    level: 'error',
    find: ({ model: { networks } }) =>
      overlapping(networks.filter(isNetwork), ({ anyCidr }) => anyCidr).map((colliding) =>
        problem(
          colliding.map(({ at }) => at),
          `${someOf(colliding.map(({ text }) => text))} collide, and the operator refuses the pool.`,
          'Give each address once.',
        ),
      ),
    examples: {
      bad: { props: { name: 'default', ipv4: { cidrs: ['10.20.0.0/16', '10.20.4.0/24'], maskSize: 24 } } },
      good: { props: { name: 'default', ipv4: { cidrs: ['10.20.0.0/16', '10.21.4.0/24'], maskSize: 24 } } },
    },
  },
  {
    id: 'pod-ip-pool/shared',
    level: 'error',
    find: (subject) =>
      sharedNetworks(subject).map(({ own, others }) => {
        const [first] = own;
        const [other, ...more] = others;
        return problem(
          own.map(({ network }) => network.at),
          more.length === 0
            ? `${String(first?.network.text)} and ${String(other?.network.text)} of the pool ${String(other?.name)} share addresses, which two pods would get.`
            : `${String(first?.network.text)}, ${someOf(others.map(({ name, network }) => `${network.text} of the pool ${name}`))} share addresses, which two pods would get.`,
          'Give each address to one pool.',
        );
      }),
    examples: {
      bad: { ...good, others: [{ subject: 'pod-ip-pool', props: poolOf('10.20.4.0/24', 24, 'blue') }] },
      good: { ...good, others: [{ subject: 'pod-ip-pool', props: poolOf('10.21.4.0/24', 24, 'blue') }] },
    },
  },
];

/** Rules of pools of pod addresses. */
export const POD_POOL_RULES: readonly PodPoolRule[] = [...NETWORK_RULES, ...POD_POOL_SETTING_RULES];

type PodPoolSubject = Subject<PodIPPoolProps, PodPoolModel>;

interface PlacedNetwork {
  readonly pool: object;
  readonly name: string;
  readonly network: PoolNetwork & { readonly anyCidr: Cidr };
}

/** Networks of several pools that share addresses. */
interface SharedNetworks {
  /** Those of the pool that reports it. */
  readonly own: readonly PlacedNetwork[];
  /** One of each other pool. */
  readonly others: readonly PlacedNetwork[];
}

function isNetwork(network: PoolNetwork): network is PlacedNetwork['network'] {
  return network.anyCidr !== undefined;
}

/** What a pool reports: addresses that it is the last pool of the app to have, and those that the operator's pools have, too. */
function sharedNetworks({ itself, others, cilium, name }: PodPoolSubject): readonly SharedNetworks[] {
  const own = itself.model.networks
    .filter(isNetwork)
    .map((network): PlacedNetwork => ({ pool: itself, name, network }));
  const created = operatorPools(cilium)
    .filter((pool) => pool.name !== name)
    .flatMap((pool) => pool.networks.filter(isNetwork).map((network) => ({ pool, name: pool.name, network })));
  const ofOperator = overlapping([...own, ...created], rangeOf).flatMap((group) => sharedBy(itself, group));
  return [...(others.ofCluster(networksOfSeveral).get(itself) ?? []), ...ofOperator];
}

function networksOfSeveral(all: Others): ReadonlyMap<object, readonly SharedNetworks[]> {
  const networks = othersOf<PodIPPoolProps, PodPoolModel>(all, 'pod-ip-pool').flatMap((pool) =>
    pool.model.networks.filter(isNetwork).map((network): PlacedNetwork => ({ pool, name: pool.name, network })),
  );
  const found = new Map<object, SharedNetworks[]>();
  for (const group of overlapping(networks, rangeOf)) {
    const { pool } = group.at(-1) ?? group[0];
    for (const shared of sharedBy(pool, group)) push(found, pool, shared);
  }
  return found;
}

function rangeOf({ network }: PlacedNetwork): AddressRange {
  return network.anyCidr;
}

function sharedBy(pool: object, group: readonly PlacedNetwork[]): readonly SharedNetworks[] {
  const others = new Map(group.filter((one) => one.pool !== pool).map((one) => [one.pool, one]));
  const own = group.filter((one) => one.pool === pool);
  return others.size > 0 && own.length > 0 ? [{ own, others: [...others.values()] }] : [];
}
