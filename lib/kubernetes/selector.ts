import type { Finding } from '../rules/finding';
import { isLabelKey, isLabelValue } from './names';
import { actual } from '../rules/words';
import { isMap } from './json';

/** One condition of a {@link LabelSelector}. `In` and `NotIn` need values, `Exists` and `DoesNotExist` take none. */
export interface LabelExpression {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

/** Which objects are meant, by their labels: all conditions must hold; an empty selector means all. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelExpression[];
}

const WITH_VALUES: readonly string[] = ['In', 'NotIn'];
const WITHOUT_VALUES: readonly string[] = ['Exists', 'DoesNotExist'];

/**
 * What is wrong with a selector, under the id `<subject>/selector`; nothing for a selector that is not given.
 * @param isKey what counts as the key of a label.
 */
export function selectorFindings(
  subject: string,
  path: string,
  selector: LabelSelector | undefined,
  isKey: (text: string) => boolean = isLabelKey,
): readonly Finding[] {
  if (selector === undefined) return [];
  const problem = (at: string, message: string, hint: string): Finding => ({
    id: `${subject}/selector`,
    level: 'error',
    paths: [at],
    message,
    hint,
  });
  if (!isMap(selector as unknown))
    return [problem(path, 'A selector is a map.', 'Write `{ matchLabels: { … } }` or `{ matchExpressions: [ … ] }`.')];
  const { matchLabels = {}, matchExpressions = [], ...rest } = selector;
  return [
    ...Object.keys(rest).map((key) =>
      problem(
        labelPath(path, key),
        'A selector has only matchLabels and matchExpressions.',
        `Write \`${path}: { matchLabels: { ${key}: … } }\` for a label.`,
      ),
    ),
    ...labelFindings(`${path}.matchLabels`, matchLabels, isKey, problem),
    ...matchExpressions.flatMap((expression, i) =>
      expressionFindings(`${path}.matchExpressions[${String(i)}]`, expression, isKey, problem),
    ),
  ];
}

/** The path of a label below that of its map, as findings of a schema write it: `matchLabels.app`, `matchLabels['a.b/c']`. */
export function labelPath(path: string, key: string): string {
  return /^[A-Za-z_$][\w$-]*$/.test(key) ? `${path}.${key}` : `${path}['${key}']`;
}

type Problem = (at: string, message: string, hint: string) => Finding;
type IsKey = (text: string) => boolean;

const KEY_FIX =
  'Use letters, digits, dashes, dots and underscores, at most 63, with a DNS name and a slash before it if you like.';
const VALUE_FIX = 'Use at most 63 letters, digits, dashes, dots and underscores, a letter or digit at both ends.';

function labelFindings(
  path: string,
  labels: Readonly<Record<string, string>>,
  isKey: IsKey,
  problem: Problem,
): readonly Finding[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...(isKey(key) ? [] : [problem(path, `'${key}' is no label key.`, KEY_FIX)]),
    ...valueFindings(labelPath(path, key), value, problem),
  ]);
}

function expressionFindings(
  path: string,
  { key, operator, values = [] }: LabelExpression,
  isKey: IsKey,
  problem: Problem,
): readonly Finding[] {
  const known = [...WITH_VALUES, ...WITHOUT_VALUES];
  return [
    ...(isKey(key) ? [] : [problem(`${path}.key`, `'${key}' is no label key.`, KEY_FIX)]),
    ...(known.includes(operator)
      ? []
      : [problem(`${path}.operator`, `'${operator}' is no operator.`, `Use ${known.join(', ')}.`)]),
    ...(WITH_VALUES.includes(operator) && values.length === 0
      ? [problem(`${path}.values`, `${operator} has no values.`, 'Give at least one.')]
      : []),
    ...(WITHOUT_VALUES.includes(operator) && values.length > 0
      ? [problem(`${path}.values`, `${operator} takes no values.`, 'Leave them out.')]
      : []),
    ...values.flatMap((value, i) => valueFindings(`${path}.values[${String(i)}]`, value, problem)),
  ];
}

function valueFindings(path: string, value: unknown, problem: Problem): readonly Finding[] {
  if (typeof value !== 'string')
    return [problem(path, `Expected a string, got ${actual(value)}.`, 'Put it in quotes.')];
  return isLabelValue(value) ? [] : [problem(path, `'${value}' is no label value.`, VALUE_FIX)];
}

/** Whether a selector matches labels, as Kubernetes does it; one that is not given matches all. */
export function selects(selector: LabelSelector | undefined, labels: Readonly<Record<string, unknown>>): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((expression) => holds(expression, labels[expression.key]))
  );
}

function holds({ operator, values = [] }: LabelExpression, value: unknown): boolean {
  switch (operator) {
    case 'In':
      return values.includes(value as string);
    case 'NotIn':
      return !values.includes(value as string);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

/** One condition of a selector, with its place. */
export interface PlacedCondition extends LabelExpression {
  readonly at: string;
}

/** Each condition of a selector as an expression, with the path at which it stands. */
export function placedConditions(
  path: string,
  { matchLabels = {}, matchExpressions = [] }: LabelSelector = {},
): readonly PlacedCondition[] {
  return [
    ...Object.entries(matchLabels).map(([key, value]): PlacedCondition => ({
      at: labelPath(`${path}.matchLabels`, key),
      key,
      operator: 'In',
      values: [value],
    })),
    ...matchExpressions.map((expression, i): PlacedCondition => ({
      ...expression,
      at: `${path}.matchExpressions[${String(i)}]`,
    })),
  ];
}

/** Whether a condition leaves out rather than chooses. */
export function isNegative(operator: LabelExpression['operator']): boolean {
  return operator === 'NotIn' || operator === 'DoesNotExist';
}
