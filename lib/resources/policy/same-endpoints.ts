import type { LabelExpression } from '../../kubernetes/selector';
import { NAMESPACE_LABEL } from '../../resource/ignored-labels';
import type { Others } from '../../resource/kind';
import { SelectorOverlaps } from '../../resource/selector-overlaps';
import type { Selecting } from '../../resource/selector-overlaps';
import { policiesAmong } from './model';
import type { RuleSet } from './model';
import type { PolicySubject } from './policy-rule';

/** The sets of rules in the app that may select the same endpoints as a set of this policy, itself included. */
export function setsForSameEndpoints({ others }: PolicySubject, set: RuleSet): readonly RuleSet[] {
  return others.ofCluster(setsOfCluster).alike(set);
}

function setsOfCluster(all: Others): { alike(set: RuleSet): readonly RuleSet[] } {
  const placed = policiesAmong(all).flatMap(({ namespace, model }) =>
    model.sets.map((item): Selecting<RuleSet> => ({ item, conditions: conditionsOf(item, namespace) })),
  );
  // Pods and nodes are never the same.
  const forNodes = new SelectorOverlaps(placed.filter(({ item }) => item.spec.nodeSelector !== undefined));
  const forPods = new SelectorOverlaps(placed.filter(({ item }) => item.spec.nodeSelector === undefined));
  return { alike: (set) => (set.spec.nodeSelector === undefined ? forPods : forNodes).of(set) };
}

/** The conditions of what a set of rules selects, its namespace among them. */
function conditionsOf(set: RuleSet, namespace: string | undefined): readonly LabelExpression[] {
  const { conditions = [] } = set.nodes ?? set.endpoints ?? {};
  return namespace === undefined
    ? conditions
    : [...conditions, { key: NAMESPACE_LABEL, operator: 'In', values: [namespace] }];
}
