import type { Container } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { keepsOwnStore } from '../../parts/mesh-store';
import {
  MESH_PROGRAM,
  argument,
  configEnv,
  debugArgument,
  envWith,
  meshContainer,
  metricsArguments,
  ports,
  readiness,
} from './container';

const REMOTE_CLUSTERS = '/var/lib/cilium/clustermesh';

/** The request rate of the etcd client before it became a value, per second. */
const FIXED_RATE = 100;

/** KVStoreMesh: copies the state of other clusters into the kvstore that this cluster's agents read. */
export function kvstoreMesh(ctx: Context): Container {
  const { kvstoremesh: values, metrics } = ctx.v.clustermesh.apiserver;
  const store = keepsOwnStore(ctx)
    ? { name: 'etcd-admin-client', mountPath: '/var/lib/cilium/etcd-secrets', readOnly: true }
    : { name: 'etcd-config', mountPath: '/var/lib/cilium', readOnly: true };
  return {
    ...meshContainer(ctx, 'kvstoremesh', MESH_PROGRAM, values),
    args: kvstoreMeshArguments(ctx),
    readinessProbe: readiness('kvmesh-health', values.readinessProbe),
    env: envWith([configEnv('CLUSTER_NAME', 'cluster-name'), configEnv('CLUSTER_ID', 'cluster-id')], values.extraEnv),
    ports: ports({
      'kvmesh-health': values.healthPort,
      'kvmesh-metrics': isTruthy(metrics.kvstoremesh.enabled) && metrics.kvstoremesh.port,
    }),
    volumeMounts: [
      store,
      { name: 'kvstoremesh-secrets', mountPath: REMOTE_CLUSTERS, readOnly: true },
      ...(values.extraVolumeMounts ?? []),
    ],
  };
}

function kvstoreMeshArguments(ctx: Context): readonly string[] {
  const { v, facts, has } = ctx;
  const { apiserver, maxConnectedClusters, cacheTTL } = v.clustermesh;
  const { kvstoremesh: values, metrics } = apiserver;
  return [
    'kvstoremesh',
    ...debugArgument(ctx),
    '--cluster-name=$(CLUSTER_NAME)',
    '--cluster-id=$(CLUSTER_ID)',
    '--kvstore-opt=etcd.config=/var/lib/cilium/etcd-config.yaml',
    argument('kvstore-opt=etcd.qps', has('mesh-etcd-rates') ? values.etcdQPS : FIXED_RATE),
    // An external kvstore gets the normal request rate, even at startup.
    ...(keepsOwnStore(ctx) ? ['--kvstore-opt=etcd.bootstrapQps=10000'] : []),
    '--kvstore-opt=etcd.maxInflight=10',
    `--clustermesh-config=${REMOTE_CLUSTERS}`,
    argument('max-connected-clusters', maxConnectedClusters),
    ...(has('mesh-cache-ttl') ? [argument('clustermesh-cache-ttl', cacheTTL)] : []),
    argument('health-port', values.healthPort),
    ...metricsArguments(metrics.kvstoremesh),
    argument('enable-heartbeat', !facts.identityInCRDs),
    ...(values.extraArgs ?? []),
  ];
}
