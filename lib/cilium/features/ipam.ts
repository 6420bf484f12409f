import { isTruthy, defaultTo, whenTruthy } from '../../helm/truth';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { filledList } from '../parts/config-text';
import { durationRules } from '../parts/duration-rules';

/** IPAM: the mode, and how nodes request addresses. The pools are in `pod-ip-pools`. */
export const ipam: Feature = {
  name: 'ipam',
  contribute: (ctx) => {
    const { nodeSpec, operator, multiPoolPreAllocation, ciliumNodeUpdateRate } = ctx.v.ipam;
    return {
      config: {
        ipam: announcedMode(ctx),
        'ipam-min-allocate': nodeSpec?.ipamMinAllocate,
        'ipam-pre-allocate': nodeSpec?.ipamPreAllocate,
        'ipam-max-allocate': nodeSpec?.ipamMaxAllocate,
        'ipam-static-ip-tags': filledList(nodeSpec?.ipamStaticIPTags, ','),
        'ipam-multi-pool-pre-allocation': whenTruthy(multiPoolPreAllocation),
        'ipam-cilium-node-update-rate': whenTruthy(ciliumNodeUpdateRate),
        'limit-ipam-api-burst': whenTruthy(operator.externalAPILimitBurstSize),
        'limit-ipam-api-qps': whenTruthy(operator.externalAPILimitQPS),
      },
    };
  },
  rules: durationRules(['ipam.ciliumNodeUpdateRate']),
};

/** On AKS with BYOCNI only Cilium's pools are possible: any other mode is ignored. */
function announcedMode({ v, facts, has }: Context): string | undefined {
  if (!isTruthy(v.aksbyocni.enabled)) return facts.ipamMode;
  if (!has('aksbyocni-multi-pool')) return 'cluster-pool';
  const mode = defaultTo(v.ipam.mode, 'cluster-pool');
  return mode === 'cluster-pool' || mode === 'multi-pool' ? mode : undefined;
}
