import type { Feature } from '../feature';
import { wordList } from '../parts/config-text';

/** L7 load balancing of Services, by request. */
export const l7LoadBalancer: Feature = {
  name: 'l7-load-balancer',
  contribute: ({ v }) => {
    const { backend, ports, algorithm } = v.loadBalancer.l7;
    if (backend !== 'envoy') return {};
    return {
      config: {
        'loadbalancer-l7': 'envoy',
        'loadbalancer-l7-ports': wordList(ports ?? []),
        'loadbalancer-l7-algorithm': algorithm,
      },
    };
  },
};
