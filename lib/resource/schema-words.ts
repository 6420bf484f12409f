import type { AnyShape, Form } from '../props/shape';
import { expected, repair } from '../props/words';
import { actual } from '../rules/words';
import type { Schema } from './schema-file';
import { fitsPattern } from './schema-pattern';

/** Message and hint of a finding. */
export interface Words {
  /** Last part of the finding's id. */
  readonly rule: string;
  readonly message: string;
  readonly hint: string;
}

const FORMS: Readonly<Record<string, (schema: Schema) => Form>> = {
  array: ({ items }) => ({ is: 'list', of: items === undefined ? ANYTHING : shapeOf(items) }),
  boolean: () => ({ is: 'boolean' }),
  integer: ({ minimum: from = Number.MIN_SAFE_INTEGER, maximum: to = Number.MAX_SAFE_INTEGER }) => ({
    is: 'integer',
    from,
    to,
  }),
  number: () => ({ is: 'number' }),
  object: () => ({ is: 'map', of: ANYTHING }),
  string: () => ({ is: 'string' }),
};
const ANYTHING: AnyShape = { form: { is: 'anything' } };

/** The shape that a schema describes: props and resources share its words. */
export function shapeOf(schema: Schema): AnyShape {
  const { type, enum: words, $ref } = schema;
  if (words !== undefined) return { form: { is: 'words', words: words.map(String) } };
  const types = type === undefined ? ($ref === undefined ? [] : ['object']) : [type].flat();
  const shapes = types.map((name): AnyShape => ({ form: FORMS[name]?.(schema) ?? ANYTHING.form }));
  const [only = ANYTHING, ...more] = shapes;
  return more.length === 0 ? only : { form: { is: 'either', of: shapes } };
}

/** A value of another type, or that is not among the values of its schema. */
export function valueWords(rule: 'type' | 'word', value: unknown, schema: Schema): Words {
  const shape = shapeOf(rule === 'type' ? { ...schema, enum: undefined } : schema);
  const message = `Expected ${expected(shape)}, got ${actual(value)}.`;
  return { rule, message, hint: repair(value, shapeOf(schema)) };
}

/** What patterns are about, by texts that they match and that they do not. */
const KINDS_OF_TEXT: readonly {
  readonly matches: readonly string[];
  readonly not: readonly string[];
  readonly hint: string;
}[] = [
  { matches: ['192.0.2.0/24'], not: ['192.0.2.1', 'a'], hint: 'Write a network such as 192.0.2.0/24.' },
  { matches: ['192.0.2.1', '2001:db8::1'], not: ['192.0.2.0/24', 'a'], hint: 'Write an address such as 192.0.2.1.' },
  { matches: ['64512:100'], not: ['64512:1:1', 'a'], hint: 'Write two numbers such as 64512:100.' },
  { matches: ['64512:1:100'], not: ['64512:1', 'a'], hint: 'Write three numbers such as 64512:1:100.' },
  {
    matches: ['8', 'EchoRequest'],
    not: ['http'],
    hint: 'Write a number from 0 to 255, or the name of an ICMP type such as EchoRequest.',
  },
  { matches: ['80', '65535'], not: ['http', '0'], hint: 'Write a port from 1 to 65535.' },
  {
    matches: ['a-1.b'],
    not: ['A', 'a_b', '*.a'],
    hint: 'Use lower case letters, digits, dashes and dots, a letter or digit at both ends.',
  },
  {
    matches: ['a.example', '*.a.example'],
    not: ['A', 'a*.b', '**.a'],
    hint: 'Write a host name in lower case letters; it may start with *.',
  },
  {
    matches: ['80', 'http'],
    not: ['', '-'],
    hint: 'Write a port, or the name of one: letters, digits, and dashes between them.',
  },
  {
    matches: ['', 'A.b_c-1'],
    not: ['a b', 'a-'],
    hint: 'Use letters, digits, dashes, dots and underscores, a letter or digit at both ends.',
  },
  {
    matches: ['a.example', '*.example', 'a*.example'],
    not: ['a..b', ' a'],
    hint: 'Write a host name; * matches any characters.',
  },
  {
    matches: ['a.example', '*.example', '**.example'],
    not: ['a..b', 'a*.b'],
    hint: 'Write a host name; it may start with *. or **.',
  },
  {
    matches: ['a.example', 'A_b'],
    not: ['a..b', '*.a'],
    hint: 'Write only a host name, such as www.example.com; * belongs into a pattern.',
  },
  { matches: ['', 'any text'], not: ['\n'], hint: 'Use printable characters.' },
];
const LONGEST_PATTERN = 80;

