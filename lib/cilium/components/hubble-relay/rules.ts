import { isTruthy } from '../../../helm/truth';
import { problem } from '../../../rules/rule';
import { monitoringApiRule } from '../../parts/monitoring-api';
import { neededAccount, neededValues } from '../../parts/needed-values';
import { selectorLabelRule } from '../../parts/selector-label';
import type { ValuesRule } from '../../values-rule';

const DOCS = 'https://docs.cilium.io/en/stable/observability/hubble/setup/';

const needsHubble: ValuesRule = {
  id: 'hubble-relay/needs-hubble',
  level: 'error',
  find: ({ v: { hubble } }) =>
    isTruthy(hubble.relay.enabled) &&
    !isTruthy(hubble.enabled) &&
    problem(
      ['hubble.relay.enabled', 'hubble.enabled'],
      'Hubble Relay reads flows from the agents, but Hubble is off in them.',
      'Set hubble.enabled, or disable the relay.',
    ),
  docs: DOCS,
  chart: 'validate.yaml',
  examples: {
    bad: { values: { hubble: { enabled: false, relay: { enabled: true } } } },
    good: { values: { hubble: { enabled: true, relay: { enabled: true } } } },
  },
};

const noPort: ValuesRule = {
  id: 'hubble-relay/listen-port',
  level: 'error',
  find: (ctx) =>
    isTruthy(ctx.v.hubble.enabled) &&
    isTruthy(ctx.v.hubble.relay.enabled) &&
    !isPort(ctx.v.hubble.relay.listenPort) &&
    problem(
      'hubble.relay.listenPort',
      `'${ctx.v.hubble.relay.listenPort ?? ''}' is not a valid port.`,
      "Remove it, or use a number from 1 to 65535 in quotes, such as '4245'.",
    ),
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { relay: { enabled: true, listenPort: 'grpc' } } } },
    good: { values: { hubble: { relay: { enabled: true, listenPort: '5245' } } } },
  },
};

const agentsDoNotListen: ValuesRule = {
  id: 'hubble-relay/agents-do-not-listen',
  level: 'warning',
  find: ({ v: { hubble } }) =>
    isTruthy(hubble.enabled) &&
    isTruthy(hubble.relay.enabled) &&
    !isTruthy(hubble.listenAddress) &&
    problem(
      ['hubble.listenAddress', 'hubble.relay.enabled'],
      'The relay connects to agents over the network, but they serve Hubble on their socket only.',
      "Remove hubble.listenAddress for its default, ':4244'.",
    ),
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { listenAddress: '', relay: { enabled: true } } } },
    good: { values: { hubble: { relay: { enabled: true } } } },
  },
};

const monitorWithoutMetrics: ValuesRule = {
  id: 'hubble-relay/service-monitor-without-metrics',
  level: 'warning',
  find: ({ v: { hubble } }) => {
    const { enabled, prometheus } = hubble.relay;
    return (
      isTruthy(hubble.enabled) &&
      isTruthy(enabled) &&
      isTruthy(prometheus.serviceMonitor.enabled) &&
      !isTruthy(prometheus.enabled) &&
      problem(
        ['hubble.relay.prometheus.serviceMonitor.enabled', 'hubble.relay.prometheus.enabled'],
        'The relay serves no metrics, so its ServiceMonitor is not rendered.',
        'Set hubble.relay.prometheus.enabled.',
      )
    );
  },
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { relay: { enabled: true, prometheus: { serviceMonitor: { enabled: true } } } } } },
    good: { values: { hubble: { relay: { enabled: true, prometheus: { enabled: true } } } } },
  },
};

const clientsWithoutTls: ValuesRule = {
  id: 'hubble-relay/mtls-without-tls',
  level: 'warning',
  find: ({ v: { hubble } }) => {
    const { enabled, tls } = hubble.relay;
    if (!isTruthy(hubble.enabled) || !isTruthy(enabled)) return false;
    return (
      isTruthy(tls.server.mtls) &&
      (!isTruthy(tls.server.enabled) || !isTruthy(hubble.tls.enabled)) &&
      problem(
        ['hubble.relay.tls.server.mtls', 'hubble.relay.tls.server.enabled'],
        'Relay mTLS requires client certificates, but the relay serves without TLS.',
        'Set hubble.relay.tls.server.enabled and hubble.tls.enabled.',
      )
    );
  },
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { relay: { enabled: true, tls: { server: { mtls: true } } } } } },
    good: { values: { hubble: { relay: { enabled: true, tls: { server: { enabled: true, mtls: true } } } } } },
  },
};

const serverWithoutTls: ValuesRule = {
  id: 'hubble-relay/server-without-certificates',
  level: 'warning',
  find: ({ v: { hubble } }) =>
    isTruthy(hubble.enabled) &&
    isTruthy(hubble.relay.enabled) &&
    isTruthy(hubble.relay.tls.server.enabled) &&
    !isTruthy(hubble.tls.enabled) &&
    problem(
      ['hubble.relay.tls.server.enabled', 'hubble.tls.enabled'],
      'With hubble.tls.enabled off the relay serves without TLS, but its Service uses the TLS port and Hubble UI connects with TLS.',
      'Set hubble.tls.enabled, or disable hubble.relay.tls.server.enabled.',
    ),
  docs: DOCS,
  examples: {
    bad: {
      values: { hubble: { tls: { enabled: false }, relay: { enabled: true, tls: { server: { enabled: true } } } } },
    },
    good: { values: { hubble: { relay: { enabled: true, tls: { server: { enabled: true } } } } } },
  },
};

/** Rules about the relay. */
export const HUBBLE_RELAY_RULES: readonly ValuesRule[] = [
  needsHubble,
  monitoringApiRule({
    component: 'hubble-relay',
    path: 'hubble.relay.prometheus',
    enabled: ({ v }) =>
      isTruthy(v.hubble.relay.prometheus.enabled) && isTruthy(v.hubble.relay.prometheus.serviceMonitor.enabled),
    example: { hubble: { relay: { enabled: true, prometheus: { enabled: true, serviceMonitor: { enabled: true } } } } },
  }),
  selectorLabelRule({
    component: 'hubble-relay',
    label: 'hubble-relay',
    path: 'hubble.relay.podLabels',
    podLabels: ({ v }) => v.hubble.relay.podLabels,
    enabled: ({ v }) => isTruthy(v.hubble.enabled) && isTruthy(v.hubble.relay.enabled),
    on: { hubble: { relay: { enabled: true } } },
  }),
  ...neededValues([
    {
      path: 'hubble.relay.prometheus.port',
      value: ({ v }) => v.hubble.relay.prometheus.port,
      when: ({ v: { hubble } }) =>
        isTruthy(hubble.enabled) && isTruthy(hubble.relay.enabled) && isTruthy(hubble.relay.prometheus.enabled),
      on: { hubble: { relay: { enabled: true, prometheus: { enabled: true } } } },
      good: 9966,
    },
    neededAccount('relay', ({ v }) => isTruthy(v.hubble.enabled) && isTruthy(v.hubble.relay.enabled), {
      on: { hubble: { relay: { enabled: true } } },
      good: 'hubble-relay',
    }),
  ]),
  noPort,
  agentsDoNotListen,
  monitorWithoutMetrics,
  clientsWithoutTls,
  serverWithoutTls,
];

function isPort(text: string | null | undefined): boolean {
  return /^[1-9]\d{0,4}$/.test(text ?? '') && Number(text) <= 65535;
}
