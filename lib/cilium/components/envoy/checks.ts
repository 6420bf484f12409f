import { toInt } from '../../../helm/numbers';
import { given } from '../../../helm/truth';
import type { Check } from '../../check';
import { monitoringApiCheck } from '../../parts/monitoring-api';

const LARGEST_BASE_ID = 4294967295;

/** What guards Envoy. */
export const ENVOY_CHECKS: readonly Check[] = [
  {
    id: 'envoy/base-id',
    level: 'error',
    when: ({ v }) => toInt(v.envoy.baseID) < 0 || toInt(v.envoy.baseID) > LARGEST_BASE_ID,
    at: ['envoy.baseID'],
    says: `The base id of Envoy is a number from 0 to ${String(LARGEST_BASE_ID)}.`,
    fix: 'Choose one in this range; 0 is fine unless other Envoys run in the host network of the node.',
    chart: 'validate.yaml',
    examples: { bad: { values: { envoy: { baseID: -1 } } }, good: { values: { envoy: { baseID: 7 } } } },
  },
  monitoringApiCheck({
    component: 'envoy',
    path: 'envoy.prometheus',
    enabled: ({ v }) => given(v.envoy.prometheus.enabled) && given(v.envoy.prometheus.serviceMonitor.enabled),
    example: { envoy: { prometheus: { serviceMonitor: { enabled: true } } } },
  }),
];
