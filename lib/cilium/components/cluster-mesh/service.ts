import type { JsonObject } from '../../../kubernetes/json';
import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy, whenTruthy } from '../../../helm/truth';
import { toInt } from '../../../helm/numbers';
import type { Context } from '../../context';
import { joined } from '../../parts/metadata';
import { ETCD_PORT, MESH_SERVICE, keepsOwnStore } from '../../parts/mesh-store';
import { SELECTOR, meshLabels, meshMetadata, scraped, wantsMetrics } from './labels';

/** The Service of the mesh's etcd, for other clusters and this one's agents. */
export function service(ctx: Context): KubernetesObject | undefined {
  const { annotations, apiserver } = ctx.v.clustermesh;
  const values = apiserver.service;
  if (!keepsOwnStore(ctx) || isTruthy(values.externallyCreated)) return undefined;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meshMetadata(ctx, MESH_SERVICE, {
      labels: meshLabels(ctx, values.labels),
      annotations: joined(annotations, values.annotations),
    }),
    spec: {
      type: whenTruthy(values.type),
      selector: SELECTOR,
      ports: [{ port: ETCD_PORT, nodePort: values.type === 'NodePort' ? whenTruthy(values.nodePort) : undefined }],
      ...(values.type === 'LoadBalancer' ? balanced(ctx) : {}),
      externalTrafficPolicy: whenTruthy(values.externalTrafficPolicy),
      internalTrafficPolicy: whenTruthy(values.internalTrafficPolicy),
      sessionAffinity: sticky(ctx) ? 'ClientIP' : undefined,
    },
  };
}

/** The metrics of all containers. */
export function metricsService(ctx: Context): KubernetesObject | undefined {
  if (!wantsMetrics(ctx)) return undefined;
  const { metrics } = ctx.v.clustermesh.apiserver;
  const on = scraped(ctx);
  const port = (name: string, number: number | undefined): JsonObject => ({
    name,
    port: number,
    protocol: 'TCP',
    targetPort: name,
  });
  const ports = [
    ...(on.apiserver ? [port('apiserv-metrics', metrics.port)] : []),
    ...(on.kvstoremesh ? [port('kvmesh-metrics', metrics.kvstoremesh.port)] : []),
    ...(on.etcd ? [port('etcd-metrics', metrics.etcd.port)] : []),
  ];
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meshMetadata(ctx, `${MESH_SERVICE}-metrics`, {
      labels: joined({ 'app.kubernetes.io/component': 'metrics' }, meshLabels(ctx)),
    }),
    spec: { clusterIP: 'None', type: 'ClusterIP', ports, selector: SELECTOR },
  };
}

function balanced({ v }: Context): JsonObject {
  const { loadBalancerClass, loadBalancerIP, loadBalancerSourceRanges } = v.clustermesh.apiserver.service;
  return {
    loadBalancerClass: whenTruthy(loadBalancerClass),
    loadBalancerIP: whenTruthy(loadBalancerIP),
    loadBalancerSourceRanges: whenTruthy(loadBalancerSourceRanges),
  };
}

/** Replicas do not share their etcd: a client that changes replicas must start over. */
function sticky({ v }: Context): boolean {
  const { service: values, replicas } = v.clustermesh.apiserver;
  return (
    values.enableSessionAffinity === 'Always' || (values.enableSessionAffinity === 'HAOnly' && toInt(replicas) > 1)
  );
}
