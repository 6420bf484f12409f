import type { Feature } from '../feature';

/** Traffic to VXLAN tunnel endpoints outside the cluster, such as a router or a load balancer. */
export const vtep: Feature = {
  name: 'vtep',
  contribute: ({ v }) => ({
    config: {
      'enable-vtep': v.vtep.enabled,
      'vtep-endpoint': v.vtep.endpoint,
      'vtep-cidr': v.vtep.cidr,
      'vtep-mask': v.vtep.mask,
      'vtep-mac': v.vtep.mac,
    },
  }),
};
