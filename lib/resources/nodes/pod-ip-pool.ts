import { ciliumApi } from '../../resource/api';
import { resourceKind } from '../../resource/resource-kind';
import { POOLS_ON, fieldOf, poolOf, readPodPool } from './pod-ip-pool-model';
import type { PodPoolModel } from './pod-ip-pool-model';
import { POD_POOL_RULES } from './pod-ip-pool-rules';
import type { PodIPPoolProps } from './props';

/** Addresses for pods, with `ipam.mode: multi-pool`: CiliumPodIPPool. Pods without an annotation use the pool `default`. */
export const podIPPool = resourceKind<PodIPPoolProps, PodPoolModel>({
  api: ciliumApi('CiliumPodIPPool'),
  construct: 'PodIPPool',
  subject: 'pod-ip-pool',
  docs: 'https://docs.cilium.io/en/stable/network/concepts/ipam/multi-pool/',
  example: { version: '1.19.0', props: poolOf('10.20.0.0/16'), values: POOLS_ON },
  elsewhere: {
    namespace: 'Leave it out: pools are cluster-scoped.',
    cidrs: 'Write `ipv4: { cidrs: … }` or `ipv6: { cidrs: … }`.',
    maskSize: 'Write `ipv4: { maskSize: … }` or `ipv6: { maskSize: … }`.',
    blocks: 'They belong to a LoadBalancerIPPool; here it is `ipv4: { cidrs: … }`.',
    'ipv4.cidr': 'Write `cidrs: [ … ]`.',
    'ipv6.cidr': 'Write `cidrs: [ … ]`.',
    'ipv4.blockSize': 'It is called `maskSize`.',
    'ipv6.blockSize': 'It is called `maskSize`.',
  },
  read: readPodPool,
  needs: [
    {
      rule: 'not-multi-pool',
      path: 'ipam.mode',
      isMet: ({ facts }) => facts.ipamMode === 'multi-pool',
      message: ({ facts }) => `The IPAM mode is \`${facts.ipamMode}\`, which ignores pools.`,
      hint: "Set `ipam: { mode: 'multi-pool' }`; a running cluster cannot change its mode.",
      unmet: { ipam: { mode: 'kubernetes' } },
    },
  ],
  selectors: [
    { path: 'podSelector', over: 'labels' },
    { path: 'namespaceSelector', over: 'labels' },
  ],
  families: {
    of: ({ model }) => model.families.map((family) => ({ at: fieldOf(family), family })),
    effect: 'pods get no addresses of this family',
    example: { ...poolOf('10.20.0.0/16'), ipv6: { cidrs: ['fd00::/104'], maskSize: 120 } },
  },
  ranges: {
    of: ({ model }) =>
      model.networks.flatMap(({ at, text, anyCidr }) => (anyCidr === undefined ? [] : [{ at, text, range: anyCidr }])),
    rule: 'service-range',
    subnets: ['service'],
    hint: 'Use addresses that nothing else has.',
    example: poolOf('10.96.0.0/16'),
  },
  rules: POD_POOL_RULES,
});
