import type { CiliumValues } from '../../../imports/cilium-chart';
import { toInt } from '../../helm/numbers';
import { isTruthy, defaultTo } from '../../helm/truth';
import type { JsonObject } from '../../kubernetes/json';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import { allow } from '../feature';
import type { ConfigValue, Feature, Permission, PodContribution } from '../feature';
import { certificateSources, certificateVolume } from '../parts/certificate-volume';

const CLUSTER_LIMITS: readonly number[] = [255, 511];
const MODES_IN_KVSTORE: readonly string[] = ['kvstore', 'doublewrite-readkvstore', 'doublewrite-readcrd'];

/** A cluster that may be in a mesh, for the examples of rules. */
const HOME = { id: 1, name: 'home' } as const;
const EXTERNAL = { kvstoremesh: { kvstoreMode: 'external' } } as const;

/** Values for the examples of rules: a mesh with these settings of its clustermesh-apiserver. */
function mesh(
  apiserver: JsonObject,
  { identities = 'crd', useAPIServer = true }: { readonly identities?: string; readonly useAPIServer?: boolean } = {},
): CiliumValues {
  return {
    cluster: HOME,
    identityAllocationMode: identities,
    clustermesh: { useAPIServer, apiserver },
  } as CiliumValues;
}

function certManager(certManagerIssuerRef: JsonObject): JsonObject {
  return { tls: { auto: { method: 'certmanager', certManagerIssuerRef } } };
}

