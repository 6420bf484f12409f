import type { JsonObject } from '../../../kubernetes/json';
import type { ObjectMeta } from '../../../kubernetes/types';
import type { Context } from '../../context';
import { clusterScoped, joined, namespaced, partOfCilium } from '../../parts/metadata';

/** The labels with which Deployment, Service and PodDisruptionBudget select the operator's pods. */
export const SELECTOR = { 'io.cilium/app': 'operator', name: 'cilium-operator' } as const;

/** The labels of the operator's pods and of the objects around them; the user's common labels win. */
export function operatorLabels(ctx: Context): JsonObject | undefined {
  return joined(SELECTOR, partOfCilium(ctx), { 'app.kubernetes.io/name': 'cilium-operator' }, ctx.v.commonLabels);
}

/** Metadata of the operator's RBAC objects: fewer labels than its pods. */
export function accessMetadata(ctx: Context, name: string, namespace?: string): ObjectMeta {
  const options = { labels: joined(partOfCilium(ctx), ctx.v.commonLabels), annotations: ctx.v.operator.annotations };
  return namespace === undefined ? clusterScoped(name, options) : namespaced(ctx, name, { ...options, namespace });
}
