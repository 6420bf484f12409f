import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { joined, namespaced, partOfCilium } from '../../parts/metadata';

const SELECTOR = { 'k8s-app': 'hubble-ui' } as const;

/** The Service of Hubble UI. */
export function service(ctx: Context): KubernetesObject {
  const { annotations, service: own } = ctx.v.hubble.ui;
  const nodePort = own.type === 'NodePort' && isTruthy(own.nodePort) ? own.nodePort : undefined;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: namespaced(ctx, 'hubble-ui', {
      labels: joined(
        SELECTOR,
        { 'app.kubernetes.io/name': 'hubble-ui' },
        partOfCilium(ctx),
        ctx.v.commonLabels,
        own.labels,
      ),
      annotations: joined(annotations, own.annotations),
    }),
    spec: { type: own.type, selector: SELECTOR, ports: [{ name: 'http', port: 80, targetPort: 8081, nodePort }] },
  };
}
