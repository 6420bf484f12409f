/** Says in words what a value may be, what it is, and how to repair it. */
import { distance } from 'fastest-levenshtein';
import type { Json } from '../kubernetes/json';
import type { Shape } from './shape';
import { ITEM, wordsOf } from './shape';

const WORDS: Readonly<Record<string, string>> = {
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  string: 'text',
  null: 'null',
  list: 'a list',
  map: 'a map',
  strings: 'a list of text',
  objects: 'a list of maps',
  texts: 'a map of text',
  any: 'anything',
};

/** What a shape takes: `true or false, or null`. */
export function expected(shape: Shape): string {
  return choices(shape).join(', or ');
}

function choices(shape: Shape): readonly string[] {
  if (Array.isArray(shape)) return [...new Set((shape as readonly Shape[]).flatMap(choices))];
  if (typeof shape === 'object') return [ITEM in shape ? 'a list' : 'a map'];
  const words = wordsOf(shape as string);
  const literals = words.filter((word) => word.startsWith("'")).map((word) => JSON.stringify(word.slice(1, -1)));
  const others = words
    .filter((word) => !word.startsWith("'") && word !== 'text')
    .map((word) => WORDS[word] ?? word.replace('..', ' to '));
  return [...(literals.length > 0 ? [`one of ${literals.join(', ')}`] : []), ...others];
}

/** What a value is, short enough for a sentence: `the text "yes"`, `the number 5`, `a list of 3`. */
export function actual(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return `the text ${shorten(JSON.stringify(value))}`;
  return typeof value === 'number' ? `the number ${value}` : String(value);
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}

/** How to repair a value of a wrong type. */
export function repair(value: Json, shape: Shape): string {
  const words = flatWords(shape);
  const literals = words.filter((word) => word.startsWith("'")).map((word) => word.slice(1, -1));
  if (typeof value === 'string') {
    if (words.includes('boolean') && /^(true|false)$/.test(value)) return `Write it without quotes: ${value}.`;
    if (words.some((word) => /^(integer|number)$|\.\./.test(word)) && /^-?\d+(\.\d+)?$/.test(value))
      return `Write it without quotes: ${value}.`;
    const meant = literals
      .map((word) => ({ word, far: distance(word.toLowerCase(), value.toLowerCase()) }))
      .sort((a, b) => a.far - b.far)[0];
    if (meant !== undefined && meant.far <= Math.max(1, meant.word.length / 3)) return `Did you mean "${meant.word}"?`;
    if (words.includes('strings')) return `Write a list: [${JSON.stringify(value)}].`;
  }
  if (typeof value === 'number' || typeof value === 'boolean') {
    if ((typeof value === 'number' && words.includes('string')) || literals.includes(String(value)))
      return `Put it in quotes: "${value}".`;
  }
  return `Write ${expected(shape)}.`;
}

function flatWords(shape: Shape): readonly string[] {
  if (Array.isArray(shape)) return (shape as readonly Shape[]).flatMap(flatWords);
  return typeof shape === 'string' ? wordsOf(shape) : [];
}
