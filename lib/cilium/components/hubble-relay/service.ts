import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { joined, namespaced, partOfCilium } from '../../parts/metadata';

const SELECTOR = { 'k8s-app': 'hubble-relay' } as const;

/** The relay's Service for clients. */
export function service(ctx: Context): KubernetesObject {
  const { relay } = ctx.v.hubble;
  const { type, nodePort } = relay.service;
  const port = isTruthy(relay.servicePort) ? relay.servicePort : isTruthy(relay.tls.server.enabled) ? 443 : 80;
  const scraped = isTruthy(relay.prometheus.enabled) && !isTruthy(relay.prometheus.serviceMonitor.enabled);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: namespaced(ctx, 'hubble-relay', {
      labels: joined(SELECTOR, { 'app.kubernetes.io/name': 'hubble-relay' }, partOfCilium(ctx), ctx.v.commonLabels),
      annotations: joined(
        relay.annotations,
        scraped && { 'prometheus.io/scrape': 'true', 'prometheus.io/port': String(relay.prometheus.port ?? '') },
      ),
    }),
    spec: {
      type,
      selector: SELECTOR,
      ports: [
        {
          protocol: 'TCP',
          port,
          targetPort: 'grpc',
          nodePort: type === 'NodePort' && isTruthy(nodePort) ? nodePort : undefined,
        },
      ],
    },
  };
}

/** The relay's metrics Service, separate from the one that may be reachable from outside. */
export function metricsService(ctx: Context): KubernetesObject | undefined {
  const { annotations, prometheus } = ctx.v.hubble.relay;
  if (!isTruthy(prometheus.enabled)) return undefined;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: namespaced(ctx, 'hubble-relay-metrics', {
      labels: joined(SELECTOR, ctx.v.commonLabels),
      annotations: joined(annotations),
    }),
    spec: {
      clusterIP: 'None',
      type: 'ClusterIP',
      selector: SELECTOR,
      ports: [{ name: 'metrics', port: prometheus.port, protocol: 'TCP', targetPort: 'prometheus' }],
    },
  };
}
