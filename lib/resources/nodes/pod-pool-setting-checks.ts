import { othersOf } from '../../resource/kind';
import type { ResourceRule } from '../../resource/kind';
import { isTruthy } from '../../helm/truth';
import { contains, networkOf } from '../../kubernetes/cidr';
import type { PodIPPoolProps } from './pod-ip-pool';
import { POOLS_ON, POOL_DOCS, madeByOperator, networksOf, poolOf } from './pod-pool-parts';

type Check = ResourceRule<PodIPPoolProps>;

const good = { props: poolOf('10.20.0.0/16') };

const CHECKS: readonly Check[] = [
  {
    id: 'pod-ip-pool/made-by-operator',
    level: 'warning',
    docs: POOL_DOCS,
    find: ({ name, cilium }) =>
      madeByOperator(cilium).some((pool) => pool.name === name)
        ? [
            {
              paths: ['name', `cilium.ipam.operator.autoCreateCiliumPodIPPools.${name}`],
              message:
                'The operator makes a pool of this name, too, and leaves one that it finds as it is: which of the two is there depends on who was first.',
              hint: 'Say the pool in one of the places.',
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
      good: { ...good, values: POOLS_ON },
    },
  },
  {
    id: 'pod-ip-pool/no-default',
    level: 'warning',
    docs: POOL_DOCS,
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
          paths: ['name'],
          message: 'No pool is called `default`, from which pods without an annotation get their addresses.',
          hint: 'Call one of the pools `default`.',
        },
      ];
    },
    examples: {
      bad: { props: poolOf('10.20.0.0/16', 24, 'blue'), values: POOLS_ON },
      good: { ...good, values: POOLS_ON },
    },
  },
  {
    id: 'pod-ip-pool/missing-family',
    level: 'warning',
    docs: POOL_DOCS,
    find: ({ props, cilium }) =>
      (['ipv4', 'ipv6'] as const)
        .filter(
          (family) =>
            props[family] === undefined &&
            (props.ipv4 ?? props.ipv6) !== undefined &&
            isTruthy(cilium?.v[family].enabled),
        )
        .map((family) => ({
          paths: [family, `cilium.${family}.enabled`],
          message: 'Pods need an address of this family, too, and those of this pool would not start.',
          hint: `Add \`${family}: { cidrs: …, maskSize: … }\`.`,
        })),
    examples: {
      bad: { ...good, values: { ...POOLS_ON, ipv6: { enabled: true } } },
      good: { ...good, values: POOLS_ON },
    },
  },
  {
    id: 'pod-ip-pool/masqueraded',
    level: 'warning',
    docs: POOL_DOCS,
    find: ({ props, cilium }) => {
      if (cilium === undefined || cilium.facts.routingMode !== 'native' || !cilium.facts.masqueradesIPv4) return [];
      const native = networkOf(String(cilium.v.ipv4NativeRoutingCIDR));
      return networksOf(props)
        .filter(({ cidr }) => cidr?.family === 4 && native !== undefined && !contains(native, cidr))
        .map(({ path, text }) => ({
          paths: [path, 'cilium.ipv4NativeRoutingCIDR'],
          message: `Traffic from other pods to ${text} loses its source address, because ${native?.network ?? ''} does not hold it.`,
          hint: 'Widen `ipv4NativeRoutingCIDR` to hold all pools.',
        }));
    },
    examples: {
      bad: {
        ...good,
        values: {
          ...POOLS_ON,
          routingMode: 'native',
          ipv4NativeRoutingCIDR: '10.244.0.0/16',
          autoDirectNodeRoutes: true,
        },
      },
      good: {
        ...good,
        values: { ...POOLS_ON, routingMode: 'native', ipv4NativeRoutingCIDR: '10.0.0.0/8', autoDirectNodeRoutes: true },
      },
    },
  },
];

/** What pools and Cilium's settings say to each other. */
export const POD_POOL_SETTING_CHECKS: readonly Check[] = [...CHECKS];
