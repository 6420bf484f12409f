import type { KubernetesObject } from '../../../kubernetes/types';
import type { Context } from '../../context';
import * as part from '../../parts/service-monitor';
import { isTruthy } from '../../../helm/truth';
import { SELECTOR } from './labels';

/** Whether the operator has a ServiceMonitor. */
export function wantsServiceMonitor({ v }: Context): boolean {
  const { prometheus } = v.operator;
  return isTruthy(prometheus.enabled) && isTruthy(prometheus.serviceMonitor.enabled);
}

/** Lets Prometheus scrape the operator. */
export function serviceMonitor(ctx: Context): KubernetesObject | undefined {
  if (!wantsServiceMonitor(ctx)) return undefined;
  const { annotations, prometheus } = ctx.v.operator;
  const values = prometheus.serviceMonitor;
  return part.serviceMonitor(ctx, {
    name: 'cilium-operator',
    values,
    selector: SELECTOR,
    endpoints: [part.scrapedPort('metrics', values)],
    annotations,
    targetLabels: ['io.cilium/app'],
  });
}
