import { isTruthy } from '../../helm/truth';
import { addressFamily } from '../../kubernetes/cidr';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { errorOnTalos } from '../values-rule';

/** Network policies for the nodes themselves. */
export const hostFirewall: Feature = {
  name: 'host-firewall',
  contribute: ({ v, has }) => ({
    config: {
      'enable-host-firewall':
        isTruthy(v.hostFirewall.enabled) || has('host-firewall-written-when-off') ? v.hostFirewall.enabled : undefined,
    },
  }),
  rules: [
    {
      id: 'host-firewall/ipsec',
      level: errorOnTalos,
      find: ({ v }) =>
        isTruthy(v.hostFirewall.enabled) &&
        isTruthy(v.encryption.enabled) &&
        v.encryption.type === 'ipsec' &&
        problem(
          ['hostFirewall.enabled', 'encryption.type'],
          'The host firewall does not work with IPsec, and the agent refuses to start with both.',
          'Use WireGuard, or remove the host firewall.',
        ),
      examples: {
        bad: { values: { hostFirewall: { enabled: true }, encryption: { enabled: true, type: 'ipsec' } } },
        good: { values: { hostFirewall: { enabled: true }, encryption: { enabled: true, type: 'wireguard' } } },
      },
    },
    {
      id: 'host-firewall/ipv6',
      level: 'warning',
      find: (ctx) =>
        isTruthy(ctx.v.hostFirewall.enabled) &&
        !isTruthy(ctx.v.ipv6.enabled) &&
        mayUseIPv6(ctx) &&
        problem(
          ['hostFirewall.enabled', 'ipv6.enabled'],
          "With the host firewall on and IPv6 off, Cilium drops every IPv6 packet on the nodes' devices, whatever the policies allow.",
          'Set `ipv6.enabled: true` where nodes use IPv6, as KubeSpan and SideroLink do; acknowledge this where they do not.',
        ),
      docs: 'https://docs.cilium.io/en/stable/security/host-firewall/',
      examples: {
        bad: { values: { hostFirewall: { enabled: true } } },
        good: { values: { hostFirewall: { enabled: true }, ipv6: { enabled: true } } },
      },
    },
  ],
};

/** Whether nodes may use IPv6: KubeSpan does, and an unknown cluster may. */
function mayUseIPv6({ talos }: Context): boolean {
  if (talos === undefined || talos.kubeSpan?.enabled === true) return true;
  return [...talos.podSubnets, ...talos.serviceSubnets].some((range) => addressFamily(range.split('/')[0] ?? '') === 6);
}
