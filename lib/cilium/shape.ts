/**
 * What may stand at each path of the values, as compact data: the generated `imports/cilium-chart/<minor>/shapes.json`.
 *
 * A shape is one of
 * - words, joined by `|`: `boolean`, `integer`, `number`, `string`, `null`, `list` and `map` (of anything), `strings` (a list of
 *   text), `objects` (a list of maps), `texts` (text by name: labels, annotations), `any`, quoted literals (`'crd'`) and a range
 *   (`0..255`, an integer); beside literals `text` says that only these are known, though the chart takes any text;
 * - `{ "enabled": …, "name": … }`: a section, a map with these children and no others, unless `"..."` gives the shape of the rest;
 * - `{ "[]": … }`: a list of such items;
 * - a list of shapes: any of them.
 */
export type Shape = string | ShapeMap | readonly Shape[];

/** A section (`name: shape`, with `...` for all other names) or a list (`[]: shape`). */
export interface ShapeMap {
  readonly [name: string]: Shape;
}

/** The key that stands for "any other name" in a section. */
export const REST = '...';
/** The key that stands for "an item of the list". */
export const ITEM = '[]';

/** Whether the shape is a map with declared children: the only kind of value that is merged name by name with a closed set of names. */
export function isSection(shape: Shape | undefined): shape is ShapeMap {
  return typeof shape === 'object' && !Array.isArray(shape) && !(ITEM in shape);
}

/** Whether names that are not declared are welcome below this shape: a free Kubernetes fragment. */
export function isOpen(shape: ShapeMap): boolean {
  return REST in shape;
}

/** The words of a shape text. */
export function wordsOf(text: string): readonly string[] {
  return text.match(/'[^']*'|[^|']+/g) ?? [];
}
