import { printNumber } from '../../../helm/numbers';
import { isSet } from '../../../helm/truth';
import type { KubernetesObject } from '../../../kubernetes/types';
import type { Context } from '../../context';
import { joined, namespaced } from '../../parts/metadata';

/** The ConfigMap of the proxy. */
export const CONFIG_MAP = 'standalone-dns-proxy-config';

/** The proxy's configuration: where both have a setting, the agent's. */
export function configData({ v }: Context): Readonly<Record<string, string>> {
  const { standaloneDnsProxy: own, dnsProxy } = v;
  const data: Readonly<Record<string, string | number | boolean | null | undefined>> = {
    debug: own?.debug,
    'enable-ipv4': v.ipv4.enabled,
    'enable-ipv6': v.ipv6.enabled,
    'enable-l7-proxy': v.l7Proxy,
    'enable-standalone-dns-proxy': own?.enabled,
    'standalone-dns-proxy-server-port': own?.serverPort,
    'tofqdns-enable-dns-compression': dnsProxy.enableDnsCompression,
    'tofqdns-proxy-port': dnsProxy.proxyPort,
  };
  return Object.fromEntries(
    Object.entries(data).flatMap(([key, value]) =>
      isSet(value) ? [[key, typeof value === 'number' ? printNumber(value) : String(value)]] : [],
    ),
  );
}

/** The configuration of the proxy. */
export function configMap(ctx: Context): KubernetesObject {
  const { commonLabels, standaloneDnsProxy } = ctx.v;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: namespaced(ctx, CONFIG_MAP, {
      labels: joined(commonLabels),
      annotations: standaloneDnsProxy?.annotations,
    }),
    data: configData(ctx),
  };
}
