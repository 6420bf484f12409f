import { isTruthy } from '../../../helm/truth';
import type { Check } from '../../check';
import { monitoringApiCheck } from '../../parts/monitoring-api';
import { neededAccount, neededValues } from '../../parts/needed-values';
import { selectorLabelCheck } from '../../parts/selector-label';

const DOCS = 'https://docs.cilium.io/en/stable/observability/hubble/setup/';

const needsHubble: Check = {
  id: 'hubble-relay/needs-hubble',
  level: 'error',
  when: ({ v: { hubble } }) => isTruthy(hubble.relay.enabled) && !isTruthy(hubble.enabled),
  paths: ['hubble.relay.enabled', 'hubble.enabled'],
  message: 'The relay asks the agents for flows, but Hubble is off in them.',
  hint: 'Set hubble.enabled, or leave the relay off.',
  docs: DOCS,
  chart: 'validate.yaml',
  examples: {
    bad: { values: { hubble: { enabled: false, relay: { enabled: true } } } },
    good: { values: { hubble: { enabled: true, relay: { enabled: true } } } },
  },
};

const noPort: Check = {
  id: 'hubble-relay/listen-port',
  level: 'error',
  when: ({ v: { hubble } }) =>
    isTruthy(hubble.enabled) && isTruthy(hubble.relay.enabled) && !isPort(hubble.relay.listenPort),
  paths: ['hubble.relay.listenPort'],
  message: ({ v }) => `'${v.hubble.relay.listenPort ?? ''}' is no port.`,
  hint: "Leave it out, or write a number from 1 to 65535 between quotes, such as '4245'.",
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { relay: { enabled: true, listenPort: 'grpc' } } } },
    good: { values: { hubble: { relay: { enabled: true, listenPort: '5245' } } } },
  },
};

const agentsDoNotListen: Check = {
  id: 'hubble-relay/agents-do-not-listen',
  level: 'warning',
  when: ({ v: { hubble } }) =>
    isTruthy(hubble.enabled) && isTruthy(hubble.relay.enabled) && !isTruthy(hubble.listenAddress),
  paths: ['hubble.listenAddress', 'hubble.relay.enabled'],
  message: 'The relay reaches agents over the network, but they serve Hubble on their socket only.',
  hint: "Leave hubble.listenAddress out, which is ':4244'.",
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { listenAddress: '', relay: { enabled: true } } } },
    good: { values: { hubble: { relay: { enabled: true } } } },
  },
};

const monitorWithoutMetrics: Check = {
  id: 'hubble-relay/service-monitor-without-metrics',
  level: 'warning',
  when: ({ v: { hubble } }) => {
    const { enabled, prometheus } = hubble.relay;
    return (
      isTruthy(hubble.enabled) &&
      isTruthy(enabled) &&
      isTruthy(prometheus.serviceMonitor.enabled) &&
      !isTruthy(prometheus.enabled)
    );
  },
  paths: ['hubble.relay.prometheus.serviceMonitor.enabled', 'hubble.relay.prometheus.enabled'],
  message: 'The relay serves no metrics, so that its ServiceMonitor is not made.',
  hint: 'Set hubble.relay.prometheus.enabled.',
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { relay: { enabled: true, prometheus: { serviceMonitor: { enabled: true } } } } } },
    good: { values: { hubble: { relay: { enabled: true, prometheus: { enabled: true } } } } },
  },
};

const clientsWithoutTls: Check = {
  id: 'hubble-relay/mtls-without-tls',
  level: 'warning',
  when: ({ v: { hubble } }) => {
    const { enabled, tls } = hubble.relay;
    if (!isTruthy(hubble.enabled) || !isTruthy(enabled)) return false;
    return isTruthy(tls.server.mtls) && (!isTruthy(tls.server.enabled) || !isTruthy(hubble.tls.enabled));
  },
  paths: ['hubble.relay.tls.server.mtls', 'hubble.relay.tls.server.enabled'],
  message: 'Clients of the relay are to show a certificate, but the relay is served without TLS.',
  hint: 'Set hubble.relay.tls.server.enabled and hubble.tls.enabled.',
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { relay: { enabled: true, tls: { server: { mtls: true } } } } } },
    good: { values: { hubble: { relay: { enabled: true, tls: { server: { enabled: true, mtls: true } } } } } },
  },
};

const serverWithoutTls: Check = {
  id: 'hubble-relay/server-without-certificates',
  level: 'warning',
  when: ({ v: { hubble } }) =>
    isTruthy(hubble.enabled) &&
    isTruthy(hubble.relay.enabled) &&
    isTruthy(hubble.relay.tls.server.enabled) &&
    !isTruthy(hubble.tls.enabled),
  paths: ['hubble.relay.tls.server.enabled', 'hubble.tls.enabled'],
  message:
    "With hubble.tls.enabled off the relay serves without TLS, but its Service has TLS's port and the user interface speaks TLS to it.",
  hint: 'Set hubble.tls.enabled, or leave hubble.relay.tls.server.enabled off.',
  docs: DOCS,
  examples: {
    bad: {
      values: { hubble: { tls: { enabled: false }, relay: { enabled: true, tls: { server: { enabled: true } } } } },
    },
    good: { values: { hubble: { relay: { enabled: true, tls: { server: { enabled: true } } } } } },
  },
};

/** What the relay needs to be of use. */
export const hubbleRelayChecks: readonly Check[] = [
  needsHubble,
  monitoringApiCheck({
    component: 'hubble-relay',
    path: 'hubble.relay.prometheus',
    enabled: ({ v }) =>
      isTruthy(v.hubble.relay.prometheus.enabled) && isTruthy(v.hubble.relay.prometheus.serviceMonitor.enabled),
    example: { hubble: { relay: { enabled: true, prometheus: { enabled: true, serviceMonitor: { enabled: true } } } } },
  }),
  selectorLabelCheck({
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
