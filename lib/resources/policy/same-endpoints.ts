import type { LabelExpression } from '../../kubernetes/selector';
import { NAMESPACE_LABEL } from '../../resource/ignored-labels';
import { contradict } from './label-conditions';
import { policiesAmong } from './model';
import type { RuleSet } from './model';
import type { PolicySubject } from './policy-rule';

/** A set of rules with the namespace of its policy. */
interface Placed {
  readonly namespace: string | undefined;
  readonly set: RuleSet;
}

/** The sets of rules in the app that may select the same endpoints as a set of this policy, itself included. */
export function setsForSameEndpoints({ model, namespace, others }: PolicySubject, set: RuleSet): readonly RuleSet[] {
  const own = model.sets.map((other): Placed => ({ namespace, set: other }));
  const theirs = policiesAmong(others).flatMap((policy) =>
    policy.model.sets.map((other): Placed => ({ namespace: policy.namespace, set: other })),
  );
  return [...own, ...theirs].filter((other) => mayOverlap({ namespace, set }, other)).map((other) => other.set);
}

/** Whether two sets of rules may select the same pods, or the same nodes. */
function mayOverlap(a: Placed, b: Placed): boolean {
  const [one, other] = [a.set.spec, b.set.spec];
  if ((one.nodeSelector === undefined) !== (other.nodeSelector === undefined)) return false;
  return !contradict([...conditionsOf(a), ...conditionsOf(b)]);
}

function conditionsOf({ namespace, set }: Placed): readonly LabelExpression[] {
  const { conditions = [] } = set.nodes ?? set.endpoints ?? {};
  const place: LabelExpression[] =
    namespace === undefined ? [] : [{ key: NAMESPACE_LABEL, operator: 'In', values: [namespace] }];
  return [...conditions, ...place];
}
