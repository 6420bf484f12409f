import type { Feature } from '../feature';
import { isTruthy, whenTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';

/** The node as a gateway between IPv4 and IPv6. */
export const nat46x64: Feature = {
  name: 'nat46x64',
  contribute: ({ v }) => ({ config: { 'enable-nat46x64-gateway': whenTruthy(v.nat46x64Gateway.enabled) } }),
  rules: [
    {
      id: 'nat46x64/mode',
      level: 'warning',
      find: ({ v }) =>
        isTruthy(v.nat46x64Gateway.enabled) &&
        ['dsr', 'hybrid'].includes(String(v.loadBalancer.mode)) &&
        problem(
          ['nat46x64Gateway.enabled', 'loadBalancer.mode'],
          'The NAT46/NAT64 gateway needs load balancer mode snat; the agent refuses to start in others.',
          'Set loadBalancer.mode to snat, or remove the gateway.',
        ),
      examples: {
        bad: { values: { nat46x64Gateway: { enabled: true }, loadBalancer: { mode: 'hybrid' } } },
        good: { values: { nat46x64Gateway: { enabled: true }, loadBalancer: { mode: 'snat' } } },
      },
    },
  ],
};
