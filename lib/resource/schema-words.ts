import { isMap } from '../kubernetes/json';
import type { Schema } from './schema-file';
import { fitsPattern } from './schema-pattern';

/** A fact and the way out of it. */
export interface Words {
  /** Last part of the finding's id. */
  readonly rule: string;
  readonly message: string;
  readonly hint: string;
}

const TYPES: Readonly<Record<string, string>> = {
  array: 'list',
  boolean: 'true or false',
  integer: 'whole number',
  number: 'number',
  object: 'map',
  string: 'text',
};

/** What belongs at a place: `a list`, `true or false`, `one of A, B`. */
export function wanted({ type, enum: words }: Schema): string {
  if (words !== undefined) return words.length === 1 ? String(words[0]) : `one of ${words.join(', ')}`;
  if (type === undefined) return 'a value';
  const names = (typeof type === 'string' ? [type] : type).map((name) => TYPES[name] ?? name);
  return names.map((name) => (name.startsWith('true') ? name : `a ${name}`)).join(' or ');
}

/** A value in a sentence. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'A list';
  if (isMap(value)) return 'A map';
  if (typeof value !== 'string') return String(value);
  return `'${value.length > 60 ? `${value.slice(0, 59)}…` : value}'`;
}

/** A value that is of another type than the schema's. */
export function typeWords(value: unknown, schema: Schema): Words {
  const message = `${shown(value)} is not ${wanted({ ...schema, enum: undefined })}.`;
  return { rule: 'type', message, hint: typeFix(value, schema) };
}

function typeFix(value: unknown, schema: Schema): string {
  const { type, items } = schema;
  const single = typeof value !== 'object' || value === null;
  if (type === 'string' && single) return `Put it into quotes: '${String(value)}'.`;
  if (type === 'boolean') return 'Write true or false.';
  if (typeof value === 'string' && /^-?\d+$/.test(value) && type !== 'array' && type !== 'object')
    return `Write it without quotes: ${value}.`;
  if (type === 'array' && value !== null && !Array.isArray(value) && (single || items !== undefined)) {
    return single
      ? `Write a list: [${typeof value === 'string' ? `'${value}'` : String(value)}].`
      : 'Write a list: [{ … }].';
  }
  return `Write ${wanted(schema)}.`;
}

/** Texts that tell what a pattern is about, by what it takes and what it does not. */
const KINDS_OF_TEXT: readonly {
  readonly takes: readonly string[];
  readonly not: readonly string[];
  readonly hint: string;
}[] = [
  { takes: ['192.0.2.0/24'], not: ['192.0.2.1', 'a'], hint: 'Write a network such as 192.0.2.0/24.' },
  { takes: ['192.0.2.1', '2001:db8::1'], not: ['192.0.2.0/24', 'a'], hint: 'Write an address such as 192.0.2.1.' },
  { takes: ['64512:100'], not: ['64512:1:1', 'a'], hint: 'Write two numbers such as 64512:100.' },
  { takes: ['64512:1:100'], not: ['64512:1', 'a'], hint: 'Write three numbers such as 64512:1:100.' },
  {
    takes: ['8', 'EchoRequest'],
    not: ['http'],
    hint: 'Write a number from 0 to 255, or the name of an ICMP type such as EchoRequest.',
  },
  { takes: ['80', '65535'], not: ['http', '0'], hint: 'Write a port from 1 to 65535.' },
  {
    takes: ['80', 'http'],
    not: ['', '-'],
    hint: 'Write a port, or the name of one: letters, digits, and dashes between them.',
  },
  {
    takes: ['', 'A.b_c-1'],
    not: ['a b', 'a-'],
    hint: 'Use letters, digits, dashes, dots and underscores, a letter or digit at both ends.',
  },
  {
    takes: ['a-1.b'],
    not: ['A', 'a_b', '*.a'],
    hint: 'Use lower case letters, digits, dashes and dots, a letter or digit at both ends.',
  },
  {
    takes: ['a.example', '*.example', 'a*.example'],
    not: ['a..b', ' a'],
    hint: 'Write a host name; * takes the place of any characters.',
  },
  {
    takes: ['a.example', '*.example', '**.example'],
    not: ['a..b', 'a*.b'],
    hint: 'Write a host name; *. or **. may stand before it.',
  },
  {
    takes: ['a.example', 'A_b'],
    not: ['a..b', '*.a'],
    hint: 'Write nothing but a host name, such as www.example.com; * belongs into a pattern.',
  },
  { takes: ['', 'any text'], not: ['\n'], hint: 'Use characters that can be printed.' },
];
const LONGEST_PATTERN = 80;

/** A text that a pattern does not take. */
export function patternWords(value: unknown, pattern: string): Words {
  const takes = (text: string): boolean => fitsPattern(pattern, text);
  const known = KINDS_OF_TEXT.find((kind) => kind.takes.every(takes) && !kind.not.some(takes));
  const short = pattern.length > LONGEST_PATTERN ? `${pattern.slice(0, LONGEST_PATTERN)}…` : pattern;
  return { rule: 'text', message: `${shown(value)} cannot stand here.`, hint: known?.hint ?? `It must match ${short}` };
}

const FORMATS: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  cidr: ['no network', 'Write one such as 192.0.2.0/24; a single address ends in /32 or /128.'],
  'date-time': ['no time', 'Write one such as 2006-01-02T15:04:05Z.'],
  int32: ['more than 32 bits hold', 'Write a number from -2147483648 to 2147483647.'],
  int64: ['more than 64 bits hold', 'Write a smaller number.'],
  ipv4: ['no IPv4 address', 'Write one such as 192.0.2.1.'],
  ipv6: ['no IPv6 address', 'Write one such as 2001:db8::1.'],
};

/** A value that a format does not take. */
export function formatWords(value: unknown, format: string): Words {
  const [what, hint] = FORMATS[format] ?? [`no ${format}`, `Write a ${format}.`];
  return { rule: format.startsWith('int') ? 'range' : 'text', message: `${shown(value)} is ${what}.`, hint };
}

/** A number beyond its limits. */
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

/** Too many or too few of something: `keyword` is ajv's, `maxItems`. */
export function sizeWords(value: unknown, keyword: string, limit: number): Words {
  const [unit, count] = UNITS[keyword.slice(3)] ?? ['items', () => 0];
  const has = count(value);
  if (limit === 0) return { rule: 'size', message: 'It must stay empty.', hint: 'Leave it out.' };
  if (has === 0)
    return {
      rule: 'size',
      message: 'It is empty.',
      hint: limit === 1 ? 'Fill it, or leave it out.' : `Give at least ${String(limit)} ${unit}.`,
    };
  const most = keyword.startsWith('max');
  const message = `It has ${String(has)} ${unit}, and ${String(limit)} is the ${most ? 'most' : 'least'}.`;
  return { rule: 'size', message, hint: most ? 'Make it shorter.' : 'Make it longer.' };
}

/** Fields of which exactly one (`oneOf`), or at least one (`anyOf`), must be there. */
export function choiceWords(choices: readonly string[], given: readonly string[], exactly: boolean): Words {
  const names = choices.map((name) => `\`${name}\``).join(', ');
  if (given.length > 1) {
    const message = `${given.map((name) => `\`${name}\``).join(' and ')} exclude each other.`;
    return { rule: 'choice', message, hint: 'Keep one of them.' };
  }
  return {
    rule: 'choice',
    message: `None of ${names} is there.`,
    hint: exactly ? 'Write one of them.' : 'Write at least one of them.',
  };
}
