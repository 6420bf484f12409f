import type { CiliumValues } from '../../../../imports/cilium-chart';
import { toInt } from '../../../helm/numbers';
import { isTruthy } from '../../../helm/truth';
import { problem } from '../../../rules/rule';
import type { Context } from '../../context';
import { layered, valuesWith } from '../../layers';
import { errorOnTalos } from '../../values-rule';
import type { ValuesRule } from '../../values-rule';
import { keepsOwnStore } from '../../parts/mesh-store';
import { selectorLabelRule } from '../../parts/selector-label';
import { NAME, knowsUsers } from './labels';
import { USERS, hasUsersConfigMap } from './users-config-map';

const DOCS = 'https://docs.cilium.io/en/stable/network/clustermesh/clustermesh/';

const ETCD_SECRETS = '/var/lib/etcd-secrets';

const MESH: CiliumValues = { cluster: { name: 'home', id: 1 }, clustermesh: { useAPIServer: true } };
const STORE = 'clustermesh.apiserver.kvstoremesh.kvstoreMode';
const EXTERNAL: CiliumValues = layered([
  MESH,
  { identityAllocationMode: 'kvstore', etcd: { enabled: true, endpoints: ['https://192.0.2.1:2379'] } },
  valuesWith(STORE, 'external'),
]);

function runs({ v }: Context): boolean {
  return isTruthy(v.clustermesh.useAPIServer);
}

const unknownAuthMode: ValuesRule = {
  id: 'cluster-mesh/unknown-auth-mode',
  level: 'error',
  find: (ctx) =>
    runs(ctx) &&
    !['legacy', 'migration', 'cluster'].includes(ctx.v.clustermesh.apiserver.tls.authMode ?? '') &&
    problem(
      'clustermesh.apiserver.tls.authMode',
      'authMode is not one of legacy, migration and cluster.',
      "Use 'legacy' for one shared user, 'cluster' for one user per cluster, or 'migration' to move from the first to the second.",
    ),
  docs: DOCS,
  chart: 'clustermesh-apiserver/deployment.yaml',
  examples: {
    bad: { values: layered([MESH, valuesWith('clustermesh.apiserver.tls.authMode', 'open')]) },
    good: { values: layered([MESH, valuesWith('clustermesh.apiserver.tls.authMode', 'legacy')]) },
  },
};

const policyOfInnerService: ValuesRule = {
  id: 'cluster-mesh/traffic-policy',
  level: errorOnTalos,
  find: (ctx) => {
    const { service } = ctx.v.clustermesh.apiserver;
    const own = runs(ctx) && keepsOwnStore(ctx) && !isTruthy(service.externallyCreated);
    return (
      own &&
      service.type === 'ClusterIP' &&
      isTruthy(service.externalTrafficPolicy) &&
      problem(
        ['clustermesh.apiserver.service.externalTrafficPolicy', 'clustermesh.apiserver.service.type'],
        'The API server rejects externalTrafficPolicy on a Service of type ClusterIP, which receives no external traffic.',
        'Set it to null, or change the type of the Service.',
      )
    );
  },
  docs: DOCS,
  examples: {
    bad: { values: layered([MESH, valuesWith('clustermesh.apiserver.service.type', 'ClusterIP')]) },
    good: {
      values: layered([
        MESH,
        valuesWith('clustermesh.apiserver.service', { type: 'ClusterIP', externalTrafficPolicy: null }),
      ]),
    },
  },
};

const externalWithoutEtcd: ValuesRule = {
  id: 'cluster-mesh/external-store-without-etcd',
  level: errorOnTalos,
  find: (ctx) =>
    runs(ctx) &&
    !keepsOwnStore(ctx) &&
    !isTruthy(ctx.v.etcd.enabled) &&
    problem(
      [STORE, 'etcd.enabled'],
      'KVStoreMesh reads the address of its external kvstore from cilium-config, which has no etcd: the pods do not start.',
      'Set etcd.enabled and etcd.endpoints.',
    ),
  docs: DOCS,
  examples: { bad: { values: layered([EXTERNAL, valuesWith('etcd.enabled', false)]) }, good: { values: EXTERNAL } },
};

