import { given } from '../../helm/truth';
import type { Feature } from '../feature';
import { alwaysText } from '../parts/config-text';

/** Where LoadBalancer Services get their addresses: from pools (LB IPAM) or from nodes (node IPAM). */
export const loadBalancerIpam: Feature = {
  name: 'load-balancer-ipam',
  contribute: ({ v }) => ({
    config: {
      'enable-lb-ipam': v.enableLBIPAM,
      'enable-node-ipam': given(v.nodeIPAM.enabled) ? true : undefined,
      'default-lb-service-ipam': alwaysText(v.defaultLBServiceIPAM),
    },
  }),
};
