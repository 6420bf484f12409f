import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import { allow } from '../feature';
import type { Feature } from '../feature';

/** Routes to pods and Services announced to routers over BGP. */
export const bgp: Feature = {
  name: 'bgp',
  contribute: ({ v: { bgpControlPlane } }) => {
    if (!isTruthy(bgpControlPlane.enabled)) return {};
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
  rules: [
    {
      id: 'bgp/router-id-pool',
      level: 'warning',
      find: ({
        v: {
          bgpControlPlane: { enabled, routerIDAllocation },
        },
      }) =>
        isTruthy(enabled) &&
        (routerIDAllocation.mode === 'ip-pool') !== isTruthy(routerIDAllocation.ipPool) &&
        problem(
          ['bgpControlPlane.routerIDAllocation.mode', 'bgpControlPlane.routerIDAllocation.ipPool'],
          'Router ids come from a pool only in the mode `ip-pool`.',
          'Set both the mode `ip-pool` and a pool of IPv4 addresses, or neither.',
        ),
      examples: {
        bad: { values: { bgpControlPlane: { enabled: true, routerIDAllocation: { mode: 'ip-pool' } } } },
        good: {
          values: {
            bgpControlPlane: { enabled: true, routerIDAllocation: { mode: 'ip-pool', ipPool: '10.255.0.0/24' } },
          },
        },
      },
    },
  ],
};
