import type { Json, JsonObject } from '../../../kubernetes/json';
import { isTruthy, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { ADMIN_CLUSTER } from './bootstrap-clusters';
import { seconds, typed } from './bootstrap-parts';
import type { Address, Extension, Listener } from './bootstrap-types';

/** The static listeners of Envoy. All route to its admin socket; those for traffic come from the agent. */
export function listeners(ctx: Context): readonly Listener[] {
  const { envoy } = ctx.v;
  const { prometheus, debug, healthPort } = envoy;
  return [
    ...(isTruthy(prometheus.enabled) ? [metricsListener(ctx, Number(prometheus.port))] : []),
    ...(isTruthy(debug.admin.enabled) ? [adminListener(ctx, debug.admin.port)] : []),
    healthListener(ctx, healthPort),
  ];
}

/** One path of Envoy's admin interface, and its path on the admin socket. */
interface Page {
  readonly listener: string;
  /** The name of the virtual host and of its only route. */
  readonly route: string;
  readonly path: string;
  readonly adminPath: string;
  /** The chart spells this field of the connection manager in two ways; Envoy accepts both. */
  readonly hosts: 'virtualHosts' | 'virtual_hosts';
}

function metricsListener(ctx: Context, port: number): Listener {
  const page = {
    route: 'prometheus_metrics_route',
    path: '/metrics',
    adminPath: '/stats/prometheus',
    hosts: 'virtualHosts',
  } as const;
  return pageListener(ctx, { listener: 'envoy-prometheus-metrics-listener', ...page }, onAllAddresses(ctx, port));
}

function adminListener(ctx: Context, port: number | undefined): Listener {
  const page = { route: 'admin_route', path: '/', adminPath: '/', hosts: 'virtual_hosts' } as const;
  return pageListener(ctx, { listener: 'envoy-admin-listener', ...page }, onLoopback(ctx, port));
}

function healthListener(ctx: Context, port: number | undefined): Listener {
  const page = { route: 'health', path: '/healthz', adminPath: '/ready', hosts: 'virtual_hosts' } as const;
  return pageListener(ctx, { listener: 'envoy-health-listener', ...page }, onLoopback(ctx, port));
}

function pageListener(
  ctx: Context,
  page: Page,
  addresses: Pick<Listener, 'address' | 'additionalAddresses'>,
): Listener {
  return { name: page.listener, ...addresses, filterChains: [{ filters: [connectionManager(ctx, page)] }] };
}

function connectionManager(ctx: Context, { listener, route, path, adminPath, hosts }: Page): Extension {
  const routes = [
    { name: route, match: { prefix: path }, route: { cluster: ADMIN_CLUSTER, prefixRewrite: adminPath } },
  ];
  return {
    name: 'envoy.filters.network.http_connection_manager',
    typedConfig: typed('envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
      statPrefix: listener,
      routeConfig: { [hosts]: [{ name: route, domains: ['*'], routes }] },
      httpFilters: [
        { name: 'envoy.filters.http.router', typedConfig: typed('envoy.extensions.filters.http.router.v3.Router') },
      ],
      internalAddressConfig: { cidrRanges: whenTruthy(internalRanges(ctx)) },
      streamIdleTimeout: seconds(ctx.v.envoy.streamIdleTimeoutDurationSeconds),
    }),
  };
}

/** Addresses that count as internal: the private and loopback ranges of the enabled families. */
function internalRanges({ v }: Context): Json {
  const range = (addressPrefix: string, prefixLen: number): JsonObject => ({ addressPrefix, prefixLen });
  return [
    ...(isTruthy(v.ipv4.enabled)
      ? [range('10.0.0.0', 8), range('172.16.0.0', 12), range('192.168.0.0', 16), range('127.0.0.1', 32)]
      : []),
    ...(isTruthy(v.ipv6.enabled) ? [range('::1', 128)] : []),
  ];
}

function onAllAddresses(ctx: Context, port: number): Pick<Listener, 'address' | 'additionalAddresses'> {
  return onAddresses(ctx, '0.0.0.0', '::', port);
}

function onLoopback(ctx: Context, port: number | undefined): Pick<Listener, 'address' | 'additionalAddresses'> {
  return onAddresses(ctx, '127.0.0.1', '::1', port);
}

function onAddresses(
  { v }: Context,
  v4: string,
  v6: string,
  portValue: number | undefined,
): Pick<Listener, 'address' | 'additionalAddresses'> {
  const at = (address: string): Address => ({ socketAddress: { address, portValue } });
  const both = isTruthy(v.ipv4.enabled) && isTruthy(v.ipv6.enabled);
  return {
    address: at(isTruthy(v.ipv4.enabled) ? v4 : v6),
    additionalAddresses: both ? [{ address: at(v6) }] : undefined,
  };
}
