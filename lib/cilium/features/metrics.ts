import type { ChartValues } from '../../../imports/cilium-chart/values';
import type { ConfigValue, Feature } from '../feature';
import { isTruthy } from '../../helm/truth';
import { emptyWhenNull, filledList } from '../parts/config-text';
import { hostPort } from '../parts/host-port';

type Config = Readonly<Record<string, ConfigValue>>;

const CERTIFICATES = '/var/lib/cilium/tls/prometheus';

/** Prometheus metrics of agent and operator. */
export const metrics: Feature = {
  name: 'metrics',
  contribute: ({ v }) => ({
    config: {
      'metrics-sampling-interval': emptyWhenNull(v.debug.metricsSamplingInterval),
      ...agentKeys(v),
      ...operatorKeys(v),
    },
    agent: { ports: isTruthy(v.prometheus.enabled) ? [hostPort('prometheus', v.prometheus.port)] : [] },
  }),
};

function agentKeys({ prometheus }: ChartValues): Config {
  if (!isTruthy(prometheus.enabled)) return {};
  return {
    'controller-group-metrics': filledList(prometheus.controllerGroupMetrics),
    metrics: filledList(prometheus.metrics),
    'prometheus-serve-addr': `:${String(prometheus.port ?? '')}`,
  };
}

function operatorKeys({ operator: { prometheus } }: ChartValues): Config {
  if (!isTruthy(prometheus.enabled)) return {};
  const { tls } = prometheus;
  return {
    'enable-metrics': true,
    'operator-prometheus-serve-addr': `:${String(prometheus.port ?? '')}`,
    ...(isTruthy(tls?.enabled)
      ? {
          'operator-prometheus-enable-tls': true,
          'operator-prometheus-tls-cert-file': `${CERTIFICATES}/server.crt`,
          'operator-prometheus-tls-client-ca-files': isTruthy(tls.server?.mtls?.enabled)
            ? `${CERTIFICATES}/client-ca.crt`
            : undefined,
          'operator-prometheus-tls-key-file': `${CERTIFICATES}/server.key`,
        }
      : {}),
  };
}