/** Cluster mesh in agents and operator. The clustermesh-apiserver is a component. */
export const clusterMesh: Feature = {
  name: 'cluster-mesh',
  contribute: (ctx) => {
    const { clustermesh } = ctx.v;
    return {
      config: {
        'max-connected-clusters': clustermesh.maxConnectedClusters,
        'clustermesh-cache-ttl': clustermesh.cacheTTL,
        'clustermesh-enable-endpoint-sync': clustermesh.enableEndpointSliceSynchronization,
        'clustermesh-enable-mcs-api': multiClusterServices(ctx),
        'clustermesh-mcs-api-install-crds': clustermesh.mcsapi?.installCRDs,
        'clustermesh-default-global-namespace': clustermesh.defaultGlobalNamespace,
        'policy-default-local-cluster': clustermesh.policyDefaultLocalCluster,
      },
      agent: connections(ctx),
      operator: ctx.facts.operatorReadsMesh ? connections(ctx) : undefined,
      permissions: { operator: permissions(ctx) },
    };
  },
  rules: [
    {
      id: 'cluster-mesh/max-connected-clusters',
      level: 'error',
      find: ({ v }) =>
        !CLUSTER_LIMITS.includes(toInt(v.clustermesh.maxConnectedClusters)) &&
        problem(
          'clustermesh.maxConnectedClusters',
          `maxConnectedClusters must be ${CLUSTER_LIMITS.join(' or ')}.`,
          `Set it to ${CLUSTER_LIMITS.join(' or ')}, the same in all clusters.`,
        ),
      chart: 'validate.yaml',
      examples: {
        bad: { values: { clustermesh: { maxConnectedClusters: 300 } } },
        good: { values: { clustermesh: { maxConnectedClusters: 511 } } },
      },
    },
    {
      id: 'cluster-mesh/no-issuer',
      level: 'error',
      find: (ctx) =>
        lacksIssuer(ctx) &&
        problem(
          'clustermesh.apiserver.tls.auto.certManagerIssuerRef',
          'cert-manager issues the certificates of the mesh, but no issuer is set.',
          'Name it: { group: cert-manager.io, kind: ClusterIssuer, name: … }.',
        ),
      chart: 'validate.yaml',
      examples: {
        bad: { values: mesh(certManager({})) },
        good: { values: mesh(certManager({ group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'mesh' })) },
      },
    },
    {
      id: 'cluster-mesh/kvstore-mode',
      level: 'error',
      find: ({ v }) =>
        !['internal', 'external'].includes(String(v.clustermesh.apiserver.kvstoremesh.kvstoreMode)) &&
        problem(
          'clustermesh.apiserver.kvstoremesh.kvstoreMode',
          'kvstoreMode must be `internal` or `external`.',
          'Use `internal` for an etcd in the same pod, `external` for an existing one.',
        ),
      chart: 'validate.yaml',
      examples: {
        bad: { values: mesh({ kvstoremesh: { kvstoreMode: 'shared' } }) },
        good: { values: mesh({ kvstoremesh: { kvstoreMode: 'internal' } }) },
      },
    },
    {
      id: 'cluster-mesh/identities-in-kvstore',
      level: 'error',
      find: ({ v: { clustermesh }, facts }) =>
        isTruthy(clustermesh.useAPIServer) &&
        !facts.identityInCRDs &&
        !isTruthy(clustermesh.apiserver.kvstoremesh.enabled) &&
        problem(
          ['identityAllocationMode', 'clustermesh.apiserver.kvstoremesh.enabled'],
          'With identities in a kvstore the clustermesh-apiserver serves KVStoreMesh only, which is off.',
          'Set clustermesh.apiserver.kvstoremesh.enabled, or list the remote kvstores in clustermesh.config without a clustermesh-apiserver.',
        ),
      chart: 'validate.yaml',
      examples: {
        bad: { values: mesh({ kvstoremesh: { enabled: false } }, { identities: 'kvstore' }) },
        good: { values: mesh({ kvstoremesh: { enabled: true } }, { identities: 'kvstore' }) },
      },
    },
    {
      id: 'cluster-mesh/external-without-server',
      level: 'error',
      find: (ctx) =>
        isExternal(ctx) &&
        !isTruthy(ctx.v.clustermesh.useAPIServer) &&
        problem(
          ['clustermesh.apiserver.kvstoremesh.kvstoreMode', 'clustermesh.useAPIServer'],
          'An external kvstore is used by KVStoreMesh in the clustermesh-apiserver, which is off.',
          'Set clustermesh.useAPIServer to true, or leave kvstoreMode at `internal`.',
        ),
      chart: 'validate.yaml',
      examples: {
        bad: { values: mesh(EXTERNAL, { identities: 'kvstore', useAPIServer: false }) },
        good: { values: mesh(EXTERNAL, { identities: 'kvstore' }) },
      },
    },
    {
      id: 'cluster-mesh/external-without-kvstoremesh',
      level: 'error',
      find: (ctx) =>
        isExternal(ctx) &&
        !isTruthy(ctx.v.clustermesh.apiserver.kvstoremesh.enabled) &&
        problem(
          ['clustermesh.apiserver.kvstoremesh.kvstoreMode', 'clustermesh.apiserver.kvstoremesh.enabled'],
          'An external kvstore is used by KVStoreMesh, which is off.',
          'Set clustermesh.apiserver.kvstoremesh.enabled to true, or leave kvstoreMode at `internal`.',
        ),
      chart: 'validate.yaml',
      examples: {
        bad: {
          values: mesh(
            { kvstoremesh: { ...EXTERNAL.kvstoremesh, enabled: false } },
            { identities: 'doublewrite-readcrd' },
          ),
        },
        good: { values: mesh(EXTERNAL, { identities: 'doublewrite-readcrd' }) },
      },
    },
    {
      id: 'cluster-mesh/external-replicas',
      level: 'error',
      find: (ctx) =>
        isExternal(ctx) &&
        String(ctx.v.clustermesh.apiserver.replicas) !== '1' &&
        problem(
          'clustermesh.apiserver.replicas',
          'Several replicas would write to the same external kvstore.',
          'Set clustermesh.apiserver.replicas to 1.',
        ),
      chart: 'validate.yaml',
      examples: {
        bad: { values: mesh({ ...EXTERNAL, replicas: 2 }, { identities: 'kvstore' }) },
        good: { values: mesh(EXTERNAL, { identities: 'kvstore' }) },
      },
    },
    {
      id: 'cluster-mesh/external-identities',
      level: 'error',
      find: (ctx) =>
        isExternal(ctx) &&
        !MODES_IN_KVSTORE.includes(String(ctx.v.identityAllocationMode)) &&
        problem(
          ['clustermesh.apiserver.kvstoremesh.kvstoreMode', 'identityAllocationMode'],
          `identityAllocationMode is ${String(ctx.v.identityAllocationMode)}, so an external kvstore would hold no identities.`,
          `Set identityAllocationMode to ${MODES_IN_KVSTORE.join(', ')}.`,
        ),
      chart: 'validate.yaml',
      examples: { bad: { values: mesh(EXTERNAL) }, good: { values: mesh(EXTERNAL, { identities: 'kvstore' }) } },
    },
    {
      id: 'cluster-mesh/cluster-id',
      level: 'warning',
      find: ({ v }) =>
        (isTruthy(v.clustermesh.useAPIServer) || isTruthy(v.clustermesh.config.enabled)) &&
        toInt(v.cluster.id) === 0 &&
        problem(
          ['cluster.id', 'clustermesh'],
          'A cluster with id 0 belongs to no mesh: agents connect to no other cluster, and the clustermesh-apiserver does not start.',
          'Give it a name and an id, 1 or higher, that are unique in the mesh.',
        ),
      docs: 'https://docs.cilium.io/en/stable/network/clustermesh/clustermesh/',
      examples: {
        bad: { values: { clustermesh: { useAPIServer: true } } },
        good: { values: { cluster: HOME, clustermesh: { useAPIServer: true } } },
      },
    },
  ],
};

