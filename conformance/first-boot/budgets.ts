import { DISRUPTION_BUDGET_RULES } from '../../lib/talos/patch/disruption-budget-rules';
import type { KubernetesObject } from '../../lib/kubernetes/types';

/** What the rules about disruption budgets state of objects. */
export function budgetProblems(objects: readonly KubernetesObject[]): readonly string[] {
  const subject = { objects: objects.map((object) => ({ object, at: object.metadata.name })) };
  return DISRUPTION_BUDGET_RULES.flatMap(({ id, find }) => {
    const found = find(subject as unknown as Parameters<typeof find>[0]);
    return [found || []].flat().map(({ message }) => `${id}: ${message}`);
  });
}
