import type { CiliumValues } from '../../../imports/cilium-chart';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { ValuesRule } from '../values-rule';

/** The API of the ServiceMonitor kind. */
export const MONITORING_API = 'monitoring.coreos.com/v1';

/** The subject of {@link monitoringApiRule}: one component's ServiceMonitor. */
export interface MonitoringApiOptions {
  /** The component's name, `operator`; the rule is `operator/monitoring-api`. */
  readonly component: string;
  /** The section that enables its metrics: `operator.prometheus`; the ServiceMonitor's switch is below it. */
  readonly path: string;
  /** Whether metrics and ServiceMonitor are both on. */
  readonly enabled: (ctx: Context) => boolean;
  /** Values that enable both. */
  readonly example: CiliumValues;
}

/** A ServiceMonitor needs the Prometheus Operator's API, or the user's trust that it exists. */
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
