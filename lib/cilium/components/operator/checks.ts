import { given } from '../../../helm/truth';
import type { Check } from '../../check';
import { monitoringApiCheck } from '../../parts/monitoring-api';
import { servesMetricsOverTls } from './container';
import { wantsServiceMonitor } from './service-monitor';

/** What is wrong with the operator's own settings. */
export const OPERATOR_CHECKS: readonly Check[] = [
  monitoringApiCheck({
    component: 'operator',
    path: 'operator.prometheus',
    enabled: wantsServiceMonitor,
    example: { operator: { prometheus: { enabled: true, serviceMonitor: { enabled: true } } } },
  }),
  {
    id: 'operator/metrics-certificate',
    level: 'warning',
    when: (ctx) =>
      given(ctx.v.operator.enabled) && servesMetricsOverTls(ctx) && !given(ctx.v.operator.prometheus.tls?.server?.existingSecret),
    at: ['operator.prometheus.tls.enabled', 'operator.prometheus.tls.server.existingSecret'],
    says: 'Metrics are to be served over TLS, and no Secret with a certificate is named: the API server does not take the Deployment.',
    fix: 'Name the Secret in operator.prometheus.tls.server.existingSecret.',
    examples: {
      bad: { values: { operator: { prometheus: { tls: { enabled: true } } } }, version: '1.19.6' },
      good: {
        values: { operator: { prometheus: { tls: { enabled: true, server: { existingSecret: 'operator-metrics' } } } } },
        version: '1.19.6',
      },
    },
  },
];
