import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { scrapedPort, serviceMonitor } from '../../parts/service-monitor';

/** Lets Prometheus scrape the relay. */
export function relayServiceMonitor(ctx: Context): KubernetesObject | undefined {
  const { annotations, prometheus } = ctx.v.hubble.relay;
  if (!isTruthy(prometheus.enabled) || !isTruthy(prometheus.serviceMonitor.enabled)) return undefined;
  return serviceMonitor(ctx, {
    name: 'hubble-relay',
    values: prometheus.serviceMonitor,
    selector: { 'k8s-app': 'hubble-relay' },
    // honorLabels is not set, unlike in all others.
    endpoints: [{ ...scrapedPort('metrics', prometheus.serviceMonitor), honorLabels: undefined }],
    annotations,
    ownLabels: ctx.has('service-monitor-names') ? undefined : {},
  });
}
