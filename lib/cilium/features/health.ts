import type { Feature } from '../feature';
import { isTruthy, whenTruthy } from '../../helm/truth';
import { alwaysText, emptyWhenNull } from '../parts/config-text';

const USUAL_HEALTH_PORT = 9879;

/** The agent's health API, and connectivity probes of nodes and pods. */
export const health: Feature = {
  name: 'health',
  contribute: ({ v, facts: { chainingMode } }) => ({
    config: {
      'agent-health-port': v.healthPort === USUAL_HEALTH_PORT ? undefined : alwaysText(v.healthPort),
      'cluster-health-port': emptyWhenNull(v.clusterHealthPort),
      // The health endpoint is like a pod, for which a chained plugin sets up no network.
      'enable-endpoint-health-checking':
        isTruthy(v.endpointHealthChecking.enabled) && ['none', 'portmap'].includes(chainingMode),
      'enable-health-checking': v.healthChecking,
      'health-check-icmp-failure-threshold': whenTruthy(v.healthCheckICMPFailureThreshold),
    },
  }),
};
