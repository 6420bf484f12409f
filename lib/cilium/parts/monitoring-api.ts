import type { CiliumValues } from '../../../imports/cilium-chart';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { ValuesRule } from '../values-rule';

/** The API that brings the ServiceMonitor kind. */
export const MONITORING_API = 'monitoring.coreos.com/v1';

/** What {@link monitoringApiRule} guards: one component's ServiceMonitor. */
export interface MonitoringApiOptions {
  /** The component's name, `operator`; the check is `operator/monitoring-api`. */
  readonly component: string;
  /** Where its metrics are switched on: `operator.prometheus`; the ServiceMonitor's switch lies below. */
  readonly path: string;
  /** Whether metrics and ServiceMonitor are both on. */
  readonly enabled: (ctx: Context) => boolean;
  /** Values that switch both on. */
  readonly example: CiliumValues;
}

/** A ServiceMonitor needs the Prometheus Operator's API, or the user's word that it will be there. */
export function monitoringApiRule({ component, path, enabled, example }: MonitoringApiOptions): ValuesRule {
  return {
    id: `${component}/monitoring-api`,
    level: 'error',
    find: (ctx) =>
      enabled(ctx) &&
      !ctx.kube.has(MONITORING_API) &&
      !isTruthy(ctx.v.prometheus.serviceMonitor.trustCRDsExist) &&
      problem(
        [`${path}.serviceMonitor.enabled`, 'prometheus.serviceMonitor.trustCRDsExist'],
        `A ServiceMonitor is enabled, but the API versions of the cluster do not include ${MONITORING_API}.`,
        `Install the CRDs of the Prometheus Operator first, then set prometheus.serviceMonitor.trustCRDsExist or pass ${MONITORING_API} in apiVersions.`,
      ),
    docs: 'https://docs.cilium.io/en/stable/observability/metrics/',
    chart: 'validate.yaml',
    examples: { bad: { values: example }, good: { values: example, apiVersions: [MONITORING_API] } },
  };
}
