import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { disruptionBudget } from '../../parts/disruption-budget';
import { joined, namespaced, partOfCilium } from '../../parts/metadata';

/** The relay's PodDisruptionBudget. */
export function disruptionBudgetOfRelay(ctx: Context): KubernetesObject | undefined {
  const { annotations, podDisruptionBudget } = ctx.v.hubble.relay;
  if (!isTruthy(podDisruptionBudget.enabled)) return undefined;
  const selector = { 'k8s-app': 'hubble-relay' };
  const labels = joined(selector, { 'app.kubernetes.io/name': 'hubble-relay' }, partOfCilium(ctx), ctx.v.commonLabels);
  return disruptionBudget(
    ctx,
    namespaced(ctx, 'hubble-relay', { labels, annotations: joined(annotations) }),
    podDisruptionBudget,
    selector,
  );
}