/** A text that a pattern does not match. */
export function patternWords(value: unknown, pattern: string): Words {
  const fits = (text: string): boolean => fitsPattern(pattern, text);
  const known = KINDS_OF_TEXT.find(({ matches, not }) => matches.every(fits) && !not.some(fits));
  const short = pattern.length > LONGEST_PATTERN ? `${pattern.slice(0, LONGEST_PATTERN)}…` : pattern;
  return {
    rule: 'text',
    message: `${actual(value)} is not valid here.`,
    hint: known?.hint ?? `It must match \`${short}\`.`,
  };
}

const FORMATS: Readonly<Record<string, readonly [fact: string, hint: string]>> = {
  cidr: ['is not a network', 'Write one such as 192.0.2.0/24; a single address ends in /32 or /128.'],
  'date-time': ['is not a time', 'Write one such as 2006-01-02T15:04:05Z.'],
  int32: ['does not fit into 32 bits', 'Write a number from -2147483648 to 2147483647.'],
  int64: ['does not fit into 64 bits', 'Write a smaller number.'],
  ipv4: ['is not an IPv4 address', 'Write one such as 192.0.2.1.'],
  ipv6: ['is not an IPv6 address', 'Write one such as 2001:db8::1.'],
};

/** A value that does not have its format. */
export function formatWords(value: unknown, format: string): Words {
  const [fact, hint] = FORMATS[format] ?? [`is not of the format ${format}`, `Write a ${format}.`];
  return { rule: format.startsWith('int') ? 'range' : 'text', message: `${actual(value)} ${fact}.`, hint };
}

/** A number out of range. */
export function rangeWords(value: unknown, { minimum, maximum }: Schema): Words {
  const low = minimum !== undefined && Number(value) < minimum;
  const message = low
    ? `${String(value)} is less than ${String(minimum)}.`
    : `${String(value)} is more than ${String(maximum)}.`;
  const limits =
    minimum === undefined
      ? `at most ${String(maximum)}`
      : maximum === undefined
        ? `at least ${String(minimum)}`
        : `${String(minimum)} to ${String(maximum)}`;
  return { rule: 'range', message, hint: `Write ${limits}.` };
}

const UNITS: Readonly<Record<string, readonly [unit: string, count: (value: unknown) => number]>> = {
  Items: ['items', (value) => (value as readonly unknown[]).length],
  Length: ['characters', (value) => Array.from(value as string).length],
  Properties: ['entries', (value) => Object.keys(value as object).length],
};

/** Too many or too few items, characters or entries: `keyword` is ajv's, `maxItems`. */
export function sizeWords(value: unknown, keyword: string, limit: number): Words {
  const [unit, count] = UNITS[keyword.slice(3)] ?? ['items', () => 0];
  const has = count(value);
  if (limit === 0) return { rule: 'size', message: 'It must be empty.', hint: 'Leave it out.' };
  if (has === 0)
    return {
      rule: 'size',
      message: 'It is empty.',
      hint: limit === 1 ? 'Fill it, or leave it out.' : `Give at least ${String(limit)} ${unit}.`,
    };
  const most = keyword.startsWith('max');
  const message = `It has ${String(has)} ${unit}; at ${most ? 'most' : 'least'} ${String(limit)} are ${most ? 'allowed' : 'required'}.`;
  return { rule: 'size', message, hint: most ? 'Make it shorter.' : 'Make it longer.' };
}

/** Fields of which exactly one (`oneOf`), or at least one (`anyOf`), are required. */
export function choiceWords(choices: readonly string[], given: readonly string[], exactly: boolean): Words {
  const names = choices.map((name) => `\`${name}\``).join(', ');
  if (given.length > 1) {
    const message = `${given.map((name) => `\`${name}\``).join(' and ')} exclude each other.`;
    return { rule: 'choice', message, hint: 'Keep one of them.' };
  }
  return {
    rule: 'choice',
    message: `None of ${names} is given.`,
    hint: exactly ? 'Write one of them.' : 'Write at least one of them.',
  };
}
