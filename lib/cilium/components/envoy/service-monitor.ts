import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { scrapedPort, serviceMonitor } from '../../parts/service-monitor';
import { METRICS_PORT, SELECTOR } from './service';

/** Lets Prometheus scrape Envoy. */
export function metricsServiceMonitor(ctx: Context): KubernetesObject | undefined {
  const { annotations, prometheus } = ctx.v.envoy;
  if (!isTruthy(prometheus.enabled) || !isTruthy(prometheus.serviceMonitor.enabled)) return undefined;
  return serviceMonitor(ctx, {
    name: 'cilium-envoy',
    values: prometheus.serviceMonitor,
    selector: SELECTOR,
    endpoints: [scrapedPort(METRICS_PORT, prometheus.serviceMonitor)],
    annotations,
    targetLabels: ['k8s-app'],
  });
}
