import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { portNumber } from '../../parts/host-port';
import { joined, namespaced, partOfCilium } from '../../parts/metadata';

/** The label that selects Envoy's pods. */
export const SELECTOR = { 'k8s-app': 'cilium-envoy' } as const;

/** The name of Envoy's metrics port. */
export const METRICS_PORT = 'envoy-metrics';

/** The headless Service for Envoy's metrics. */
export function metricsService(ctx: Context): KubernetesObject | undefined {
  const { envoy, commonLabels } = ctx.v;
  const { enabled, port: portValue, serviceMonitor } = envoy.prometheus;
  if (!isTruthy(enabled)) return undefined;
  const port = portNumber(portValue);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: namespaced(ctx, 'cilium-envoy', {
      labels: joined(
        SELECTOR,
        { 'app.kubernetes.io/name': 'cilium-envoy', 'io.cilium/app': 'proxy' },
        partOfCilium(ctx),
        commonLabels,
      ),
      annotations: joined(
        !isTruthy(serviceMonitor.enabled) && {
          'prometheus.io/scrape': 'true',
          'prometheus.io/port': String(portValue ?? ''),
        },
        envoy.annotations,
      ),
    }),
    spec: {
      clusterIP: 'None',
      type: 'ClusterIP',
      selector: SELECTOR,
      ports: [
        {
          name: METRICS_PORT,
          port,
          protocol: 'TCP',
          targetPort: ctx.has('envoy-metrics-target-number') ? port : METRICS_PORT,
        },
      ],
    },
  };
}
