import { push } from '../kubernetes/groups';
import type { LabelExpression } from '../kubernetes/selector';
import { contradict } from './label-conditions';

/** Something with a selector, and the conditions of that. */
export interface Selecting<T> {
  readonly item: T;
  readonly conditions: readonly LabelExpression[];
}

/** Selectors by the values that they require of labels: one is compared with those only that may have a value in common with it. */
export class SelectorOverlaps<T> {
  private readonly byItem: ReadonlyMap<T, Selecting<T>>;
  /** By label key, then by value. */
  private readonly requiring = new Map<string, Map<string, Selecting<T>[]>>();
  /** By label key: those that require none of its values. */
  private readonly indifferent = new Map<string, readonly Selecting<T>[]>();
  /** Results by the conditions: many selectors often have the same. */
  private readonly known = new Map<string, readonly T[]>();

  constructor(private readonly all: readonly Selecting<T>[]) {
    this.byItem = new Map(all.map((one) => [one.item, one]));
    for (const one of all)
      for (const { key, values } of one.conditions.filter(isRequired)) {
        const byValue = this.requiring.get(key) ?? new Map<string, Selecting<T>[]>();
        this.requiring.set(key, byValue);
        for (const value of new Set(values)) push(byValue, value, one);
      }
  }

  /** The items that may select the same as one of them, itself included. */
  of(item: T): readonly T[] {
    const { conditions = [] } = this.byItem.get(item) ?? {};
    const signature = JSON.stringify(conditions);
    const known =
      this.known.get(signature) ??
      this.candidates(conditions)
        .filter((other) => !contradict([...conditions, ...other.conditions]))
        .map((other) => other.item);
    this.known.set(signature, known);
    return known;
  }

  /** The items in groups: each of a group may select the same as another one of it. All have the order of the list. */
  groups(): readonly (readonly T[])[] {
    const bySignature = new Map<string, Selecting<T>[]>();
    for (const one of this.all) push(bySignature, JSON.stringify(one.conditions), one);
    const groupOf = new Map<Selecting<T>, { readonly members: Selecting<T>[] }>();
    for (const members of bySignature.values()) {
      const group = { members };
      for (const one of members) groupOf.set(one, group);
    }
    const unite = (one: Selecting<T>, other: Selecting<T>): void => {
      const [a, b] = [groupOf.get(one), groupOf.get(other)];
      if (a === undefined || b === undefined) return;
      const [large, small] = a.members.length < b.members.length ? [b, a] : [a, b];
      for (const member of small.members) {
        groupOf.set(member, large);
        large.members.push(member);
      }
    };
    for (const [one] of bySignature.values()) {
      if (one === undefined) continue;
      for (const other of this.candidates(one.conditions))
        if (groupOf.get(one) !== groupOf.get(other) && !contradict([...one.conditions, ...other.conditions]))
          unite(one, other);
    }
    const places = new Map(this.all.map((one, i) => [one, i]));
    return [...new Set(groupOf.values())].map(({ members }) =>
      members.sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0)).map(({ item }) => item),
    );
  }

  /** Those that may overlap, by the label that excludes most. */
  private candidates(conditions: readonly LabelExpression[]): readonly Selecting<T>[] {
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

  private indifferentTo(key: string): readonly Selecting<T>[] {
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
