import { isTruthy } from '../../../helm/truth';
import type { KubernetesObject } from '../../../kubernetes/types';
import type { Context } from '../../context';
import { disruptionBudget } from '../../parts/disruption-budget';
import { namespaced } from '../../parts/metadata';
import { operatorLabels, SELECTOR } from './labels';

/** The operator's PodDisruptionBudget; off by default. */
export function podDisruptionBudget(ctx: Context): KubernetesObject | undefined {
  const { annotations, podDisruptionBudget: values } = ctx.v.operator;
  if (!isTruthy(values.enabled)) return undefined;
  return disruptionBudget(
    ctx,
    namespaced(ctx, 'cilium-operator', { labels: operatorLabels(ctx), annotations }),
    values,
    SELECTOR,
  );
}
