import type { Feature } from '../feature';
import { given } from '../../helm/truth';

/** IPv4, IPv6, or both. */
export const ipFamilies: Feature = {
  name: 'ip-families',
  contribute: ({ v }) => ({
    config: {
      'enable-ipv4': v.ipv4.enabled,
      'enable-ipv6': v.ipv6.enabled,
      'prefer-ipv6': given(v.preferIpv6) ? true : undefined,
    },
  }),
};
