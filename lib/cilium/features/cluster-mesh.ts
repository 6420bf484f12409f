import { or } from '../../helm/truth';
import type { JsonObject } from '../../kubernetes/json';
import type { Context } from '../context';
import type { ConfigValue, Feature, PodParts } from '../feature';
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
    };
  },
};

/** The Multi-Cluster Services API moved into a section of its own; one version knows both values. */
function multiClusterServices({ v: { clustermesh }, has }: Context): ConfigValue {
  const { mcsapi, enableMCSAPISupport } = clustermesh;
  return has('mcs-api-only-in-section') ? mcsapi?.enabled : or(mcsapi?.enabled, enableMCSAPISupport);
}

/**
 * How the agent reaches other clusters. Everything is optional and always mounted, so that clusters can come and go
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
