import { isTruthy } from '../../helm/truth';
import { parseCidr } from '../../kubernetes/cidr';
import { problem } from '../../rules/rule';
import { bgpPairingsOf } from '../../talos/cluster/bgp-model';
import type { TalosBgpProps } from '../../talos/cluster/bgp-props';
import { allow } from '../feature';
import type { Feature } from '../feature';
import { exampleTalos } from '../parts/example-talos';
import { talosRule } from '../parts/talos-rule';

/** An instance that waits for Cilium. */
const TALOS_BGP: TalosBgpProps = {
  fabric: { localASN: 65001, advertise: ['lo'], neighbors: [{ link: 'enp1s0', peerASN: 65000 }] },
  workload: {
    localASN: 4200000002,
    peerASN: 4200000003,
    network: '169.254.179.0/31',
    prefixes: ['203.0.113.0/24', '10.244.0.0/16'],
  },
};

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
      id: 'bgp/router-id-network',
      level: 'warning',
      find: ({
        v: {
          bgpControlPlane: { enabled, routerIDAllocation },
        },
      }) =>
        isTruthy(enabled) &&
        routerIDAllocation.mode === 'ip-pool' &&
        isTruthy(routerIDAllocation.ipPool) &&
        !isIPv4Network(routerIDAllocation.ipPool) &&
        problem(
          'bgpControlPlane.routerIDAllocation.ipPool',
          `'${routerIDAllocation.ipPool}' is not an IPv4 network, and the operator gives no router ids.`,
          'Use an IPv4 network such as 10.255.0.0/24.',
        ),
      examples: {
        bad: {
          values: { bgpControlPlane: { enabled: true, routerIDAllocation: { mode: 'ip-pool', ipPool: '10.0.0.0' } } },
        },
        good: {
          values: {
            bgpControlPlane: { enabled: true, routerIDAllocation: { mode: 'ip-pool', ipPool: '10.255.0.0/24' } },
          },
        },
      },
    },
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
    talosRule({
      id: 'bgp/talos-waits',
      level: 'warning',
      docs: 'https://docs.siderolabs.com/talos/v1.14/networking/bgp/cilium',
      find: ({ v, talos }) =>
        isTruthy(v.bgpControlPlane.enabled)
          ? []
          : bgpPairingsOf(talos).map(({ at }) =>
              problem(
                ['bgpControlPlane.enabled', at],
                "Talos has a BGP instance for Cilium, and Cilium's BGP control plane is off.",
                'Set `bgpControlPlane: { enabled: true }`, or leave `bgp.workload` out of the Talos cluster.',
              ),
            ),
      bad: {},
      good: { bgpControlPlane: { enabled: true } },
      on: exampleTalos({ talosVersion: '1.14', given: { bgp: TALOS_BGP } }),
    }),
  ],
};

function isIPv4Network(text: string): boolean {
  return text.includes('/') && parseCidr(text)?.family === 4;
}
