import { problem } from '../rules/rule';
import type { Problem } from '../rules/rule';
import { actual, quoted } from '../rules/words';
import { isMap } from './json';
import { LABEL_KEY_HINT, LABEL_VALUE_HINT } from './metadata-checks';
import { isLabelKey, isLabelValue } from './names';

/** One condition of a {@link LabelSelector}. `In` and `NotIn` need values, `Exists` and `DoesNotExist` must have none. */
export interface LabelExpression {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

/** Selects objects by their labels: all conditions must hold; an empty selector selects all. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelExpression[];
}

const WITH_VALUES: readonly string[] = ['In', 'NotIn'];
const WITHOUT_VALUES: readonly string[] = ['Exists', 'DoesNotExist'];
const OPERATORS = [...WITH_VALUES, ...WITHOUT_VALUES];

/**
 * What an API server refuses of a selector; none for a selector that is not given.
 * @param isKey what counts as the key of a label.
 */
export function selectorProblems(
  path: string,
  selector: LabelSelector | undefined,
  isKey: (text: string) => boolean = isLabelKey,
): readonly Problem[] {
  if (selector === undefined) return [];
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
    ...Object.entries(matchLabels).flatMap(([key, value]) => [
      ...(isKey(key) ? [] : [keyProblem(`${path}.matchLabels`, key)]),
      ...valueProblems(labelPath(`${path}.matchLabels`, key), value),
    ]),
    ...matchExpressions.flatMap((expression, i) =>
      expressionProblems(`${path}.matchExpressions[${String(i)}]`, expression, isKey),
    ),
  ];
}

function keyProblem(at: string, key: string): Problem {
  return problem(at, `${quoted(key)} is not a valid key of a label.`, LABEL_KEY_HINT);
}

function expressionProblems(
  path: string,
  { key, operator, values = [] }: LabelExpression,
  isKey: (text: string) => boolean,
): readonly Problem[] {
  return [
    ...(isKey(key) ? [] : [keyProblem(`${path}.key`, key)]),
    ...(OPERATORS.includes(operator)
      ? []
      : [problem(`${path}.operator`, `'${operator}' is not a valid operator.`, `Use ${OPERATORS.join(', ')}.`)]),
    ...(WITH_VALUES.includes(operator) && values.length === 0
      ? [problem(`${path}.values`, `${operator} has no values.`, 'Give at least one.')]
      : []),
    ...(WITHOUT_VALUES.includes(operator) && values.length > 0
      ? [problem(`${path}.values`, `${operator} must have no values.`, 'Leave them out.')]
      : []),
    ...values.flatMap((value, i) => valueProblems(`${path}.values[${String(i)}]`, value)),
  ];
}

function valueProblems(at: string, value: unknown): readonly Problem[] {
  if (typeof value !== 'string') return [problem(at, `Expected a string, got ${actual(value)}.`, 'Put it in quotes.')];
  return isLabelValue(value)
    ? []
    : [problem(at, `${quoted(value)} is not a valid value of a label.`, LABEL_VALUE_HINT)];
}

/** The path of a label below that of its map, as findings of a schema write it: `matchLabels.app`, `matchLabels['a.b/c']`. */
function labelPath(path: string, key: string): string {
  return /^[A-Za-z_$][\w$-]*$/.test(key) ? `${path}.${key}` : `${path}['${key}']`;
}

/** Whether a selector matches labels, as in Kubernetes; one that is not given matches all. */
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

/** One condition of a selector, with its path. */
export interface PlacedCondition extends LabelExpression {
  readonly at: string;
}

/** Each condition of a selector as an expression, with its path. */
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

/** Whether a condition excludes objects. */
export function isNegative(operator: LabelExpression['operator']): boolean {
  return operator === 'NotIn' || operator === 'DoesNotExist';
}
