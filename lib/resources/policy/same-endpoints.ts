import { NAMESPACE_LABEL } from '../../resource/ignored-labels';
import type { LabelExpression } from '../../kubernetes/selector';
import type { PolicySubject } from './policy-rule';
import { conditions, contradict } from './label-conditions';
import { policiesAmong, ruleSets } from './model';
import type { RuleSet } from './model';

/** A set of rules with the namespace of its policy. */
interface Placed {
  readonly namespace: string | undefined;
  readonly set: RuleSet;
}

/** The sets of rules of the app that may be for the same endpoints as one of this policy, itself among them. */
export function setsMeeting({ props, namespace, others }: PolicySubject, set: RuleSet): readonly RuleSet[] {
  const own = ruleSets(props).map((other): Placed => ({ namespace, set: other }));
  const theirs = policiesAmong(others).flatMap((policy) =>
    policy.sets.map((other): Placed => ({ namespace: policy.namespace, set: other })),
  );
  return [...own, ...theirs].filter((other) => mayMeet({ namespace, set }, other)).map((other) => other.set);
}

/** Whether two sets of rules may be for the same pods, or the same nodes. */
function mayMeet(a: Placed, b: Placed): boolean {
  const [one, other] = [a.set.rules, b.set.rules];
  if ((one.nodeSelector === undefined) !== (other.nodeSelector === undefined)) return false;
  return !contradict([...own(a), ...own(b)]);
}

function own({ namespace, set }: Placed): readonly LabelExpression[] {
  const selector = set.rules.nodeSelector ?? set.rules.endpointSelector ?? {};
  const place: LabelExpression[] =
    namespace === undefined ? [] : [{ key: NAMESPACE_LABEL, operator: 'In', values: [namespace] }];
  return [...conditions(selector), ...place];
}
