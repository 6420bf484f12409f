import type { JsonObject } from '../../../kubernetes/json';
import type { ObjectMeta } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { clusterScoped, joined, namespaced, partOfCilium } from '../../parts/metadata';
import type { MetadataOptions } from '../../parts/metadata';
import { keepsOwnStore } from '../../parts/mesh-store';

/** The name of the API server, of its pods and of most that stands before them. */
export const NAME = 'clustermesh-apiserver';

/** The label by which Deployment, Service and disruption budget know the pods. */
export const SELECTOR = { 'k8s-app': NAME } as const;

/** The labels of the pods and of what stands before them. */
export function meshLabels(ctx: Context, ...more: readonly (JsonObject | undefined)[]): JsonObject | undefined {
  return joined(SELECTOR, { 'app.kubernetes.io/name': NAME }, partOfCilium(ctx), ctx.v.commonLabels, ...more);
}

/** Metadata of what carries the mesh's annotations and, unless told otherwise, says whose part it is. */
export function meshMetadata(ctx: Context, name: string, options: MetadataOptions = {}): ObjectMeta {
  const { commonLabels, clustermesh } = ctx.v;
  const { labels = joined(partOfCilium(ctx), commonLabels), annotations = clustermesh.annotations } = options;
  return namespaced(ctx, name, { labels, annotations: joined(annotations) });
}

/** The same for objects outside namespaces. */
export function meshClusterMetadata(ctx: Context, name: string): ObjectMeta {
  const { labels, annotations } = meshMetadata(ctx, name);
  return clusterScoped(name, { labels, annotations });
}

/** Where identities are in CRDs, a container of its own copies this cluster's state into the mesh's etcd. */
export function exportsCluster(ctx: Context): boolean {
  // The chart also runs it beside an external store, where it has neither volumes nor rights and agents write the state themselves.
  return ctx.facts.identityInCRDs && keepsOwnStore(ctx);
}

/** Remote clusters log in as users of their own, beside or instead of one user for all. */
export function knowsUsers({ v }: Context): boolean {
  return v.clustermesh.apiserver.tls.authMode !== 'legacy';
}

/** What can be scraped, by container. */
export function scraped(ctx: Context): {
  readonly apiserver: boolean;
  readonly kvstoremesh: boolean;
  readonly etcd: boolean;
} {
  const { metrics } = ctx.v.clustermesh.apiserver;
  return {
    apiserver: isTruthy(metrics.enabled) && exportsCluster(ctx),
    kvstoremesh: isTruthy(metrics.kvstoremesh.enabled) && isTruthy(ctx.v.clustermesh.apiserver.kvstoremesh.enabled),
    etcd: isTruthy(metrics.etcd.enabled) && keepsOwnStore(ctx),
  };
}

/** Some metrics are switched on, whether or not there is a container to serve them. */
export function wantsMetrics(ctx: Context): boolean {
  const { metrics } = ctx.v.clustermesh.apiserver;
  return isTruthy(metrics.enabled) || isTruthy(metrics.etcd.enabled) || scraped(ctx).kvstoremesh;
}
