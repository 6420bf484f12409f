import type { Feature } from '../feature';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';

/** Its image is not released with the chart, so the user sets it. */
const DNS_PROXY = { enabled: true, image: { repository: 'registry.example/standalone-dns-proxy', tag: 'v1' } } as const;

/** L7 policies and visibility, and the standalone DNS proxy. */
export const l7Proxy: Feature = {
  name: 'l7-proxy',
  contribute: ({ v }) => ({
    config: {
      'disable-envoy-version-check': v.disableEnvoyVersionCheck,
      'enable-l7-proxy': v.l7Proxy,
      ...(isTruthy(v.standaloneDnsProxy?.enabled)
        ? {
            'enable-standalone-dns-proxy': v.standaloneDnsProxy.enabled,
            'standalone-dns-proxy-server-port': v.standaloneDnsProxy.serverPort,
          }
        : {}),
    },
  }),
  rules: [
    {
      id: 'l7-proxy/standalone-dns-port',
      level: 'error',
      find: ({ v }) =>
        isTruthy(v.standaloneDnsProxy?.enabled) &&
        Math.trunc(Number(v.dnsProxy.proxyPort ?? 0)) === 0 &&
        problem(
          ['dnsProxy.proxyPort', 'standaloneDnsProxy.enabled'],
          "The standalone DNS proxy uses the port of the agent's DNS proxy, but the agent picks a free one at each start.",
          'Set dnsProxy.proxyPort to a fixed port, such as 10094.',
        ),
      chart: 'validate.yaml',
      examples: {
        bad: { version: '1.19.6', values: { standaloneDnsProxy: DNS_PROXY } },
        good: { version: '1.19.6', values: { standaloneDnsProxy: DNS_PROXY, dnsProxy: { proxyPort: 10094 } } },
      },
    },
  ],
};
