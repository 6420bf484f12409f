import type { Context } from '../cilium/context';
import { othersOf, selectorProblems } from '../custom-resource/check';
import type { Problem, ResourceCheck, ResourceExample } from '../custom-resource/check';
import { given } from '../helm/truth';
import { contains, networkOf, overlaps } from '../kubernetes/cidr';
import type { Cidr } from '../kubernetes/cidr';
import { isMap } from '../kubernetes/json';
import type { PodIPPoolProps, PodPoolFamily } from './pod-ip-pool';

type Check = ResourceCheck<PodIPPoolProps>;
type Props = ResourceExample<PodIPPoolProps>['props'];

const DOCS = 'https://docs.cilium.io/en/stable/network/concepts/ipam/multi-pool/';
const ON = { ipam: { mode: 'multi-pool' } } as const;
const TALOS = { talosVersion: '1.13', hostDNS: { forwardKubeDNSToHost: false } } as const;

/** A pool of one IPv4 network. */
function poolOf(cidr: string, maskSize = 24, name = 'default'): Props {
  return { name, ipv4: { cidrs: [cidr], maskSize } };
}

const good = { props: poolOf('10.20.0.0/16') };

/** IPv6 networks are cut into at most 2^16 parts. */
const LONGEST_CUT = 16;

/** A network of a pool. */
interface PoolNetwork {
  readonly path: string;
  readonly text: string;
  readonly family: 4 | 6;
  readonly maskSize: number;
  /** `undefined` when it cannot be read. */
  readonly cidr: Cidr | undefined;
}

function networksOf({ ipv4, ipv6 }: Pick<PodIPPoolProps, 'ipv4' | 'ipv6'>): readonly PoolNetwork[] {
  const families: readonly (readonly ['ipv4' | 'ipv6', 4 | 6, PodPoolFamily | undefined])[] = [
    ['ipv4', 4, ipv4],
    ['ipv6', 6, ipv6],
  ];
  return families.flatMap(([field, family, pool]) =>
    (pool?.cidrs ?? []).map((text, i) => ({
      path: `${field}.cidrs[${String(i)}]`,
      text,
      family,
      maskSize: pool?.maskSize ?? 0,
      cidr: networkOf(text),
    })),
  );
}

