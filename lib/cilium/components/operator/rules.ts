import { isTruthy } from '../../../helm/truth';
import { problem } from '../../../rules/rule';
import { monitoringApiRule } from '../../parts/monitoring-api';
import { neededAccount, neededValues } from '../../parts/needed-values';
import { servesMetricsOverTls } from './container';
import { wantsServiceMonitor } from './service-monitor';
import type { ValuesRule } from '../../values-rule';

/** Modes in which the operator allocates pod CIDRs or addresses for nodes. */
const POOLED: readonly string[] = ['cluster-pool', 'multi-pool', 'eni', 'azure', 'alibabacloud'];

/** Rules about the operator's settings. */
export const OPERATOR_RULES: readonly ValuesRule[] = [
  monitoringApiRule({
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
    find: ({ v, facts }) =>
      isTruthy(v.agent) &&
      !isTruthy(v.operator.enabled) &&
      !facts.preflight &&
      problem(
        'operator.enabled',
        `Without the operator nothing installs the CRDs that every agent waits for,${POOLED.includes(facts.ipamMode) ? ' allocates pod CIDRs' : ''} or cleans up stale objects: on a new cluster agents keep restarting.`,
        'Remove operator.enabled, unless an operator of the same release is installed separately.',
      ),
    docs: 'https://docs.cilium.io/en/stable/internals/cilium_operator/',
    examples: {
      bad: { values: { operator: { enabled: false } } },
      good: { values: { agent: false, operator: { enabled: false } } },
    },
  },
  {
    id: 'operator/metrics-certificate',
    level: 'warning',
    find: (ctx) =>
      isTruthy(ctx.v.operator.enabled) &&
      servesMetricsOverTls(ctx) &&
      !isTruthy(ctx.v.operator.prometheus.tls?.server?.existingSecret) &&
      problem(
        ['operator.prometheus.tls.enabled', 'operator.prometheus.tls.server.existingSecret'],
        'TLS is on for metrics, but no Secret with a certificate is set: the API server rejects the Deployment.',
        'Set operator.prometheus.tls.server.existingSecret.',
      ),
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
