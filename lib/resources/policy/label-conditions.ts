import { plainKey } from '../../resource/ignored-labels';
import { isLabelKey } from '../../kubernetes/names';
import { placedConditions } from '../../kubernetes/selector';
import type { LabelExpression, LabelSelector } from '../../kubernetes/selector';

/** `k8s:app`, `reserved:host`, `app`: the key of a label, with or without where it comes from. */
export function isPolicyLabelKey(text: string): boolean {
  const [first = '', ...rest] = text.split(':');
  return rest.length === 0
    ? isLabelKey(first)
    : rest.length === 1 && /^[A-Za-z0-9]+$/.test(first) && isLabelKey(rest[0] ?? '');
}

/** The conditions of a selector, each as an expression with a plain key. */
export function conditions(selector: LabelSelector): readonly LabelExpression[] {
  return placedConditions('', selector).map(({ key, operator, values }) => ({ key: plainKey(key), operator, values }));
}

/** Whether a selector says something of a label, or of any label whose key begins so. */
export function mentions(selector: LabelSelector, begins: string): boolean {
  return conditions(selector).some(({ key }) => key.startsWith(begins));
}

/** The values that a selector allows for a label, when it lists them. */
export function valuesFor(selector: LabelSelector, key: string): readonly string[] | undefined {
  return conditions(selector).find((condition) => condition.key === key && condition.operator === 'In')?.values;
}

/** Whether no endpoint can fulfil all of these conditions. False when that is open. */
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
