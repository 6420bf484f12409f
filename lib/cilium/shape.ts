import { anything, boolean, integer, listOf, mapOf, nil, number, oneOf, text, textOrNull } from '../props/shape';
import type { AnyShape } from '../props/shape';

/**
 * The allowed values at each path, as compact data: the generated `imports/cilium-chart/<minor>/shapes.json`.
 *
 * A shape is one of
 * - words, joined by `|`: `boolean`, `integer`, `number`, `string`, `null`, `map` (of anything), `strings` (a list of
 *   text), `objects` (a list of maps), `texts` (text by name: labels, annotations), `any`, quoted literals (`'crd'`) and a range
 *   (`0..255`, an integer); next to literals `text` means that only these are known, though the chart accepts any string;
 * - `{ "enabled": …, "name": … }`: a section, a map with these children and no others, unless `"..."` gives the shape of the rest;
 * - `{ "[]": … }`: a list of such items;
 * - a list of shapes: any of them.
 */
export type Shape = string | ShapeMap | readonly Shape[];

/** A section (`name: shape`, with `...` for all other names) or a list (`[]: shape`). */
export interface ShapeMap {
  readonly [name: string]: Shape;
}

/** The key for any other name in a section. */
export const REST = '...';
/** The key for the items of a list. */
export const ITEM = '[]';

/** Whether the shape is a map with declared children: the only kind of value that is merged name by name with a closed set of names. */
export function isSection(shape: Shape | undefined): shape is ShapeMap {
  return typeof shape === 'object' && !Array.isArray(shape) && !(ITEM in shape);
}

/** Whether undeclared names are allowed below this shape: a Kubernetes fragment. */
export function isOpen(shape: ShapeMap): boolean {
  return REST in shape;
}

/** The words of a shape string. */
export function wordsOf(text: string): readonly string[] {
  return text.match(/'[^']*'|[^|']+/g) ?? [];
}

const WORDS: Readonly<Record<string, AnyShape>> = {
  any: anything,
  boolean,
  integer: integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  map: mapOf(anything),
  null: nil,
  number,
  objects: listOf(mapOf(anything)),
  string: text,
  strings: listOf(text),
  texts: mapOf(textOrNull),
};

/** A shape in the form of props, which validates and describes values. The content of sections and items is open. */
export function formOf(shape: Shape): AnyShape {
  if (isChoice(shape)) return anyOf(shape.map(formOf));
  if (typeof shape === 'object') return ITEM in shape ? listOf(anything) : mapOf(anything);
  const words = wordsOf(shape).filter((word) => word !== 'text');
  const literals = words.filter((word) => word.startsWith("'")).map((word) => word.slice(1, -1));
  const others = words.filter((word) => !word.startsWith("'")).map((word) => WORDS[word] ?? rangeOf(word));
  return anyOf(literals.length > 0 ? [oneOf(...literals), ...others] : others);
}

/** Whether any of several shapes is allowed. */
export function isChoice(shape: Shape): shape is readonly Shape[] {
  return Array.isArray(shape);
}

function anyOf(of: readonly AnyShape[]): AnyShape {
  return of.length === 1 ? (of[0] ?? anything) : { form: { is: 'either', of } };
}

function rangeOf(word: string): AnyShape {
  const [from = 0, to = 0] = word.split('..').map(Number);
  return integer(from, to);
}
