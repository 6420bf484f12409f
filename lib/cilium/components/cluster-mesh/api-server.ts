import type { Container } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
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
import { knowsUsers } from './labels';

/** The request rate of the etcd client before it became a value, per second. */
const FIXED_RATE = 20;

/** The clustermesh-apiserver: copies this cluster's identities, endpoints, nodes and services into the etcd that other clusters read. */
export function apiServer(ctx: Context): Container {
  const { apiserver } = ctx.v.clustermesh;
  const { metrics } = apiserver;
  return {
    ...meshContainer(ctx, 'apiserver', MESH_PROGRAM, apiserver),
    args: apiServerArguments(ctx),
    env: envWith(
      [
        configEnv('CLUSTER_NAME', 'cluster-name'),
        configEnv('CLUSTER_ID', 'cluster-id', true),
        configEnv('ENABLE_K8S_ENDPOINT_SLICE', 'enable-k8s-endpoint-slice', true),
      ],
      apiserver.extraEnv,
    ),
    readinessProbe: readiness('apiserv-health', apiserver.readinessProbe),
    ports: ports({
      'apiserv-health': apiserver.healthPort,
      'apiserv-metrics': isTruthy(metrics.enabled) && metrics.port,
    }),
    volumeMounts: [
      { name: 'etcd-admin-client', mountPath: '/var/lib/cilium/etcd-secrets', readOnly: true },
      ...(knowsUsers(ctx)
        ? [{ name: 'etcd-users-config', mountPath: '/var/lib/cilium/etcd-config', readOnly: true }]
        : []),
      ...(apiserver.extraVolumeMounts ?? []),
    ],
  };
}

function apiServerArguments(ctx: Context): readonly string[] {
  const { v, facts, has } = ctx;
  const { apiserver, maxConnectedClusters, defaultGlobalNamespace } = v.clustermesh;
  return [
    'clustermesh',
    ...debugArgument(ctx),
    '--cluster-name=$(CLUSTER_NAME)',
    '--cluster-id=$(CLUSTER_ID)',
    '--kvstore-opt=etcd.config=/var/lib/cilium/etcd-config.yaml',
    argument('kvstore-opt=etcd.qps', has('mesh-etcd-rates') ? apiserver.etcdQPS : FIXED_RATE),
    '--kvstore-opt=etcd.bootstrapQps=10000',
    argument('max-connected-clusters', maxConnectedClusters),
    argument('health-port', apiserver.healthPort),
    ...(knowsUsers(ctx)
      ? ['--cluster-users-enabled', '--cluster-users-config-path=/var/lib/cilium/etcd-config/users.yaml']
      : []),
    ...metricsArguments(apiserver.metrics),
    ...(facts.multiClusterServices ? ['--clustermesh-enable-mcs-api'] : []),
    ...(isTruthy(v.ciliumEndpointSlice.enabled) ? ['--enable-cilium-endpoint-slice'] : []),
    ...(has('mesh-global-namespaces')
      ? [argument('clustermesh-default-global-namespace', defaultGlobalNamespace)]
      : []),
    ...(apiserver.extraArgs ?? []),
  ];
}
