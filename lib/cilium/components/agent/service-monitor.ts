import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { PART_OF_CILIUM } from '../../parts/metadata';
import { scrapedPort, serviceMonitor } from '../../parts/service-monitor';

/** Has Prometheus scrape the agents and, where it runs inside them, Envoy. */
export function agentServiceMonitor(ctx: Context): KubernetesObject | undefined {
  const { prometheus, envoy, annotations } = ctx.v;
  if (!isTruthy(prometheus.enabled) || !isTruthy(prometheus.serviceMonitor.enabled)) return undefined;
  // The chart takes no scrape timeout for the agent, although it has a value for it.
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

/** The chart asks for an Envoy that is switched on and yet no DaemonSet, which takes the proxy to be off altogether. */
function scrapesEnvoy({ v, facts }: Context): boolean {
  const { enabled, prometheus } = v.envoy;
  return (
    !facts.envoyDaemonSet &&
    isTruthy(enabled) &&
    isTruthy(prometheus.enabled) &&
    isTruthy(prometheus.serviceMonitor.enabled)
  );
}
