import { given } from '../../helm/truth';
import { allow } from '../feature';
import type { Feature } from '../feature';

/** Routes to pods and Services announced to routers over BGP. */
export const bgp: Feature = {
  name: 'bgp',
  contribute: ({ v: { bgpControlPlane } }) => {
    if (!given(bgpControlPlane.enabled)) return {};
    return {
      config: {
        'enable-bgp-control-plane': true,
        'bgp-secrets-namespace': bgpControlPlane.secretsNamespace.name,
        'enable-bgp-control-plane-status-report': bgpControlPlane.statusReport.enabled,
        'bgp-router-id-allocation-mode': bgpControlPlane.routerIDAllocation.mode,
        'bgp-router-id-allocation-ip-pool': bgpControlPlane.routerIDAllocation.ipPool,
        'enable-bgp-legacy-origin-attribute': bgpControlPlane.legacyOriginAttribute?.enabled,
      },
      permissions: { operator: [allow('get list watch', '', 'secrets')] },
    };
  },
};
