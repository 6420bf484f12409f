import type { Feature } from '../feature';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import { errorOnTalos } from '../values-rule';

/** IPv4, IPv6, or both. */
export const ipFamilies: Feature = {
  name: 'ip-families',
  contribute: ({ v }) => ({
    config: {
      'enable-ipv4': v.ipv4.enabled,
      'enable-ipv6': v.ipv6.enabled,
      'prefer-ipv6': isTruthy(v.preferIpv6) ? true : undefined,
    },
  }),
  rules: [
    {
      id: 'ip-families/none',
      level: errorOnTalos,
      find: ({ v }) =>
        !isTruthy(v.ipv4.enabled) &&
        !isTruthy(v.ipv6.enabled) &&
        problem(
          ['ipv4.enabled', 'ipv6.enabled'],
          'IPv4 and IPv6 are both off, and the agent refuses to start.',
          'Set ipv4.enabled or ipv6.enabled to true.',
        ),
      examples: {
        bad: { values: { ipv4: { enabled: false } } },
        good: { values: { ipv4: { enabled: false }, ipv6: { enabled: true } } },
      },
    },
  ],
};
