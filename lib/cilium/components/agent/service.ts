import type { JsonObject } from '../../../kubernetes/json';
import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { portNumber } from '../../parts/host-port';
import { joined, namespaced, partOfCilium } from '../../parts/metadata';

/**
 * The headless Service that metrics are scraped through: those of the agent when something looks for the Service, and
 * those of an Envoy inside the agent.
 */
export function metricsService(ctx: Context): KubernetesObject | undefined {
  const { prometheus, envoy, annotations } = ctx.v;
  if (!isTruthy(prometheus.enabled)) return undefined;
  const embeddedEnvoy = !ctx.facts.envoyDaemonSet;
  const envoyMetrics = port('envoy-metrics', portNumber(envoy.prometheus.port), 'envoy-metrics');
  if (isTruthy(prometheus.serviceMonitor.enabled) || isTruthy(prometheus.metricsService)) {
    const metrics = port('metrics', portNumber(prometheus.port), 'prometheus');
    return service(ctx, annotations, embeddedEnvoy ? [metrics, envoyMetrics] : [metrics]);
  }
  if (!isTruthy(envoy.prometheus.enabled) || !embeddedEnvoy) return undefined;
  return service(ctx, { 'prometheus.io/scrape': 'true', 'prometheus.io/port': String(envoy.prometheus.port ?? '') }, [
    envoyMetrics,
  ]);
}

function service(ctx: Context, annotations: JsonObject | undefined, ports: readonly JsonObject[]): KubernetesObject {
  const labels = joined(
    { 'k8s-app': 'cilium', 'app.kubernetes.io/name': 'cilium-agent' },
    partOfCilium(ctx),
    ctx.v.commonLabels,
  );
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: namespaced(ctx, 'cilium-agent', { labels, annotations }),
    spec: { clusterIP: 'None', type: 'ClusterIP', selector: { 'k8s-app': 'cilium' }, ports },
  };
}

function port(name: string, number: number | undefined, targetPort: string): JsonObject {
  return { name, port: number, protocol: 'TCP', targetPort };
}
