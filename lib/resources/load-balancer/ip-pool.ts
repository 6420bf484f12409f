import { isTruthy } from '../../helm/truth';
import { ciliumApi } from '../../resource/api';
import { resourceKind } from '../../resource/resource-kind';
import { IP_POOL_RULES } from './ip-pool-rules';
import { blockOf, readPool } from './pool-model';
import type { PoolModel } from './pool-model';
import type { LoadBalancerIPPoolProps } from './props';

const BLOCKS = ['192.168.1.200/29'] as const;

/** Addresses for Services: CiliumLoadBalancerIPPool. */
export const ipPool = resourceKind<LoadBalancerIPPoolProps, PoolModel>({
  api: ciliumApi('CiliumLoadBalancerIPPool'),
  construct: 'LoadBalancerIPPool',
  subject: 'ip-pool',
  docs: 'https://docs.cilium.io/en/stable/network/lb-ipam/',
  example: { props: { blocks: BLOCKS }, values: {} },
  elsewhere: {
    namespace: 'Leave it out: pools are cluster-scoped.',
    cidr: 'Write `blocks: [ … ]`.',
    cidrs: 'Write `blocks: [ … ]`.',
    loadBalancerClass: 'It belongs on the Service: `spec.loadBalancerClass`.',
  },
  body: ({ blocks, ...fields }) => ({
    spec: {
      ...fields,
      blocks: Array.isArray(blocks)
        ? blocks.map((block) => (typeof block === 'string' ? blockOf(block) : block))
        : blocks,
    },
  }),
  read: readPool,
  needs: [
    {
      rule: 'lb-ipam-off',
      path: 'enableLBIPAM',
      isMet: ({ v }) => isTruthy(v.enableLBIPAM ?? true),
      message: 'LB IPAM is off, so Services get no addresses from pools.',
      unmet: { enableLBIPAM: false, defaultLBServiceIPAM: 'none' },
    },
  ],
  selectors: [{ path: 'serviceSelector', over: 'services' }],
  families: {
    of: ({ model }) => model.sound.map(({ at, range: { family } }) => ({ at, family })),
    effect: 'Services get no addresses of this family',
    example: { blocks: [...BLOCKS, '2001:db8::/112'] },
  },
  ranges: {
    of: ({ model }) => model.sound,
    hint: 'Use addresses of the network that the clients are in.',
    example: { blocks: ['10.96.1.0/24'] },
  },
  rules: IP_POOL_RULES,
});
