/** What is expected, what came instead, and how to repair it, in words. */
import { nearest } from './nearest';
import type { AnyShape, Form } from '../props/shape';

const LONGEST = 60;

/** What belongs somewhere, with its article: `a string`, `one of 'a', 'b'`. */
export function expected({ form }: AnyShape): string {
  switch (form.is) {
    case 'anything':
      return 'a value';
    case 'boolean':
      return 'true or false';
    case 'integer':
      return form.to === Number.MAX_SAFE_INTEGER
        ? `an integer from ${String(form.from)} on`
        : `an integer from ${String(form.from)} to ${String(form.to)}`;
    case 'words':
      return form.words.length === 1
        ? `'${form.words.join('')}'`
        : `one of ${form.words.map((word) => `'${word}'`).join(', ')}`;
    case 'list':
      return isPlural(form.of.form) ? `a list of ${PLURALS[form.of.form.is]}` : 'a list';
    case 'map':
    case 'props':
      return 'a map';
    case 'either':
      return [...new Set(form.of.map(expected))].join(' or ');
    case 'like':
    case 'checked':
      return form.what;
    default:
      return `a ${form.is}`;
  }
}

const PLURALS = {
  boolean: 'true or false',
  string: 'strings',
  number: 'numbers',
  function: 'functions',
  map: 'maps',
  props: 'maps',
} as const;

function isPlural(form: Form): form is Form & { readonly is: keyof typeof PLURALS } {
  return form.is in PLURALS;
}

/** What came, short enough for a sentence; nothing of JavaScript's own in it. */
export function actual(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number')
    return Number.isNaN(value) ? 'an invalid number' : Number.isFinite(value) ? String(value) : 'an infinite number';
  if (typeof value === 'boolean' || value === null) return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
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
  const { constructor } = value as { readonly constructor?: { readonly name?: unknown } | null };
  return typeof constructor?.name === 'string' ? constructor.name : '';
}

/** Whether something is a map as JSON has them: a literal of any realm, or one without a prototype. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The way out for a value that does not have its shape. */
export function repair(value: unknown, { form }: AnyShape): string {
  if (form.is === 'like') return typeof form.hint === 'string' ? form.hint : form.hint(value);
  const forms = form.is === 'either' ? form.of.map((one) => one.form) : [form];
  const has = (...kinds: readonly Form['is'][]): boolean => forms.some(({ is }) => kinds.includes(is));
  if (typeof value === 'string') {
    if (has('boolean') && /^(true|false)$/.test(value)) return `Write it without quotes: ${value}.`;
    if (has('integer', 'number') && /^-?\d+(\.\d+)?$/.test(value)) return `Write it without quotes: ${value}.`;
    const word = nearest(
      value,
      forms.flatMap((one) => (one.is === 'words' ? one.words : [])),
    );
    if (word !== undefined) return `Did you mean '${word}'?`;
    if (has('list')) return `Write a list: [${quoted(value)}].`;
  }
  if ((typeof value === 'number' && Number.isFinite(value)) || typeof value === 'boolean') {
    if (has('string')) return `Put it in quotes: '${String(value)}'.`;
  }
  const alternative = forms.find(({ is }) => is === 'like');
  return alternative === undefined ? example({ form }) : repair(value, { form: alternative });
}

/** How to write what belongs somewhere. */
export function example(shape: AnyShape): string {
  const { form } = shape;
  if (form.is !== 'props') return `Write ${expected(shape)}.`;
  const names = Object.entries(form.of).flatMap(([name, one]) => (one.needed === true ? [`${name}: …`] : []));
  return names.length === 0 ? 'Write a map: { … }.' : `Write a map: { ${names.join(', ')} }.`;
}
