import type { Json, JsonObject } from '../../kubernetes/json';
import { compareText } from '../../kubernetes/order';
import { isTruthy } from '../../helm/truth';
import type { Context } from '../context';
import { hasKvstoreMesh } from './mesh-store';
import { isMap } from '../../kubernetes/json';

/** A cluster of the mesh, as `clustermesh.config.clusters` describes it. */
export type RemoteCluster = JsonObject;

type Entry = readonly [string, RemoteCluster];

/**
 * The enabled remote clusters. Where clusters may be a map by name they are sorted by it, each
 * with its `name`; before, they keep their order.
 */
export function remoteClusters({ v, has }: Context): readonly RemoteCluster[] {
  const clusters = v.clustermesh.config.clusters ?? [];
  const entries = Array.isArray(clusters)
    ? (clusters as readonly Json[]).filter(isMap).map((cluster): Entry => [String(cluster.name ?? ''), cluster])
    : sortedByName(Object.entries(clusters).map(([name, cluster]): Entry => [name, isMap(cluster) ? cluster : {}]));
  if (!has('clusters-by-name')) return entries.map(([, cluster]) => cluster);
  const on = entries
    .filter(([, { enabled }]) => enabled !== false)
    .map(([name, { enabled: _, ...cluster }]) => [name, { ...cluster, name }] as const);
  // As in the chart's map of a list, the last of two equal names wins.
  return sortedByName([...new Map<string, RemoteCluster>(on)]).map(([, cluster]) => cluster);
}

/** Names for the addresses of remote clusters, so that their certificates match; `undefined` when there is none. */
export function remoteClusterAliases(ctx: Context): readonly JsonObject[] | undefined {
  const { config, disableKubernetesHostAliases } = ctx.v.clustermesh;
  if (isTruthy(disableKubernetesHostAliases)) return undefined;
  const aliases = remoteClusters(ctx).flatMap(({ name, ips }) =>
    (Array.isArray(ips) ? ips : []).map((ip) => ({
      ip: String(ip),
      hostnames: [`${String(name ?? '')}.${config.domain ?? ''}`],
    })),
  );
  return aliases.length > 0 ? aliases : undefined;
}

/** The agents and the operator connect to remote clusters directly, without KVStoreMesh. */
export function meshWithoutKvstoreMesh(ctx: Context): boolean {
  return isTruthy(ctx.v.clustermesh.config.enabled) && !hasKvstoreMesh(ctx);
}

function sortedByName<T>(entries: readonly (readonly [string, T])[]): readonly (readonly [string, T])[] {
  return [...entries].sort(([a], [b]) => compareText(a, b));
}
