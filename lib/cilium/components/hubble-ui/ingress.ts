import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { joined, namespaced, partOfCilium } from '../../parts/metadata';

/** The Ingress of Hubble UI. */
export function ingress(ctx: Context): KubernetesObject | undefined {
  const { annotations, baseUrl, ingress: own } = ctx.v.hubble.ui;
  if (!isTruthy(own.enabled)) return undefined;
  const backend = { service: { name: 'hubble-ui', port: { name: 'http' } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: namespaced(ctx, 'hubble-ui', {
      labels: joined(
        { 'k8s-app': 'hubble-ui', 'app.kubernetes.io/name': 'hubble-ui' },
        partOfCilium(ctx),
        ctx.v.commonLabels,
        own.labels,
      ),
      annotations: joined(annotations, own.annotations),
    }),
    spec: {
      ingressClassName: whenTruthy(own.className),
      tls: whenTruthy(own.tls),
      rules: whenTruthy(own.hosts)?.map((host) => ({
        host,
        http: { paths: [{ path: baseUrl ?? '/', pathType: 'Prefix', backend }] },
      })),
    },
  };
}
