import { isTruthy } from '../../helm/truth';
import { contains, networkOf } from '../../kubernetes/cidr';
import { keyOfName, othersWith } from '../../resource/kind';
import { problem } from '../../rules/rule';
import { POOLS_ON, fieldOf, operatorPools, poolOf } from './pod-ip-pool-model';
import type { PodPoolRule } from './pod-ip-pool-model';

const good = { props: poolOf('10.20.0.0/16') };
const NATIVE = { ...POOLS_ON, routingMode: 'native', autoDirectNodeRoutes: true } as const;

/** Rules of pools of pod addresses with Cilium's settings. */
export const POD_POOL_SETTING_RULES: readonly PodPoolRule[] = [
  {
    id: 'pod-ip-pool/made-by-operator',
    level: 'warning',
    find: ({ name, cilium }) =>
      operatorPools(cilium).some((pool) => pool.name === name) &&
      problem(
        ['name', `cilium.ipam.operator.autoCreateCiliumPodIPPools.${name}`],
        'The operator creates a pool of this name as well, and does not change an existing one: which of the two exists depends on the order.',
        'Define the pool in one of the places.',
      ),
    examples: {
      bad: {
        ...good,
        values: {
          ...POOLS_ON,
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
    find: ({ name, others, cilium }) => {
      const isDefault = (pool: { readonly name: string }): boolean => pool.name === 'default';
      return (
        cilium?.facts.ipamMode === 'multi-pool' &&
        ![{ name }, ...operatorPools(cilium)].some(isDefault) &&
        othersWith(others, 'pod-ip-pool', keyOfName, ['default']).length === 0 &&
        problem(
          'name',
          'There is no pool `default`, from which pods without an annotation get their addresses.',
          'Name one of the pools `default`.',
        )
      );
    },
    examples: {
      bad: { props: poolOf('10.20.0.0/16', 24, 'blue'), values: POOLS_ON },
      good: { ...good, values: POOLS_ON },
    },
  },
  {
    id: 'pod-ip-pool/missing-family',
    level: 'warning',
    find: ({ model: { families }, cilium }) =>
      ([4, 6] as const)
        .filter(
          (family) => families.length > 0 && !families.includes(family) && isTruthy(cilium?.v[fieldOf(family)].enabled),
        )
        .map(fieldOf)
        .map((field) =>
          problem(
            [field, `cilium.${field}.enabled`],
            'Pods need an address of this family as well, and those of this pool would not start.',
            `Add \`${field}: { cidrs: …, maskSize: … }\`.`,
          ),
        ),
    examples: {
      bad: { ...good, values: { ...POOLS_ON, ipv6: { enabled: true } } },
      good: { ...good, values: POOLS_ON },
    },
  },
  {
    id: 'pod-ip-pool/masqueraded',
    level: 'warning',
    find: ({ model, cilium }) => {
      if (cilium === undefined || cilium.facts.routingMode !== 'native' || !cilium.facts.masqueradesIPv4)
        return undefined;
      const native = networkOf(String(cilium.v.ipv4NativeRoutingCIDR));
      if (native === undefined) return undefined;
      return model.networks
        .filter(({ anyCidr }) => anyCidr?.family === 4 && !contains(native, anyCidr))
        .map(({ at, text }) =>
          problem(
            [at, 'cilium.ipv4NativeRoutingCIDR'],
            `Traffic of other pods to ${text} is masqueraded, because ${native.network} does not contain it.`,
            'Widen `ipv4NativeRoutingCIDR` to contain all pools.',
          ),
        );
    },
    examples: {
      bad: { ...good, values: { ...NATIVE, ipv4NativeRoutingCIDR: '10.244.0.0/16' } },
      good: { ...good, values: { ...NATIVE, ipv4NativeRoutingCIDR: '10.0.0.0/8' } },
    },
  },
];
