import type { JsonObject } from '../../../kubernetes/json';
import type { ObjectMeta } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { clusterScoped, joined, namespaced, partOfCilium } from '../../parts/metadata';
import type { MetadataOptions } from '../../parts/metadata';
import { keepsOwnStore } from '../../parts/mesh-store';

/** The name of the Deployment, of its pods and of most objects around them. */
export const NAME = 'clustermesh-apiserver';

/** The label with which Deployment, Service and PodDisruptionBudget select the pods. */
export const SELECTOR = { 'k8s-app': NAME } as const;

/** The labels of the pods and of the objects around them. */
export function meshLabels(ctx: Context, ...more: readonly (JsonObject | undefined)[]): JsonObject | undefined {
  return joined(SELECTOR, { 'app.kubernetes.io/name': NAME }, partOfCilium(ctx), ctx.v.commonLabels, ...more);
}

/** Metadata of objects with the mesh's annotations and, by default, the part-of label. */
export function meshMetadata(ctx: Context, name: string, options: MetadataOptions = {}): ObjectMeta {
  const { commonLabels, clustermesh } = ctx.v;
  const { labels = joined(partOfCilium(ctx), commonLabels), annotations = clustermesh.annotations } = options;
  return namespaced(ctx, name, { labels, annotations: joined(annotations) });
}

/** The same for cluster-scoped objects. */
export function meshClusterMetadata(ctx: Context, name: string): ObjectMeta {
  const { labels, annotations } = meshMetadata(ctx, name);
  return clusterScoped(name, { labels, annotations });
}

/** With identities in CRDs, a container copies this cluster's state into the mesh's etcd. */
export function exportsCluster(ctx: Context): boolean {
  // The chart also runs it with an external kvstore, where it has neither volumes nor permissions and agents write the state.
  return ctx.facts.identityInCRDs && keepsOwnStore(ctx);
}

/** Remote clusters have separate users, in addition to or instead of one for all. */
export function knowsUsers({ v }: Context): boolean {
  return v.clustermesh.apiserver.tls.authMode !== 'legacy';
}

/** The metrics endpoints, by container. */
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

/** Some metrics are on, even if no container serves them. */
export function wantsMetrics(ctx: Context): boolean {
  const { metrics } = ctx.v.clustermesh.apiserver;
  return isTruthy(metrics.enabled) || isTruthy(metrics.etcd.enabled) || scraped(ctx).kvstoremesh;
}
