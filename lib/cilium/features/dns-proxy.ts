import { isTruthy, whenTruthy } from '../../helm/truth';
import type { Context } from '../context';
import type { Feature } from '../feature';

/** The DNS proxy, for policies by DNS name. */
export const dnsProxy: Feature = {
  name: 'dns-proxy',
  contribute: (ctx) => ({
    config: {
      'dns-policy-unload-on-shutdown': ctx.v.dnsPolicyUnloadOnShutdown,
      ...proxy(ctx),
    },
  }),
};

function proxy(ctx: Context): Readonly<Record<string, string | number | boolean | undefined>> {
  const values = ctx.v.dnsProxy;
  if (!isTruthy(values)) return {};
  return {
    'dnsproxy-enable-transparent-mode': transparentMode(ctx),
    'dnsproxy-socket-linger-timeout': values.socketLingerTimeout,
    'tofqdns-dns-reject-response-code': whenTruthy(values.dnsRejectResponseCode),
    'tofqdns-enable-dns-compression': values.enableDnsCompression,
    'tofqdns-endpoint-max-ip-per-hostname': whenTruthy(values.endpointMaxIpPerHostname),
    'tofqdns-idle-connection-grace-period': whenTruthy(values.idleConnectionGracePeriod),
    'tofqdns-max-deferred-connection-deletes': whenTruthy(values.maxDeferredConnectionDeletes),
    'tofqdns-min-ttl': whenTruthy(values.minTtl),
    'tofqdns-pre-cache': whenTruthy(values.preCache),
    'tofqdns-proxy-port': whenTruthy(values.proxyPort),
    'tofqdns-proxy-response-max-delay': whenTruthy(values.proxyResponseMaxDelay),
    'tofqdns-preallocate-identities': values.preAllocateIdentities,
  };
}

/** On by default without CNI chaining, for clusters of 1.12 and newer. */
function transparentMode({ v, facts }: Context): boolean | undefined {
  if (v.dnsProxy.enableTransparentMode !== undefined) return v.dnsProxy.enableTransparentMode;
  return facts.chainingMode === 'none' ? facts.compat('1.12') : undefined;
}
