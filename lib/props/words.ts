/** What is expected, and how to repair what came instead, in words. */
import { nearest } from '../rules/nearest';
import { quoted } from '../rules/words';
import type { AnyShape, Form } from './shape';

/** What belongs somewhere, with its article: `a string`, `one of 'a', 'b'`. */
export function expected({ form }: AnyShape): string {
  switch (form.is) {
    case 'anything':
      return 'a value';
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'integer':
      if (form.from === Number.MIN_SAFE_INTEGER) return 'an integer';
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
      return joined([...new Set(form.of.map(expected))]);
    case 'like':
    case 'checked':
      return form.what;
    default:
      return `a ${form.is}`;
  }
}

/** Alternatives that are lists themselves have a comma between them. */
function joined(alternatives: readonly string[]): string {
  return alternatives.join(alternatives.some((one) => / or |, /.test(one)) ? ', or ' : ' or ');
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

/** The way out for a value that does not have its shape. */
export function repair(value: unknown, { form }: AnyShape): string {
  if (form.is === 'like') return typeof form.hint === 'string' ? form.hint : form.hint(value);
  const forms = alternatives(form);
  const has = (...kinds: readonly Form['is'][]): boolean => forms.some(({ is }) => kinds.includes(is));
  const words = forms.flatMap((one) => (one.is === 'words' ? one.words : []));
  if (typeof value === 'string') {
    if (has('boolean') && /^(true|false)$/.test(value)) return `Write it without quotes: ${value}.`;
    if (has('integer', 'number') && /^-?\d+(\.\d+)?$/.test(value)) return `Write it without quotes: ${value}.`;
    const word = nearest(value, words);
    if (word !== undefined) return `Did you mean '${word}'?`;
    if (forms.some(holdsText)) return `Write a list: [${quoted(value)}].`;
  }
  if ((typeof value === 'number' && Number.isFinite(value)) || typeof value === 'boolean') {
    if (has('string') || words.includes(String(value))) return `Put it in quotes: '${String(value)}'.`;
  }
  const alternative = forms.find(({ is }) => is === 'like');
  return alternative === undefined ? example({ form }) : repair(value, { form: alternative });
}

function alternatives(form: Form): readonly Form[] {
  return form.is === 'either' ? form.of.flatMap((one) => alternatives(one.form)) : [form];
}

function holdsText(form: Form): boolean {
  return form.is === 'list' && !['map', 'props', 'list'].includes(form.of.form.is);
}

/** How to write what belongs somewhere. */
export function example(shape: AnyShape): string {
  const { form } = shape;
  if (form.is !== 'props') return `Write ${expected(shape)}.`;
  const names = Object.entries(form.of).flatMap(([name, one]) => (one.needed === true ? [`${name}: …`] : []));
  return names.length === 0 ? 'Write a map: { … }.' : `Write a map: { ${names.join(', ')} }.`;
}
