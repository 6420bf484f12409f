import type { Feature } from '../feature';
import { given } from '../../helm/truth';

/** Network policies for the nodes themselves. */
export const hostFirewall: Feature = {
  name: 'host-firewall',
  contribute: ({ v, has }) => ({
    config: {
      'enable-host-firewall': given(v.hostFirewall.enabled) || has('host-firewall-told-when-off') ? v.hostFirewall.enabled : undefined,
    },
  }),
  checks: [
    {
      id: 'host-firewall/ipsec',
      level: 'warning',
      when: ({ v }) => given(v.hostFirewall.enabled) && given(v.encryption.enabled) && v.encryption.type === 'ipsec',
      at: ['hostFirewall.enabled', 'encryption.type'],
      says: 'The host firewall does not work with IPsec, and the agent refuses to start with both.',
      fix: 'Encrypt with WireGuard, or leave the host firewall out.',
      examples: {
        bad: { values: { hostFirewall: { enabled: true }, encryption: { enabled: true, type: 'ipsec' } } },
        good: { values: { hostFirewall: { enabled: true }, encryption: { enabled: true, type: 'wireguard' } } },
      },
    },
  ],
};
