import { nodesOf } from '../../cilium/parts/pod-pool-rules';
import { overlaps } from '../../kubernetes/cidr';
import { othersOf } from '../../resource/kind';
import { problem } from '../../rules/rule';
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
      networks.flatMap((one, i) =>
        sharing(one, networks.slice(0, i)).map((other) =>
          problem(
            [other.at, one.at],
            `${other.text} and ${one.text} collide, and the operator refuses the pool.`,
            'Give each address once.',
          ),
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
    find: ({ model, name, earlier, cilium }) => {
      const pools = [
        ...othersOf<PodIPPoolProps, PodPoolModel>(earlier, 'pod-ip-pool').map((one) => ({
          ...one.model,
          name: one.name,
        })),
        ...operatorPools(cilium).filter((pool) => pool.name !== name),
      ];
      return pools.flatMap((pool) =>
        model.networks.flatMap((one) =>
          sharing(one, pool.networks).map((other) =>
            problem(
              one.at,
              `${one.text} and ${other.text} of the pool ${pool.name} share addresses, which two pods would get.`,
              'Give each address to one pool.',
            ),
          ),
        ),
      );
    },
    examples: {
      bad: { ...good, others: [{ subject: 'pod-ip-pool', props: poolOf('10.20.4.0/24', 24, 'blue') }] },
      good: { ...good, others: [{ subject: 'pod-ip-pool', props: poolOf('10.21.4.0/24', 24, 'blue') }] },
    },
  },
];

/** Rules of pools of pod addresses. */
export const POD_POOL_RULES: readonly PodPoolRule[] = [...NETWORK_RULES, ...POD_POOL_SETTING_RULES];

/** The networks that share addresses with another one. */
function sharing({ anyCidr }: PoolNetwork, others: readonly PoolNetwork[]): readonly PoolNetwork[] {
  return others.filter((other) => anyCidr !== undefined && other.anyCidr && overlaps(anyCidr, other.anyCidr));
}
