import { isTruthy } from '../../../helm/truth';
import type { KubernetesObject } from '../../../kubernetes/types';
import type { Context } from '../../context';
import { disruptionBudget } from '../../parts/disruption-budget';
import { joined, namespaced, partOfCilium } from '../../parts/metadata';
import { APP_NAME, NAME, ON_POLICIES } from './labels';

/** The PodDisruptionBudget of the Deployment; off by default. */
export function podDisruptionBudget(ctx: Context): KubernetesObject | undefined {
  const { annotations, podDisruptionBudget: values } = ctx.v.preflight;
  if (!isTruthy(values.enabled)) return undefined;
  const labels = joined(ON_POLICIES, partOfCilium(ctx), APP_NAME, ctx.v.commonLabels);
  return disruptionBudget(ctx, namespaced(ctx, NAME, { labels, annotations }), values, ON_POLICIES);
}
