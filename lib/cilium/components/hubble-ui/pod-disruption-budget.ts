import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { disruptionBudget } from '../../parts/disruption-budget';
import { joined, namespaced, partOfCilium } from '../../parts/metadata';

/** Hubble UI's PodDisruptionBudget. */
export function disruptionBudgetOfUi(ctx: Context): KubernetesObject | undefined {
  const { annotations, podDisruptionBudget } = ctx.v.hubble.ui;
  if (!isTruthy(podDisruptionBudget.enabled)) return undefined;
  const selector = { 'k8s-app': 'hubble-ui' };
  const labels = joined(selector, { 'app.kubernetes.io/name': 'hubble-ui' }, partOfCilium(ctx), ctx.v.commonLabels);
  return disruptionBudget(
    ctx,
    namespaced(ctx, 'hubble-ui', { labels, annotations: joined(annotations) }),
    podDisruptionBudget,
    selector,
  );
}
