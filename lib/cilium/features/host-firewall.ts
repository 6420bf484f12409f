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
};