const externalWithoutCertificates: ValuesRule = {
  id: 'cluster-mesh/external-store-without-certificates',
  level: 'warning',
  find: (ctx) => {
    const { etcd, clustermesh } = ctx.v;
    const mounted = (clustermesh.apiserver.kvstoremesh.extraVolumeMounts ?? []).some(
      ({ mountPath }) => mountPath === ETCD_SECRETS,
    );
    return (
      runs(ctx) &&
      !keepsOwnStore(ctx) &&
      isTruthy(etcd.enabled) &&
      isTruthy(etcd.ssl) &&
      !mounted &&
      problem(
        [STORE, 'etcd.ssl'],
        'The external kvstore requires a client certificate, which the chart mounts into agents and operator, but not into KVStoreMesh.',
        'Add the Secret cilium-etcd-secrets to clustermesh.apiserver.extraVolumes, and mount it at /var/lib/etcd-secrets in clustermesh.apiserver.kvstoremesh.extraVolumeMounts.',
      )
    );
  },
  docs: DOCS,
  examples: {
    bad: { values: layered([EXTERNAL, valuesWith('etcd.ssl', true)]) },
    good: {
      values: layered([
        EXTERNAL,
        valuesWith('etcd.ssl', true),
        valuesWith('clustermesh.apiserver.extraVolumes', [
          { name: 'etcd-secrets', secret: { secretName: 'cilium-etcd-secrets' } },
        ]),
        valuesWith('clustermesh.apiserver.kvstoremesh.extraVolumeMounts', [
          { name: 'etcd-secrets', mountPath: '/var/lib/etcd-secrets', readOnly: true },
        ]),
      ]),
    },
  },
};

const numberTooHigh: ValuesRule = {
  id: 'cluster-mesh/cluster-id-too-high',
  level: errorOnTalos,
  find: ({ v }) =>
    toInt(v.cluster.id) > toInt(v.clustermesh.maxConnectedClusters) &&
    problem(
      ['cluster.id', 'clustermesh.maxConnectedClusters'],
      'The cluster id is higher than the mesh allows, and every pod of Cilium refuses it.',
      'Use a lower cluster.id, or set clustermesh.maxConnectedClusters to 511 in all clusters.',
    ),
  docs: DOCS,
  examples: {
    bad: { values: { cluster: { name: 'home', id: 300 } } },
    good: { values: { cluster: { name: 'home', id: 300 }, clustermesh: { maxConnectedClusters: 511 } } },
  },
};

const noUsers: ValuesRule = {
  id: 'cluster-mesh/no-users',
  level: 'warning',
  find: (ctx) =>
    runs(ctx) &&
    keepsOwnStore(ctx) &&
    knowsUsers(ctx) &&
    !hasUsersConfigMap(ctx) &&
    problem(
      ['clustermesh.apiserver.tls.authMode', 'clustermesh.config.enabled'],
      `The pods wait for the ConfigMap ${USERS} with the users of remote clusters, which is not rendered.`,
      "Set clustermesh.config.enabled; with identities in the kvstore set clustermesh.apiserver.tls.authMode to 'legacy'.",
    ),
  docs: DOCS,
  examples: {
    bad: { values: MESH, version: '1.20.0' },
    good: { values: layered([MESH, { clustermesh: { config: { enabled: true } } }]), version: '1.20.0' },
  },
};

const monitorWithoutMetrics: ValuesRule = {
  id: 'cluster-mesh/service-monitor-without-metrics',
  level: 'warning',
  find: (ctx) => {
    const { metrics, kvstoremesh } = ctx.v.clustermesh.apiserver;
    const served =
      isTruthy(metrics.enabled) ||
      isTruthy(metrics.etcd.enabled) ||
      (isTruthy(kvstoremesh.enabled) && isTruthy(metrics.kvstoremesh.enabled));
    return (
      runs(ctx) &&
      isTruthy(metrics.serviceMonitor.enabled) &&
      !served &&
      problem(
        ['clustermesh.apiserver.metrics.serviceMonitor.enabled', 'clustermesh.apiserver.metrics.enabled'],
        'No container serves metrics, so the ServiceMonitor is not rendered.',
        'Set clustermesh.apiserver.metrics.enabled, or that of etcd or KVStoreMesh below it.',
      )
    );
  },
  docs: DOCS,
  examples: {
    bad: { values: layered([MESH, metrics(false)]) },
    good: { values: layered([MESH, metrics(true)]) },
  },
};

function metrics(enabled: boolean): CiliumValues {
  return valuesWith('clustermesh.apiserver.metrics', {
    enabled,
    etcd: { enabled },
    kvstoremesh: { enabled },
    serviceMonitor: { enabled: true },
  });
}

/** Rules about the clustermesh-apiserver; others are in the feature of the same name. */
export const CLUSTER_MESH_RULES: readonly ValuesRule[] = [
  selectorLabelRule({
    component: 'cluster-mesh',
    label: NAME,
    path: 'clustermesh.apiserver.podLabels',
    podLabels: ({ v }) => v.clustermesh.apiserver.podLabels,
    enabled: runs,
    on: MESH,
  }),
  unknownAuthMode,
  policyOfInnerService,
  externalWithoutEtcd,
  externalWithoutCertificates,
  numberTooHigh,
  noUsers,
  monitorWithoutMetrics,
];
