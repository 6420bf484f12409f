import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { disruptionBudget } from '../../parts/disruption-budget';
import { NAME, SELECTOR, meshLabels, meshMetadata } from './labels';

/** The clustermesh-apiserver's PodDisruptionBudget. */
export function disruptionBudgetOfMesh(ctx: Context): KubernetesObject | undefined {
  const { podDisruptionBudget } = ctx.v.clustermesh.apiserver;
  if (!isTruthy(podDisruptionBudget.enabled)) return undefined;
  return disruptionBudget(ctx, meshMetadata(ctx, NAME, { labels: meshLabels(ctx) }), podDisruptionBudget, SELECTOR);
}
