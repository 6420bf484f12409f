import { isLabelKey, isLabelValue } from './names';

/** One condition of a label selector in text form. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  readonly values: readonly string[];
}

/** What Kubernetes reads of `zone in (a, b),!edge,tier=web`, or why it refuses the text. */
export type LabelQuery =
  | { readonly requirements: readonly LabelRequirement[] }
  | { readonly error: string; readonly requirements?: undefined };

const OPERATORS: Readonly<Record<string, LabelRequirement['operator']>> = {
  in: 'In',
  notin: 'NotIn',
  '=': 'In',
  '==': 'In',
  '!=': 'NotIn',
  '>': 'Gt',
  '<': 'Lt',
};
const SYMBOLS: readonly (string | undefined)[] = ['==', '!=', '=', '!', '(', ')', ',', '<', '>', undefined];

class Refusal extends Error {}

/** Reads a label selector in text form as `labels.Parse` of Kubernetes does. */
export function labelQuery(text: string): LabelQuery {
  const tokens = text.match(/==|!=|[=!(),<>]|[^\s=!(),<>]+/g) ?? [];
  try {
    return { requirements: requirementsOf(tokens) };
  } catch (error) {
    if (error instanceof Refusal) return { error: error.message };
    throw error;
  }
}

function requirementsOf(tokens: readonly string[]): readonly LabelRequirement[] {
  const rest = [...tokens];
  const found: LabelRequirement[] = [];
  while (rest.length > 0) {
    found.push(requirement(rest));
    const comma = rest.shift();
    if (comma === undefined) break;
    if (comma !== ',') throw new Refusal(`found '${comma}', expected ',' or the end`);
    if (rest.length === 0) throw new Refusal("the text ends with ','");
  }
  return found;
}

function requirement(rest: string[]): LabelRequirement {
  const isNegated = rest[0] === '!';
  if (isNegated) rest.shift();
  const key = word(rest, 'a label');
  if (!isLabelKey(key)) throw new Refusal(`'${key}' is not a valid key of a label`);
  if (rest[0] === undefined || rest[0] === ',')
    return { key, operator: isNegated ? 'DoesNotExist' : 'Exists', values: [] };
  if (isNegated) throw new Refusal(`found '${rest[0]}', expected ',' or the end behind '!${key}'`);
  const symbol = rest.shift() ?? '';
  const operator = OPERATORS[symbol];
  if (operator === undefined)
    throw new Refusal(`found '${symbol}', expected one of ${Object.keys(OPERATORS).join(' ')}`);
  const values = symbol === 'in' || symbol === 'notin' ? listOf(rest) : [exactValue(rest)];
  const wrong = values.find((value) => !isLabelValue(value) || (/^[<>]$/.test(symbol) && !/^[+-]?\d+$/.test(value)));
  if (wrong !== undefined) throw new Refusal(`'${wrong}' is not a valid value of '${key}' with '${symbol}'`);
  return { key, operator, values };
}

function word(rest: string[], expected: string): string {
  const found = rest.shift();
  if (found === undefined || SYMBOLS.includes(found))
    throw new Refusal(`found ${found === undefined ? 'the end' : `'${found}'`}, expected ${expected}`);
  return found;
}

/** A missing text is the empty value. */
function exactValue(rest: string[]): string {
  return rest[0] === undefined || rest[0] === ',' ? '' : word(rest, 'a value');
}

function listOf(rest: string[]): readonly string[] {
  if (rest.shift() !== '(') throw new Refusal("expected '('");
  const values: string[] = [];
  let value: string | undefined;
  for (;;) {
    const token = rest.shift();
    if (token === ')') return [...values, value ?? ''];
    if (token === ',') {
      values.push(value ?? '');
      value = undefined;
    } else if (value !== undefined || SYMBOLS.includes(token))
      throw new Refusal(`found ${token === undefined ? 'the end' : `'${token}'`}, expected ',' or ')'`);
    else value = token;
  }
}
