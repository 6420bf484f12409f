import { isTruthy } from '../../../helm/truth';
import type { KubernetesObject } from '../../../kubernetes/types';
import type { Context } from '../../context';
import { namespaced } from '../../parts/metadata';
import { operatorLabels, SELECTOR } from './labels';

/** The operator's metrics Service; off by default. */
export function service(ctx: Context): KubernetesObject | undefined {
  const { annotations, prometheus } = ctx.v.operator;
  if (
    !isTruthy(prometheus.enabled) ||
    !(isTruthy(prometheus.serviceMonitor.enabled) || isTruthy(prometheus.metricsService))
  )
    return undefined;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: namespaced(ctx, 'cilium-operator', { labels: operatorLabels(ctx), annotations }),
    spec: {
      clusterIP: 'None',
      type: 'ClusterIP',
      // The chart's Service keeps this port whatever the pod's port is; the target port is a name.
      ports: [{ name: 'metrics', port: 9963, protocol: 'TCP', targetPort: 'prometheus' }],
      selector: SELECTOR,
    },
  };
}