function lacksIssuer({ v: { clustermesh } }: Context): boolean {
  const { enabled, method, certManagerIssuerRef } = clustermesh.apiserver.tls.auto;
  return (
    isTruthy(clustermesh.useAPIServer) &&
    isTruthy(enabled) &&
    method === 'certmanager' &&
    !isTruthy(certManagerIssuerRef)
  );
}

function isExternal({ v }: Context): boolean {
  return v.clustermesh.apiserver.kvstoremesh.kvstoreMode === 'external';
}

/** The Multi-Cluster Services API moved into its own section; one version has both values. */
function multiClusterServices({ v: { clustermesh }, has }: Context): ConfigValue {
  const { mcsapi, enableMCSAPISupport } = clustermesh;
  return has('mcs-api-only-in-section') ? mcsapi?.enabled : defaultTo(mcsapi?.enabled, enableMCSAPISupport);
}

/**
 * The volume with the configuration of remote clusters. Everything is optional and always mounted, so that clusters can change
 * without a restart; the keys of the Secret itself, one per cluster, become files as they are.
 */
function connections(ctx: Context): PodContribution {
  const name = 'clustermesh-secrets';
  const client = (secret: string, file: string): readonly JsonObject[] =>
    certificateSources(ctx, {
      secret,
      files: { 'tls.key': `${file}-etcd-client.key`, 'tls.crt': `${file}-etcd-client.crt` },
      authority: `${file}-etcd-client-ca.crt`,
    });
  return {
    env: [{ name: 'CILIUM_CLUSTERMESH_CONFIG', value: '/var/lib/cilium/clustermesh/' }],
    volumes: [
      certificateVolume(name, [
        { secret: { name: 'cilium-clustermesh', optional: true } },
        ...client('clustermesh-apiserver-remote-cert', 'common'),
        ...client('clustermesh-apiserver-local-cert', 'local'),
      ]),
    ],
    mounts: [{ name, mountPath: '/var/lib/cilium/clustermesh', readOnly: true }],
  };
}

/** The operator's permissions when EndpointSlices or services are shared between clusters. */
function permissions(ctx: Context): readonly Permission[] {
  const { v, facts, has } = ctx;
  const copiesSlices = isTruthy(v.clustermesh.enableEndpointSliceSynchronization);
  return [
    ...(facts.operatorReadsMesh
      ? [allow('create update delete deletecollection', 'discovery.k8s.io', 'endpointslices')]
      : []),
    ...(copiesSlices ? [allow('patch create', '', 'events')] : []),
    ...(copiesSlices && has('owner-finalizers') ? [allow('update', '', 'services/finalizers')] : []),
    ...(facts.multiClusterServices ? servicePermissions(ctx) : []),
  ];
}

/** Shared services are imported as Services; the operator may install the CRDs itself. */
function servicePermissions({ v, has }: Context): readonly Permission[] {
  const group = 'multicluster.x-k8s.io';
  const definitions = [`serviceimports.${group}`, `serviceexports.${group}`];
  const brings = isTruthy(v.clustermesh.mcsapi?.installCRDs) && has('mcs-definitions-updated');
  return [
    allow('create update patch delete', '', 'services'),
    allow('get list watch create update patch delete', group, 'serviceimports'),
    allow('get list watch', group, 'serviceexports'),
    allow('update patch', group, 'serviceimports/status serviceexports/status'),
    ...(has('mcs-finalizers') ? [allow('update', group, 'serviceimports/finalizers')] : []),
    ...(brings ? [allow('update', 'apiextensions.k8s.io', 'customresourcedefinitions', definitions)] : []),
  ];
}
