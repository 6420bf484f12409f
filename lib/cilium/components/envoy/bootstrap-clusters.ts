import type { JsonObject } from '../../../kubernetes/json';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { seconds, typed } from './bootstrap-parts';
import type { CircuitBreakers, Cluster, Extension, Typed } from './bootstrap-types';
import { AGENT_CLUSTER, configSource, LOCALITY_CLUSTER } from './bootstrap-xds';

/** The cluster of Envoy's admin interface. */
export const ADMIN_CLUSTER = '/envoy-admin';

/** Envoy's admin socket. */
export const ADMIN_SOCKET = '/var/run/cilium/envoy/sockets/admin.sock';
const AGENT_SOCKET = '/var/run/cilium/envoy/sockets/xds.sock';

/** The static clusters of Envoy: the original destination of redirected traffic, the agent, and itself. */
export function clusters(ctx: Context): readonly Cluster[] {
  return [
    trafficCluster(ctx, 'ingress-cluster'),
    trafficCluster(ctx, 'egress-cluster-tls', TLS_WRAPPER),
    trafficCluster(ctx, 'egress-cluster'),
    trafficCluster(ctx, 'ingress-cluster-tls', TLS_WRAPPER),
    agentCluster(ctx),
    ...(isTruthy(ctx.v.envoy.nodeLocality?.enabled) ? [localityCluster(ctx)] : []),
    socketCluster(ctx, ADMIN_CLUSTER, ADMIN_SOCKET),
  ];
}

/** TLS as policies require it, per connection. */
const TLS_WRAPPER: Extension = { name: 'cilium.tls_wrapper', typedConfig: typed('cilium.UpstreamTlsWrapperContext') };

/** Traffic that was redirected to Envoy continues to its original destination. */
function trafficCluster(ctx: Context, name: string, transportSocket?: Extension): Cluster {
  const { connectTimeoutSeconds } = ctx.v.envoy;
  return {
    name,
    type: 'ORIGINAL_DST',
    connectTimeout: seconds(connectTimeoutSeconds),
    circuitBreakers: circuitBreakers(ctx),
    lbPolicy: 'CLUSTER_PROVIDED',
    cleanupInterval: seconds(connectTimeoutSeconds, '500'),
    typedExtensionProtocolOptions: httpOptions({
      commonHttpProtocolOptions: commonHttpOptions(ctx),
      useDownstreamProtocolConfig: {},
      ...(transportSocket !== undefined && { upstreamHttpProtocolOptions: {} }),
    }),
    ...(transportSocket !== undefined && { transportSocket }),
  };
}

function commonHttpOptions({ v: { envoy } }: Context): JsonObject {
  return {
    idleTimeout: seconds(envoy.idleTimeoutDurationSeconds),
    maxConnectionDuration: seconds(envoy.maxConnectionDurationSeconds),
    maxRequestsPerConnection: envoy.maxRequestsPerConnection,
  };
}

function circuitBreakers({ v: { envoy }, has }: Context): CircuitBreakers {
  const limits = { maxConnections: envoy.clusterMaxConnections, maxRequests: envoy.clusterMaxRequests };
  return { thresholds: [{ maxRetries: envoy.maxConcurrentRetries, ...(has('envoy-cluster-limits') && limits) }] };
}

/** The agent, over HTTP/2, on its socket. */
function agentCluster(ctx: Context): Cluster {
  return {
    ...socketCluster(ctx, AGENT_CLUSTER, AGENT_SOCKET),
    circuitBreakers: ctx.has('envoy-agent-cluster-limits') ? circuitBreakers(ctx) : undefined,
    typedExtensionProtocolOptions: httpOptions({ explicitHttpConfig: { http2ProtocolOptions: {} } }),
  };
}

/** Envoys of the same zone: lets Envoy prefer nearby upstreams. */
function localityCluster(ctx: Context): Cluster {
  return {
    name: LOCALITY_CLUSTER,
    type: 'EDS',
    connectTimeout: seconds(ctx.v.envoy.connectTimeoutSeconds),
    edsClusterConfig: { edsConfig: configSource(ctx), serviceName: LOCALITY_CLUSTER },
    lbPolicy: 'ROUND_ROBIN',
  };
}

function socketCluster({ v }: Context, name: string, path: string): Cluster {
  const endpoint = { address: { pipe: { path } } };
  return {
    name,
    type: 'STATIC',
    connectTimeout: seconds(v.envoy.connectTimeoutSeconds),
    loadAssignment: { clusterName: name, endpoints: [{ lbEndpoints: [{ endpoint }] }] },
  };
}

function httpOptions(fields: JsonObject): Readonly<Record<string, Typed>> {
  const message = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  return { [message]: typed(message, fields) };
}
