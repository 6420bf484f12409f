import { given, or } from '../../helm/truth';
import type { JsonObject } from '../../kubernetes/json';
import type { Context } from '../context';
import { allow } from '../feature';
import type { ConfigValue, Feature, Permission, PodParts } from '../feature';
import { certificateSources, certificateVolume } from '../parts/certificate-volume';

/** What agents and operator know of the mesh of clusters. Its API server is a component of its own. */
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
};

/** The Multi-Cluster Services API moved into a section of its own; one version knows both values. */
function multiClusterServices({ v: { clustermesh }, has }: Context): ConfigValue {
  const { mcsapi, enableMCSAPISupport } = clustermesh;
  return has('mcs-api-only-in-section') ? mcsapi?.enabled : or(mcsapi?.enabled, enableMCSAPISupport);
}

/**
 * How agent and operator reach other clusters. Everything is optional and always mounted, so that clusters can come and go
 * without a restart; the keys of the Secret itself, one per cluster, become files as they are.
 */
function connections(ctx: Context): PodParts {
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

/** What the operator may do when endpoint slices, or whole services, are shared between clusters. */
function permissions(ctx: Context): readonly Permission[] {
  const { v, facts, has } = ctx;
  const copiesSlices = given(v.clustermesh.enableEndpointSliceSynchronization);
  return [
    ...(facts.operatorReadsMesh ? [allow('create update delete deletecollection', 'discovery.k8s.io', 'endpointslices')] : []),
    ...(copiesSlices ? [allow('patch create', '', 'events')] : []),
    ...(copiesSlices && has('owner-finalizers') ? [allow('update', '', 'services/finalizers')] : []),
    ...(facts.multiClusterServices ? servicePermissions(ctx) : []),
  ];
}

/** Shared services are imported as Services; the operator may bring the resource definitions itself. */
function servicePermissions({ v, has }: Context): readonly Permission[] {
  const group = 'multicluster.x-k8s.io';
  const definitions = [`serviceimports.${group}`, `serviceexports.${group}`];
  const brings = given(v.clustermesh.mcsapi?.installCRDs) && has('mcs-definitions-updated');
  return [
    allow('create update patch delete', '', 'services'),
    allow('get list watch create update patch delete', group, 'serviceimports'),
    allow('get list watch', group, 'serviceexports'),
    allow('update patch', group, 'serviceimports/status serviceexports/status'),
    ...(has('mcs-finalizers') ? [allow('update', group, 'serviceimports/finalizers')] : []),
    ...(brings ? [allow('update', 'apiextensions.k8s.io', 'customresourcedefinitions', definitions)] : []),
  ];
}
