import type { LabelExpression } from '../../kubernetes/selector';
import { NAMESPACE_LABEL } from '../../resource/ignored-labels';
import type { Others } from '../../resource/kind';
import { push } from '../../kubernetes/groups';
import { contradict } from './label-conditions';
import { policiesAmong } from './model';
import type { RuleSet } from './model';
import type { PolicySubject } from './policy-rule';

/** A set of rules with the conditions of what it selects, its namespace among them. */
interface Placed {
  readonly set: RuleSet;
  readonly conditions: readonly LabelExpression[];
}

/** The sets of rules in the app that may select the same endpoints as a set of this policy, itself included. */
export function setsForSameEndpoints({ others }: PolicySubject, set: RuleSet): readonly RuleSet[] {
  return others.ofCluster(setsOfCluster).alike(set);
}

function setsOfCluster(all: Others): { alike(set: RuleSet): readonly RuleSet[] } {
  const placed = policiesAmong(all).flatMap(({ namespace, model }) =>
    model.sets.map((set): Placed => ({ set, conditions: conditionsOf(set, namespace) })),
  );
  // Pods and nodes are never the same.
  const forNodes = new Overlaps(placed.filter(({ set }) => set.spec.nodeSelector !== undefined));
  const forPods = new Overlaps(placed.filter(({ set }) => set.spec.nodeSelector === undefined));
  return { alike: (set) => (set.spec.nodeSelector === undefined ? forPods : forNodes).of(set) };
}

function conditionsOf(set: RuleSet, namespace: string | undefined): readonly LabelExpression[] {
  const { conditions = [] } = set.nodes ?? set.endpoints ?? {};
  return namespace === undefined
    ? conditions
    : [...conditions, { key: NAMESPACE_LABEL, operator: 'In', values: [namespace] }];
}

/** Sets of rules by the values that they require of labels: a set is compared with those only that may have a value in common with it. */
class Overlaps {
  private readonly bySet: ReadonlyMap<RuleSet, Placed>;
  /** By label key, then by value. */
  private readonly requiring = new Map<string, Map<string, Placed[]>>();
  /** By label key: those that require none of its values. */
  private readonly indifferent = new Map<string, readonly Placed[]>();
  /** Results by the conditions: policies of one namespace often have the same. */
  private readonly known = new Map<string, readonly RuleSet[]>();

  constructor(private readonly all: readonly Placed[]) {
    this.bySet = new Map(all.map((one) => [one.set, one]));
    for (const one of all)
      for (const { key, values } of one.conditions.filter(isRequired)) {
        const byValue = this.requiring.get(key) ?? new Map<string, Placed[]>();
        this.requiring.set(key, byValue);
        for (const value of new Set(values)) push(byValue, value, one);
      }
  }

  of(set: RuleSet): readonly RuleSet[] {
    const { conditions = [] } = this.bySet.get(set) ?? {};
    const signature = JSON.stringify(conditions);
    const known =
      this.known.get(signature) ??
      this.candidates(conditions)
        .filter((other) => !contradict([...conditions, ...other.conditions]))
        .map((other) => other.set);
    this.known.set(signature, known);
    return known;
  }

  /** Those that may overlap, by the label that excludes most. */
  private candidates(conditions: readonly LabelExpression[]): readonly Placed[] {
    const lists = conditions.filter(isRequired).map(({ key, values = [] }) => {
      const byValue = this.requiring.get(key);
      return { key, sharing: values.map((value) => byValue?.get(value) ?? []) };
    });
    const counted = lists.map(({ key, sharing }) => {
      const indifferent = this.indifferentTo(key);
      return { indifferent, sharing, count: indifferent.length + sharing.reduce((sum, one) => sum + one.length, 0) };
    });
    const [best] = counted.sort((one, other) => one.count - other.count);
    return best === undefined ? this.all : [...new Set([...best.sharing.flat(), ...best.indifferent])];
  }

  private indifferentTo(key: string): readonly Placed[] {
    const known =
      this.indifferent.get(key) ??
      this.all.filter(({ conditions }) => !conditions.some((one) => one.key === key && isRequired(one)));
    this.indifferent.set(key, known);
    return known;
  }
}

function isRequired({ operator }: LabelExpression): boolean {
  return operator === 'In';
}
