import type { Check } from '../../check';
import { monitoringApiCheck } from '../../parts/monitoring-api';
import { wantsServiceMonitor } from './service-monitor';

/** What is wrong with the operator's own settings. */
export const OPERATOR_CHECKS: readonly Check[] = [
  monitoringApiCheck({
    component: 'operator',
    path: 'operator.prometheus',
    enabled: wantsServiceMonitor,
    example: { operator: { prometheus: { enabled: true, serviceMonitor: { enabled: true } } } },
  }),
];
