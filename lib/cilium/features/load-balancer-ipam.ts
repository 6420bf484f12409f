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
  checks: [
    {
      id: 'load-balancer-ipam/default-is-off',
      level: 'warning',
      when: ({ v }) =>
        (v.defaultLBServiceIPAM === 'nodeipam' && !given(v.nodeIPAM.enabled)) ||
        (v.defaultLBServiceIPAM === 'lbipam' && !given(v.enableLBIPAM)),
      at: ['defaultLBServiceIPAM', 'nodeIPAM.enabled', 'enableLBIPAM'],
      says: ({ v }) =>
        `LoadBalancer Services get their addresses by ${String(v.defaultLBServiceIPAM)} unless they say otherwise, and that is switched off.`,
      fix: 'Switch nodeIPAM.enabled or enableLBIPAM on to match, or set defaultLBServiceIPAM to `none`.',
      docs: 'https://docs.cilium.io/en/stable/network/node-ipam/',
      examples: {
        bad: { values: { defaultLBServiceIPAM: 'nodeipam' } },
        good: { values: { defaultLBServiceIPAM: 'nodeipam', nodeIPAM: { enabled: true } } },
      },
    },
  ],
};
