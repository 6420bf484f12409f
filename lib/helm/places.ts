/** Where values are written in a text. */

/** A place in a text, counted from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** The places of a value and of everything in it: of an entry its name, of an item of a list its value. */
export interface PlaceTree<P = TextPlace> {
  readonly at: P;
  /** By name, or by index in a list. */
  readonly below: ReadonlyMap<string, PlaceTree<P>>;
  /** Of a literal block, `|`: the line of its first line, and how far its lines are indented. */
  readonly block?: { readonly line: number; readonly indent: number } | undefined;
}
