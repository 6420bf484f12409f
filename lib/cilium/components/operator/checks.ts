import { isTruthy } from '../../../helm/truth';
import type { Check } from '../../check';
import { monitoringApiCheck } from '../../parts/monitoring-api';
import { neededAccount, neededValues } from '../../parts/needed-values';
import { servesMetricsOverTls } from './container';
import { wantsServiceMonitor } from './service-monitor';

/** Modes in which the operator hands pod ranges or addresses to the nodes. */
const POOLED: readonly string[] = ['cluster-pool', 'multi-pool', 'eni', 'azure', 'alibabacloud'];

/** What is wrong with the operator's own settings. */
export const OPERATOR_CHECKS: readonly Check[] = [
  monitoringApiCheck({
    component: 'operator',
    path: 'operator.prometheus',
    enabled: wantsServiceMonitor,
    example: { operator: { prometheus: { enabled: true, serviceMonitor: { enabled: true } } } },
  }),
  ...neededValues([
    neededAccount('operator', ({ v }) => isTruthy(v.operator.enabled), { good: 'cilium-operator' }),
    {
      path: 'operator.prometheus.port',
      value: ({ v }) => v.operator.prometheus.port,
      when: ({ v }) => isTruthy(v.operator.enabled) && isTruthy(v.operator.prometheus.enabled),
      good: 9963,
    },
  ]),
  {
    id: 'operator/off',
    level: 'warning',
    when: ({ v, facts }) => isTruthy(v.agent) && !isTruthy(v.operator.enabled) && !facts.preflight,
    paths: ['operator.enabled'],
    message: ({ facts }) =>
      `Nothing defines the custom resources that every agent waits for, and nothing ${POOLED.includes(facts.ipamMode) ? 'hands out pod ranges or ' : ''}clears away what is gone: on a new cluster agents give up and start over.`,
    hint: 'Leave operator.enabled out, unless an operator of the same release comes from elsewhere.',
    docs: 'https://docs.cilium.io/en/stable/internals/cilium_operator/',
    examples: {
      bad: { values: { operator: { enabled: false } } },
      good: { values: { agent: false, operator: { enabled: false } } },
    },
  },
  {
    id: 'operator/metrics-certificate',
    level: 'warning',
    when: (ctx) =>
      isTruthy(ctx.v.operator.enabled) &&
      servesMetricsOverTls(ctx) &&
      !isTruthy(ctx.v.operator.prometheus.tls?.server?.existingSecret),
    paths: ['operator.prometheus.tls.enabled', 'operator.prometheus.tls.server.existingSecret'],
    message:
      'Metrics are to be served over TLS, and no Secret with a certificate is named: the API server does not take the Deployment.',
    hint: 'Name the Secret in operator.prometheus.tls.server.existingSecret.',
    examples: {
      bad: { values: { operator: { prometheus: { tls: { enabled: true } } } }, version: '1.19.6' },
      good: {
        values: {
          operator: { prometheus: { tls: { enabled: true, server: { existingSecret: 'operator-metrics' } } } },
        },
        version: '1.19.6',
      },
    },
  },
];
