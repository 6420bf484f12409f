import type { Json, JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { isTruthy, defaultTo, whenTruthy } from '../../helm/truth';
import type { Context } from '../context';
import { joined, namespaced, partOfCilium } from './metadata';

/** The `serviceMonitor` values that every scraped component has. */
export interface ServiceMonitorValues {
  readonly annotations?: JsonObject | null | undefined;
  readonly interval?: string | null | undefined;
  readonly jobLabel?: string | null | undefined;
  readonly labels?: JsonObject | null | undefined;
  readonly metricRelabelings?: Json | undefined;
  readonly namespace?: string | null | undefined;
  readonly relabelings?: Json | undefined;
  readonly scrapeTimeout?: string | null | undefined;
}

export interface ServiceMonitorOptions {
  readonly name: string;
  readonly values: ServiceMonitorValues;
  /** Labels of the Service that is scraped. */
  readonly selector: JsonObject;
  readonly endpoints: readonly JsonObject[];
  /** Annotations of the component; those of the ServiceMonitor win. */
  readonly annotations?: JsonObject | null | undefined;
  readonly targetLabels?: readonly string[];
  /** Its own labels. Default: part of Cilium, and its name; some early releases have fewer. */
  readonly ownLabels?: JsonObject | undefined;
}

/** A Prometheus Operator ServiceMonitor for a Service in Cilium's namespace. */
export function serviceMonitor(ctx: Context, options: ServiceMonitorOptions): KubernetesObject {
  const { name, values, selector, endpoints, annotations, targetLabels } = options;
  const { ownLabels = { ...partOfCilium(ctx), 'app.kubernetes.io/name': name } } = options;
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: namespaced(ctx, name, {
      namespace: defaultTo(values.namespace, ctx.namespace),
      labels: joined(ownLabels, ctx.v.commonLabels, values.labels),
      annotations: joined(annotations, values.annotations),
    }),
    spec: {
      selector: { matchLabels: selector },
      namespaceSelector: { matchNames: [ctx.namespace] },
      endpoints,
      targetLabels,
      jobLabel: whenTruthy(values.jobLabel),
    },
  };
}

/** One scraped port with the intervals and relabelings of the values. */
export function scrapedPort(port: string, values: ServiceMonitorValues): JsonObject {
  return {
    port,
    interval: values.interval ?? undefined,
    scrapeTimeout: whenTruthy(values.scrapeTimeout) as Json | undefined,
    honorLabels: true,
    path: '/metrics',
    relabelings: isTruthy(values.relabelings) ? values.relabelings : undefined,
    metricRelabelings: isTruthy(values.metricRelabelings) ? values.metricRelabelings : undefined,
  };
}
