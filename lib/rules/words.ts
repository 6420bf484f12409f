/** What came instead of what was expected, in words. */
import { isList, isObject } from './proxies';

const LONGEST = 60;

/** What came, short enough for a sentence; nothing of JavaScript's own in it. */
export function actual(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number')
    return Number.isNaN(value) ? 'an invalid number' : Number.isFinite(value) ? String(value) : 'an infinite number';
  if (typeof value === 'boolean' || value === null) return String(value);
  if (isList(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value !== 'object') return `a ${typeof value}`;
  const name = isPlain(value) ? '' : className(value);
  return name === '' ? 'a map' : `an instance of ${name}`;
}

/** A text in quotes, cut where it is long. */
export function quoted(value: string): string {
  const whole = JSON.stringify(value);
  return whole.length > LONGEST ? `${whole.slice(0, LONGEST - 2)}…"` : whole;
}

function className(value: object): string {
  try {
    const { constructor } = value as { readonly constructor?: { readonly name?: unknown } | null };
    return typeof constructor?.name === 'string' ? constructor.name : '';
  } catch {
    return '';
  }
}

/** Whether something is a map as JSON has them: a literal of any realm, or one without a prototype. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isObject(value)) return false;
  try {
    const prototype = Object.getPrototypeOf(value) as object | null;
    return prototype === null || Object.getPrototypeOf(prototype) === null;
  } catch {
    return false;
  }
}

/** `the agent, Envoy and the operator`. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

/**
 * The first three of many names, and how many more there are: `a, b, c and 27 more`.
 * @param last what is before the last of few. @default ' and '
 */
export function someOf(names: readonly string[], last = ' and '): string {
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} and ${String(names.length - 3)} more`;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')}${last}${names.at(-1) ?? ''}`;
}

/** A sentence from its words. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
