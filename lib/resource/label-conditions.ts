import { isMap } from '../kubernetes/json';
import { isLabelKey } from '../kubernetes/names';
import { placedConditions } from '../kubernetes/selector';
import type { LabelExpression, LabelSelector } from '../kubernetes/selector';
import { plainKey } from './ignored-labels';

/** A label key with or without its source: `k8s:app`, `reserved:host`, `app`. */
export function isPolicyLabelKey(text: string): boolean {
  const [first = '', ...rest] = text.split(':');
  return rest.length === 0
    ? isLabelKey(first)
    : rest.length === 1 && /^[A-Za-z0-9]+$/.test(first) && isLabelKey(rest[0] ?? '');
}

/** The conditions of a selector, each as an expression with the key without its source. Parts of the wrong shape are left out. */
export function conditions({ matchLabels, matchExpressions }: LabelSelector): readonly LabelExpression[] {
  const readable: LabelSelector = {
    matchLabels: isMap(matchLabels) ? matchLabels : {},
    matchExpressions: Array.isArray(matchExpressions)
      ? (matchExpressions as readonly unknown[]).filter(isExpression)
      : [],
  };
  return placedConditions('', readable).map(({ key, operator, values }) => ({ key: plainKey(key), operator, values }));
}

function isExpression(item: unknown): item is LabelExpression {
  return isMap(item) && typeof item.key === 'string' && (item.values === undefined || Array.isArray(item.values));
}

/** The values that conditions allow for a label, when they list them. */
export function valuesFor(all: readonly LabelExpression[], key: string): readonly string[] | undefined {
  return all.find((condition) => condition.key === key && condition.operator === 'In')?.values;
}

/** Whether the conditions contradict each other, so that nothing can match. False when unknown. */
export function contradict(all: readonly LabelExpression[]): boolean {
  return all.some((one, i) =>
    all.slice(i + 1).some((other) => one.key === other.key && (excludes(one, other) || excludes(other, one))),
  );
}

function excludes(a: LabelExpression, b: LabelExpression): boolean {
  const [mine, theirs] = [a.values ?? [], b.values ?? []];
  if (b.operator === 'DoesNotExist') return a.operator === 'In' || a.operator === 'Exists';
  if (a.operator !== 'In') return false;
  if (b.operator === 'In') return !mine.some((value) => theirs.includes(value));
  return b.operator === 'NotIn' && mine.every((value) => theirs.includes(value));
}
