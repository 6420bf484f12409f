import { othersOf } from '../../resource/kind';
import type { Problem } from '../../rules/rule';
import type { ResourceRule } from '../../resource/kind';
import { overlaps } from '../../kubernetes/cidr';
import type { PodIPPoolProps } from './pod-ip-pool';
import { POOL_DOCS, madeByOperator, networksOf, poolOf } from './pod-pool-parts';
import type { PoolNetwork } from './pod-pool-parts';
import { POD_POOL_SETTING_CHECKS } from './pod-pool-setting-checks';

type Check = ResourceRule<PodIPPoolProps>;

const good = { props: poolOf('10.20.0.0/16') };

/** IPv6 networks are cut into at most 2^16 parts. */
const LONGEST_CUT = 16;

const NETWORK_CHECKS: readonly Check[] = [
  {
    id: 'pod-ip-pool/no-family',
    level: 'error',
    docs: POOL_DOCS,
    find: ({ props }) =>
      props.ipv4 === undefined && props.ipv6 === undefined
        ? [
            {
              paths: ['ipv4', 'ipv6'],
              message: 'The pool has no addresses.',
              hint: "Write `ipv4: { cidrs: ['10.20.0.0/16'], maskSize: 24 }`.",
            },
          ]
        : [],
    examples: { bad: { props: { name: 'default' } }, good },
  },
  {
    id: 'pod-ip-pool/network',
    level: 'error',
    docs: POOL_DOCS,
    find: ({ props }) =>
      networksOf(props).flatMap(({ path, text, family, cidr }): readonly Problem[] => {
        if (cidr?.family !== family)
          return [
            {
              paths: [path],
              message: `'${text}' is no IPv${String(family)} network.`,
              hint: `Put networks of the other family under \`ipv${family === 4 ? '6' : '4'}\`.`,
            },
          ];
        return cidr.aligned
          ? []
          : [
              {
                paths: [path],
                message: `'${text}' has host bits, and Cilium does not find its own parts in it again.`,
                hint: `Write '${cidr.network}'.`,
              },
            ];
      }),
    examples: { bad: { props: poolOf('10.20.0.1/16') }, good },
  },
  {
    id: 'pod-ip-pool/mask-size',
    level: 'error',
    docs: POOL_DOCS,
    find: ({ props }) =>
      networksOf(props).flatMap(({ path, text, family, maskSize, cidr }) => {
        if (cidr?.family !== family) return [];
        const cut = maskSize - cidr.prefix;
        if (cut >= 0 && (family === 4 || cut <= LONGEST_CUT)) return [];
        const [low, high] = [cidr.prefix, family === 4 ? 32 : Math.min(cidr.prefix + LONGEST_CUT, 128)];
        return [
          {
            paths: [`ipv${String(family)}.maskSize`, path],
            message: `${text} cannot be cut into parts of /${String(maskSize)}.`,
            hint: `Take ${String(low)} to ${String(high)}.`,
          },
        ];
      }),
    examples: { bad: { props: poolOf('10.20.0.0/26') }, good },
  },
  {
    id: 'pod-ip-pool/one-part',
    level: 'warning',
    docs: POOL_DOCS,
    find: ({ props }) =>
      ([4, 6] as const).flatMap((family) => {
        const networks = networksOf(props).filter((one) => one.family === family && one.cidr?.family === family);
        const [only] = networks;
        if (only === undefined || networks.length > 1 || only.maskSize !== only.cidr?.prefix) return [];
        return [
          {
            paths: [`ipv${String(family)}.maskSize`, only.path],
            message: `The pool is one part of /${String(only.maskSize)}, which the first node takes whole: pods on other nodes get no address from it.`,
            hint: 'Take a longer `maskSize`, so that every node gets a part, or more networks.',
          },
        ];
      }),
    examples: { bad: { props: poolOf('10.20.0.0/24') }, good },
  },
  {
    id: 'pod-ip-pool/network-twice',
    level: 'error',
    docs: POOL_DOCS,
    find: ({ props }) => {
      const networks = networksOf(props);
      return networks.flatMap((one, i) =>
        networks
          .slice(0, i)
          .filter((other) => share(one, other))
          .map((other) => ({
            paths: [other.path, one.path],
            message: `${other.text} and ${one.text} share addresses, which two pods would get.`,
            hint: 'Give each address once.',
          })),
      );
    },
    examples: {
      bad: { props: { name: 'default', ipv4: { cidrs: ['10.20.0.0/16', '10.20.4.0/24'], maskSize: 24 } } },
      good: { props: { name: 'default', ipv4: { cidrs: ['10.20.0.0/16', '10.21.4.0/24'], maskSize: 24 } } },
    },
  },
  {
    id: 'pod-ip-pool/shared',
    level: 'error',
    docs: POOL_DOCS,
    find: ({ props, name, earlier, cilium }) => {
      const made = madeByOperator(cilium).filter((pool) => pool.name !== name);
      const pools = [
        ...othersOf<PodIPPoolProps>(earlier, 'pod-ip-pool').map((other) => ({ ...other.props, name: other.name })),
        ...made,
      ];
      return pools.flatMap((pool) =>
        networksOf(props).flatMap((one) =>
          networksOf(pool)
            .filter((other) => share(one, other))
            .map((other) => ({
              paths: [one.path],
              message: `${one.text} and ${other.text} of the pool ${pool.name} share addresses, which two pods would get.`,
              hint: 'Give each address to one pool.',
            })),
        ),
      );
    },
    examples: {
      bad: { ...good, others: [{ subject: 'pod-ip-pool', props: poolOf('10.20.4.0/24', 24, 'blue') }] },
      good: { ...good, others: [{ subject: 'pod-ip-pool', props: poolOf('10.21.4.0/24', 24, 'blue') }] },
    },
  },
];

function share({ cidr: one }: PoolNetwork, { cidr: other }: PoolNetwork): boolean {
  return one !== undefined && other !== undefined && overlaps(one, other);
}

/** The rules of pools of pod addresses. */
export const POD_POOL_CHECKS: readonly Check[] = [...NETWORK_CHECKS, ...POD_POOL_SETTING_CHECKS];
