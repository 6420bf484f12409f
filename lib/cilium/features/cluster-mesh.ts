import { or } from '../../helm/truth';
import type { Context } from '../context';
import type { ConfigValue, Feature } from '../feature';

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
    };
  },
};

/** The Multi-Cluster Services API moved into a section of its own; one version knows both values. */
function multiClusterServices({ v: { clustermesh }, has }: Context): ConfigValue {
  const { mcsapi, enableMCSAPISupport } = clustermesh;
  return has('mcs-api-only-in-section') ? mcsapi?.enabled : or(mcsapi?.enabled, enableMCSAPISupport);
}
