import type { JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { isTruthy, defaultTo } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { Feature } from '../feature';
import type { ValuesRule } from '../values-rule';
import { metricsServerName } from '../parts/hubble-certificates';
import { joined, namespaced, PART_OF_CILIUM, partOfCilium } from '../parts/metadata';
import { scrapedPort, serviceMonitor } from '../parts/service-monitor';

const DOCS = 'https://docs.cilium.io/en/stable/observability/metrics/#hubble-metrics';

/** A ServiceMonitor or TLS without metrics. */
const nothingMeasured: ValuesRule = {
  id: 'hubble-metrics-service/nothing-measured',
  level: 'warning',
  find: ({ v: { hubble }, facts }) =>
    isTruthy(hubble.enabled) &&
    !facts.hubbleMetrics &&
    (isTruthy(hubble.metrics.serviceMonitor.enabled) || isTruthy(hubble.metrics.tls.enabled)) &&
    problem(
      ['hubble.metrics.enabled', 'hubble.metrics.dynamic.enabled'],
      'No metric is enabled, so ServiceMonitor and TLS of the metrics have no effect.',
      "List metrics in hubble.metrics.enabled, such as ['dns', 'drop', 'tcp', 'flow'], or set hubble.metrics.dynamic.enabled.",
    ),
  docs: DOCS,
  examples: {
    bad: { values: { hubble: { metrics: { serviceMonitor: { enabled: true } } } } },
    good: { values: { hubble: { metrics: { enabled: ['dns'], serviceMonitor: { enabled: true } } } } },
  },
};

/** Scraping of Hubble's metrics: a headless Service over the agents, and its ServiceMonitor. */
export const hubbleMetricsService: Feature = {
  name: 'hubble-metrics-service',
  contribute: (ctx) => ({ objects: ctx.facts.hubbleMetrics ? [service(ctx), ...monitor(ctx)] : [] }),
  rules: [nothingMeasured],
};

function service(ctx: Context): KubernetesObject {
  const { annotations, metrics } = ctx.v.hubble;
  const scraped = { 'prometheus.io/scrape': 'true', 'prometheus.io/port': String(metrics.port ?? '') };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: namespaced(ctx, 'hubble-metrics', {
      labels: joined(
        { 'k8s-app': 'hubble', 'app.kubernetes.io/name': 'hubble' },
        partOfCilium(ctx),
        ctx.v.commonLabels,
      ),
      annotations: joined(
        annotations,
        metrics.serviceAnnotations,
        !isTruthy(metrics.serviceMonitor.enabled) && scraped,
      ),
    }),
    spec: {
      clusterIP: 'None',
      type: 'ClusterIP',
      ports: [{ name: 'hubble-metrics', port: metrics.port, protocol: 'TCP', targetPort: 'hubble-metrics' }],
      selector: { 'k8s-app': 'cilium' },
    },
  };
}

function monitor(ctx: Context): readonly KubernetesObject[] {
  const { prometheus, hubble } = ctx.v;
  const { serviceMonitor: values, tls } = hubble.metrics;
  if (!isTruthy(values.enabled)) return [];
  const scheme = isTruthy(tls.enabled) ? { scheme: 'https', tlsConfig: tlsConfig(ctx) } : { scheme: 'http' };
  return [
    serviceMonitor(ctx, {
      name: 'hubble',
      // It has the namespace of the agent's ServiceMonitor.
      values: { ...values, namespace: prometheus.serviceMonitor.namespace },
      selector: { 'k8s-app': 'hubble' },
      endpoints: [{ ...scrapedPort('hubble-metrics', values), ...scheme }],
      annotations: hubble.annotations,
      ownLabels: ctx.has('service-monitor-names') ? undefined : PART_OF_CILIUM,
    }),
  ];
}

function tlsConfig({ v }: Context): JsonObject {
  const own = v.hubble.metrics.serviceMonitor.tlsConfig ?? {};
  return { ...own, serverName: defaultTo(own.serverName, metricsServerName(v)) };
}
