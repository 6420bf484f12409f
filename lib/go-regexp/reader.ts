/** Flags of a Go expression that change what it matches. */
export interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
}

/** A regular expression while it is read. */
export interface Reader {
  /** Its characters, one code point each. */
  readonly text: readonly string[];
  position: number;
  flags: Flags;
  depth: number;
}

/** The character at the reader's place. */
export function peek({ text, position }: Reader): string | undefined {
  return text[position];
}

/** Whether a text stands at the reader's place. */
export function at({ text, position }: Reader, what: string): boolean {
  return text.slice(position, position + what.length).join('') === what;
}

/** The character at the reader's place, which moves on. */
export function take(reader: Reader): string {
  return reader.text[reader.position++] ?? fail('it ends too early');
}

/** Ends the reading. @throws SyntaxError always. */
export function fail(says: string): never {
  throw new SyntaxError(says);
}