const NETWORK_CHECKS: readonly Check[] = [
  {
    id: 'pod-ip-pool/no-family',
    level: 'error',
    docs: DOCS,
    find: ({ props }) =>
      props.ipv4 === undefined && props.ipv6 === undefined
        ? [{ at: ['ipv4', 'ipv6'], says: 'The pool has no addresses.', fix: "Write `ipv4: { cidrs: ['10.20.0.0/16'], maskSize: 24 }`." }]
        : [],
    examples: { bad: { props: { name: 'default' } }, good },
  },
  {
    id: 'pod-ip-pool/network',
    level: 'error',
    docs: DOCS,
    find: ({ props }) =>
      networksOf(props).flatMap(({ path, text, family, cidr }): readonly Problem[] => {
        if (cidr?.family !== family)
          return [
            {
              at: [path],
              says: `'${text}' is no IPv${String(family)} network.`,
              fix: `Put networks of the other family under \`ipv${family === 4 ? '6' : '4'}\`.`,
            },
          ];
        return cidr.aligned
          ? []
          : [
              {
                at: [path],
                says: `'${text}' has host bits, and Cilium does not find its own parts in it again.`,
                fix: `Write '${cidr.network}'.`,
              },
            ];
      }),
    examples: { bad: { props: poolOf('10.20.0.1/16') }, good },
  },
  {
    id: 'pod-ip-pool/mask-size',
    level: 'error',
    docs: DOCS,
    find: ({ props }) =>
      networksOf(props).flatMap(({ path, text, family, maskSize, cidr }) => {
        if (cidr?.family !== family) return [];
        const cut = maskSize - cidr.prefix;
        if (cut >= 0 && (family === 4 || cut <= LONGEST_CUT)) return [];
        const [low, high] = [cidr.prefix, family === 4 ? 32 : Math.min(cidr.prefix + LONGEST_CUT, 128)];
        return [
          {
            at: [`ipv${String(family)}.maskSize`, path],
            says: `${text} cannot be cut into parts of /${String(maskSize)}.`,
            fix: `Take ${String(low)} to ${String(high)}.`,
          },
        ];
      }),
    examples: { bad: { props: poolOf('10.20.0.0/26') }, good },
  },
  {
    id: 'pod-ip-pool/network-twice',
    level: 'error',
    docs: DOCS,
    find: ({ props }) => {
      const networks = networksOf(props);
      return networks.flatMap((one, i) =>
        networks
          .slice(0, i)
          .filter((other) => share(one, other))
          .map((other) => ({
            at: [other.path, one.path],
            says: `${other.text} and ${one.text} share addresses, which two pods would get.`,
            fix: 'Give each address once.',
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
    docs: DOCS,
    find: ({ props, name, earlier, cilium }) => {
      const made = madeByOperator(cilium).filter((pool) => pool.name !== name);
      const pools = [...othersOf<PodIPPoolProps>(earlier, 'pod-ip-pool').map((other) => ({ ...other.props, name: other.name })), ...made];
      return pools.flatMap((pool) =>
        networksOf(props).flatMap((one) =>
          networksOf(pool)
            .filter((other) => share(one, other))
            .map((other) => ({
              at: [one.path],
              says: `${one.text} and ${other.text} of the pool ${pool.name} share addresses, which two pods would get.`,
              fix: 'Give each address to one pool.',
            })),
        ),
      );
    },
    examples: {
      bad: { ...good, others: [{ subject: 'pod-ip-pool', props: poolOf('10.20.4.0/24', 24, 'blue') }] },
      good: { ...good, others: [{ subject: 'pod-ip-pool', props: poolOf('10.21.4.0/24', 24, 'blue') }] },
    },
  },
  {
    id: 'pod-ip-pool/service-range',
    level: 'error',
    docs: DOCS,
    find: ({ props, cilium }) =>
      (cilium?.talos?.serviceSubnets ?? []).flatMap((text) => {
        const range = networkOf(text);
        return networksOf(props)
          .filter(({ cidr }) => cidr !== undefined && range !== undefined && overlaps(cidr, range))
          .map((one) => ({
            at: [one.path, 'talos.serviceSubnets'],
            says: `${one.text} reaches into the cluster's service range ${text}.`,
            fix: 'Take addresses that nothing else has.',
          }));
      }),
    examples: { bad: { props: poolOf('10.96.0.0/16'), values: ON, talos: TALOS }, good: { ...good, values: ON, talos: TALOS } },
  },
];

function share({ cidr: one }: PoolNetwork, { cidr: other }: PoolNetwork): boolean {
  return one !== undefined && other !== undefined && overlaps(one, other);
}

/** The pools that the operator makes at its start, as far as they can be read. */
function madeByOperator(cilium: Context | undefined): readonly (Pick<PodIPPoolProps, 'ipv4' | 'ipv6'> & { readonly name: string })[] {
  const pools = cilium?.facts.ipamMode === 'multi-pool' ? cilium.v.ipam.operator.autoCreateCiliumPodIPPools : undefined;
  return Object.entries(isMap(pools) ? pools : {}).flatMap(([name, pool]) =>
    isMap(pool) ? [{ name, ipv4: familyOf(pool.ipv4), ipv6: familyOf(pool.ipv6) }] : [],
  );
}

function familyOf(family: unknown): PodPoolFamily | undefined {
  if (!isMap(family)) return undefined;
  const { cidrs, maskSize } = family;
  const list = Array.isArray(cidrs) ? cidrs.map(String) : typeof cidrs === 'string' ? cidrs.split(/[\s,]+/) : [];
  return { cidrs: list, maskSize: Number(maskSize) };
}

const CLUSTER_CHECKS: readonly Check[] = [
  {
    id: 'pod-ip-pool/selector',
    level: 'error',
    find: ({ props }) => (['podSelector', 'namespaceSelector'] as const).flatMap((field) => selectorProblems(field, props[field])),
    examples: {
      bad: { version: '1.19.0', props: { ...good.props, podSelector: { matchExpressions: [{ key: 'app', operator: 'In' }] } } },
      good: { version: '1.19.0', props: { ...good.props, podSelector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] } } },
    },
  },
  {
    id: 'pod-ip-pool/not-multi-pool',
    level: 'error',
    docs: DOCS,
    find: ({ cilium }) =>
      cilium === undefined || cilium.facts.ipamMode === 'multi-pool'
        ? []
        : [
            {
              at: ['cilium.ipam.mode'],
              says: `Pods get their addresses by \`${cilium.facts.ipamMode}\`, which looks at no pools.`,
              fix: "Set `ipam: { mode: 'multi-pool' }`; a running cluster cannot change its mode.",
            },
          ],
    examples: { bad: { ...good, values: {} }, good: { ...good, values: ON } },
  },
  {
    id: 'pod-ip-pool/made-by-operator',
    level: 'warning',
    docs: DOCS,
    find: ({ name, cilium }) =>
      madeByOperator(cilium).some((pool) => pool.name === name)
        ? [
            {
              at: ['name', `cilium.ipam.operator.autoCreateCiliumPodIPPools.${name}`],
              says: 'The operator makes a pool of this name, too, and leaves one that it finds as it is: which of the two is there depends on who was first.',
              fix: 'Say the pool in one of the places.',
            },
          ]
        : [],
    examples: {
      bad: {
        ...good,
        values: {
          ipam: {
            mode: 'multi-pool',
            operator: { autoCreateCiliumPodIPPools: { default: { ipv4: { cidrs: ['10.9.0.0/16'], maskSize: 24 } } } },
          },
        },
      },
      good: { ...good, values: ON },
    },
  },
  {
    id: 'pod-ip-pool/no-default',
    level: 'warning',
    docs: DOCS,
    find: ({ name, others, cilium }) => {
      if (cilium?.facts.ipamMode !== 'multi-pool') return [];
      const names = [
        name,
        ...othersOf(others, 'pod-ip-pool').map((other) => other.name),
        ...madeByOperator(cilium).map((pool) => pool.name),
      ];
      if (names.includes('default')) return [];
      return [
        {
          at: ['name'],
          says: 'No pool is called `default`, from which pods without an annotation get their addresses.',
          fix: 'Call one of the pools `default`.',
        },
      ];
    },
    examples: { bad: { props: poolOf('10.20.0.0/16', 24, 'blue'), values: ON }, good: { ...good, values: ON } },
  },
  {
    id: 'pod-ip-pool/family-off',
    level: 'warning',
    docs: DOCS,
    find: ({ props, cilium }) =>
      (['ipv4', 'ipv6'] as const)
        .filter((family) => props[family] !== undefined && cilium !== undefined && !given(cilium.v[family].enabled))
        .map((family) => ({
          at: [family, `cilium.${family}.enabled`],
          says: 'Pods get no addresses of this family.',
          fix: `Set \`${family}.enabled: true\`, or leave it out.`,
        })),
    examples: {
      bad: { props: { ...good.props, ipv6: { cidrs: ['fd00::/104'], maskSize: 120 } }, values: ON },
      good: { props: { ...good.props, ipv6: { cidrs: ['fd00::/104'], maskSize: 120 } }, values: { ...ON, ipv6: { enabled: true } } },
    },
  },
  {
    id: 'pod-ip-pool/missing-family',
    level: 'warning',
    docs: DOCS,
    find: ({ props, cilium }) =>
      (['ipv4', 'ipv6'] as const)
        .filter((family) => props[family] === undefined && (props.ipv4 ?? props.ipv6) !== undefined && given(cilium?.v[family].enabled))
        .map((family) => ({
          at: [family, `cilium.${family}.enabled`],
          says: 'Pods need an address of this family, too, and those of this pool would not start.',
          fix: `Add \`${family}: { cidrs: …, maskSize: … }\`.`,
        })),
    examples: {
      bad: { ...good, values: { ...ON, ipv6: { enabled: true } } },
      good: { ...good, values: ON },
    },
  },
  {
    id: 'pod-ip-pool/masqueraded',
    level: 'warning',
    docs: DOCS,
    find: ({ props, cilium }) => {
      if (cilium === undefined || cilium.facts.routingMode !== 'native' || !cilium.facts.masqueradesIPv4) return [];
      const native = networkOf(String(cilium.v.ipv4NativeRoutingCIDR));
      return networksOf(props)
        .filter(({ cidr }) => cidr?.family === 4 && native !== undefined && !contains(native, cidr))
        .map(({ path, text }) => ({
          at: [path, 'cilium.ipv4NativeRoutingCIDR'],
          says: `Traffic from other pods to ${text} loses its source address, because ${native?.network ?? ''} does not hold it.`,
          fix: 'Widen `ipv4NativeRoutingCIDR` to hold all pools.',
        }));
    },
    examples: {
      bad: { ...good, values: { ...ON, routingMode: 'native', ipv4NativeRoutingCIDR: '10.244.0.0/16', autoDirectNodeRoutes: true } },
      good: { ...good, values: { ...ON, routingMode: 'native', ipv4NativeRoutingCIDR: '10.0.0.0/8', autoDirectNodeRoutes: true } },
    },
  },
];

/** The rules of pools of pod addresses. */
export const POD_POOL_CHECKS: readonly Check[] = [...NETWORK_CHECKS, ...CLUSTER_CHECKS];
