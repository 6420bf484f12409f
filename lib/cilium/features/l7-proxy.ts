import type { Feature } from '../feature';
import { given } from '../../helm/truth';

/** Policies and visibility on the level of HTTP, DNS and the like, and the DNS proxy that outlives the agent. */
export const l7Proxy: Feature = {
  name: 'l7-proxy',
  contribute: ({ v }) => ({
    config: {
      'disable-envoy-version-check': v.disableEnvoyVersionCheck,
      'enable-l7-proxy': v.l7Proxy,
      ...(given(v.standaloneDnsProxy?.enabled)
        ? {
            'enable-standalone-dns-proxy': v.standaloneDnsProxy.enabled,
            'standalone-dns-proxy-server-port': v.standaloneDnsProxy.serverPort,
          }
        : {}),
    },
  }),
};
