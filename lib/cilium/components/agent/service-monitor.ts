import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { PART_OF_CILIUM } from '../../parts/metadata';
import { scrapedPort, serviceMonitor } from '../../parts/service-monitor';

/** Lets Prometheus scrape the agents and an Envoy inside them. */
export function agentServiceMonitor(ctx: Context): KubernetesObject | undefined {
  const { prometheus, envoy, annotations } = ctx.v;
  if (!isTruthy(prometheus.enabled) || !isTruthy(prometheus.serviceMonitor.enabled)) return undefined;
  // The chart ignores its scrape timeout value for the agent.
  const agent = { ...scrapedPort('metrics', prometheus.serviceMonitor), scrapeTimeout: undefined };
  return serviceMonitor(ctx, {
    name: 'cilium-agent',
    values: prometheus.serviceMonitor,
    selector: { 'app.kubernetes.io/name': 'cilium-agent' },
    endpoints: scrapesEnvoy(ctx) ? [agent, scrapedPort('envoy-metrics', envoy.prometheus.serviceMonitor)] : [agent],
    annotations,
    targetLabels: ['k8s-app'],
    ownLabels: ctx.has('service-monitor-names') ? undefined : PART_OF_CILIUM,
  });
}

/** The chart's condition, an enabled Envoy that is not a DaemonSet, holds only when the proxy is off. */
function scrapesEnvoy({ v, facts }: Context): boolean {
  const { enabled, prometheus } = v.envoy;
  return (
    !facts.envoyDaemonSet &&
    isTruthy(enabled) &&
    isTruthy(prometheus.enabled) &&
    isTruthy(prometheus.serviceMonitor.enabled)
  );
}
