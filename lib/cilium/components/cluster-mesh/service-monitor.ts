import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { partOfCilium } from '../../parts/metadata';
import { scrapedPort, serviceMonitor } from '../../parts/service-monitor';
import { NAME, scraped, wantsMetrics } from './labels';

/** Lets Prometheus scrape all containers, each with its interval. */
export function meshServiceMonitor(ctx: Context): KubernetesObject | undefined {
  const { annotations, apiserver } = ctx.v.clustermesh;
  const values = apiserver.metrics.serviceMonitor;
  if (!wantsMetrics(ctx) || !isTruthy(values.enabled)) return undefined;
  const on = scraped(ctx);
  return serviceMonitor(ctx, {
    name: NAME,
    values,
    selector: { 'app.kubernetes.io/name': NAME, 'app.kubernetes.io/component': 'metrics' },
    endpoints: [
      ...(on.apiserver ? [scrapedPort('apiserv-metrics', values)] : []),
      ...(on.kvstoremesh ? [scrapedPort('kvmesh-metrics', values.kvstoremesh)] : []),
      ...(on.etcd ? [scrapedPort('etcd-metrics', values.etcd)] : []),
    ],
    annotations,
    ownLabels: ctx.has('service-monitor-names') ? undefined : partOfCilium(ctx),
  });
}
