import type { JsonObject } from '../../../kubernetes/json';
import type { ObjectMeta } from '../../../kubernetes/types';
import type { Context } from '../../context';
import { clusterScoped, joined, namespaced, partOfCilium } from '../../parts/metadata';

/** The labels by which Deployment, Service and disruption budget know the operator's pods. */
export const SELECTOR = { 'io.cilium/app': 'operator', name: 'cilium-operator' } as const;

/** The labels of the operator's pods and of what stands before them; the user's common labels are the last word. */
export function operatorLabels(ctx: Context): JsonObject | undefined {
  return joined(SELECTOR, partOfCilium(ctx), { 'app.kubernetes.io/name': 'cilium-operator' }, ctx.v.commonLabels);
}

/** Metadata of what the operator may do: shorter labels than those of its pods. */
export function accessMetadata(ctx: Context, name: string, namespace?: string): ObjectMeta {
  const options = { labels: joined(partOfCilium(ctx), ctx.v.commonLabels), annotations: ctx.v.operator.annotations };
  return namespace === undefined ? clusterScoped(name, options) : namespaced(ctx, name, { ...options, namespace });
}
