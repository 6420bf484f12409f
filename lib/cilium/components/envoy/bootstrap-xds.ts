import type { Context } from '../../context';
import { seconds } from './bootstrap-parts';
import type { ApiConfigSource, ConfigSource, DynamicResources } from './bootstrap-types';

/** The agent as an upstream of Envoy. */
export const AGENT_CLUSTER = 'xds-grpc-cilium';

/** The cluster of Envoy's own zone. */
export const LOCALITY_CLUSTER = '/cilium-locality-cluster';

const FROM_AGENT: ApiConfigSource = {
  apiType: 'GRPC',
  transportApiVersion: 'V3',
  grpcServices: [{ envoyGrpc: { clusterName: AGENT_CLUSTER } }],
  setNodeOnFirstMessageOnly: true,
};

/** Listeners and clusters for traffic, from the agent. */
export function dynamicResources(ctx: Context): DynamicResources {
  const source = { initialFetchTimeout: seconds(ctx.v.envoy.initialFetchTimeoutSeconds), ...configSource(ctx) };
  return { ...(isAggregated(ctx) && { adsConfig: FROM_AGENT }), ldsConfig: source, cdsConfig: source };
}

/** The agent as the source of one kind of configuration. */
export function configSource(ctx: Context): ConfigSource {
  return isAggregated(ctx)
    ? { ads: {}, resourceApiVersion: 'V3' }
    : { apiConfigSource: FROM_AGENT, resourceApiVersion: 'V3' };
}

/** One stream for all kinds of configuration, which keeps them ordered. */
function isAggregated({ facts }: Context): boolean {
  return facts.envoyXdsMode === 'ads' || facts.envoyXdsMode === 'strict-ads';
}
