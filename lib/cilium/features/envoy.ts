import { isTruthy, whenTruthy } from '../../helm/truth';
import type { Context } from '../context';
import type { ConfigValue, Feature, PodContribution } from '../feature';
import { envoyFolder } from '../parts/envoy-files';
import { hostPort } from '../parts/host-port';

/** The agent's settings of Envoy, the L7 proxy: limits, timeouts, log, and whether it runs as a DaemonSet. */
export const envoy: Feature = {
  name: 'envoy',
  contribute: (ctx) => ({
    config: { ...limits(ctx), ...process(ctx), ...embedded(ctx) },
    agent: ctx.facts.envoyDaemonSet ? sharedSockets(ctx) : { ports: embeddedPorts(ctx) },
  }),
};

type Config = Readonly<Record<string, ConfigValue>>;

/** Timeouts and limits of proxied traffic. */
function limits({ v: { envoy: values }, has }: Context): Config {
  return {
    'proxy-xff-num-trusted-hops-ingress': values.xffNumTrustedHopsL7PolicyIngress,
    'proxy-xff-num-trusted-hops-egress': values.xffNumTrustedHopsL7PolicyEgress,
    'proxy-connect-timeout': values.connectTimeoutSeconds,
    'proxy-initial-fetch-timeout': values.initialFetchTimeoutSeconds,
    'proxy-max-active-downstream-connections': values.maxGlobalDownstreamConnections,
    'proxy-max-requests-per-connection': values.maxRequestsPerConnection,
    'proxy-max-connection-duration-seconds': values.maxConnectionDurationSeconds,
    'proxy-idle-timeout-seconds': values.idleTimeoutDurationSeconds,
    'proxy-max-concurrent-retries': values.maxConcurrentRetries,
    'proxy-use-original-source-address': values.useOriginalSourceAddress,
    'proxy-cluster-max-connections': values.clusterMaxConnections,
    'proxy-cluster-max-pending-requests': values.clusterMaxPendingRequests,
    'proxy-cluster-max-requests': values.clusterMaxRequests,
    'http-retry-count': values.httpRetryCount,
    'http-stream-idle-timeout': has('http-stream-idle-timeout') ? values.streamIdleTimeoutDurationSeconds : undefined,
    'envoy-http-upstream-linger-timeout': whenTruthy(values.httpUpstreamLingerTimeout),
    'envoy-policy-restore-timeout': whenTruthy(values.policyRestoreTimeoutDuration),
  };
}

/** Envoy as a process: where it runs, how it gets its configuration, log and capabilities. */
function process({ v, facts }: Context): Config {
  const { envoy: values } = v;
  return {
    'external-envoy-proxy': facts.envoyDaemonSet,
    'envoy-base-id': values.baseID,
    'envoy-xds-mode': whenTruthy(facts.envoyXdsMode),
    'envoy-node-locality-enabled': values.nodeLocality?.enabled,
    'envoy-keep-cap-netbindservice': values.securityContext.capabilities.keepCapNetBindService,
    'envoy-log': whenTruthy(values.log.path),
    'envoy-default-log-level': whenTruthy(values.log.defaultLevel),
    'envoy-access-log-enabled': values.log.accessLogEnabled,
    'envoy-access-log-buffer-size': whenTruthy(values.log.accessLogBufferSize),
  };
}

/** Ports of an Envoy inside the agent. */
function embedded({ v: { envoy: values }, facts }: Context): Config {
  if (facts.envoyDaemonSet) return {};
  const { admin } = values.debug;
  return {
    'proxy-prometheus-port': isTruthy(values.prometheus.enabled) ? values.prometheus.port : undefined,
    'proxy-admin-port': isTruthy(admin.enabled) ? whenTruthy(admin.port) : undefined,
  };
}

/** The directory of the sockets between agent and Envoy pod. */
function sharedSockets(ctx: Context): PodContribution {
  const { volume, mount } = envoyFolder(ctx, 'sockets');
  return { volumes: [volume], mounts: [mount] };
}

/** Only with metrics of the agent itself, as in the chart. */
function embeddedPorts({ v: { prometheus, envoy: values } }: Context): PodContribution['ports'] {
  if (!isTruthy(prometheus.enabled)) return [];
  const { admin } = values.debug;
  return [
    ...(isTruthy(values.prometheus.enabled) ? [hostPort('envoy-metrics', values.prometheus.port)] : []),
    ...(isTruthy(admin.enabled) && isTruthy(admin.port) ? [hostPort('envoy-admin', admin.port)] : []),
  ];
}
