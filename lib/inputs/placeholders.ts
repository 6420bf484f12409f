/**
 * Placeholders in texts that another program fills before Helm reads them: `${NAME}` of Flux and envsubst, `{{ … }}` of Jinja, gomplate,
 * helmfile and Argo CD, `#{ … }#` of makejinja. What has a value is replaced in the text; the rest becomes a mark that every parser reads as text.
 */
import type { TextPlace } from '../helm/places';

/** A placeholder that has no value. */
export interface Placeholder {
  /** As written, `${CLUSTER_ID}`. */
  readonly text: string;
  /** The name for `--var`. */
  readonly name: string;
}

/** A text that can be parsed, and how it differs from the one that was written. */
export interface PreparedText {
  readonly text: string;
  /** The place of an offset in the text that was written. */
  readonly placeAt: (offset: number) => TextPlace;
  /** By the number in their marks. */
  readonly placeholders: readonly Placeholder[];
  /** The first statement of a template, `{% if … %}`, that was left out: nothing evaluates it. */
  readonly statement?: { readonly text: string; readonly place: TextPlace } | undefined;
}

/** Values of placeholders by name. */
export type Variables = Readonly<Record<string, string>>;

const OPEN = '\uE000';
const CLOSE = '\uE001';
const MARK = new RegExp(`${OPEN}(\\d+)${CLOSE}`, 'g');

const ANY = new RegExp(
  [
    // $${NAME} is text to Flux.
    String.raw`(?<escaped>\$\$\{)`,
    // ${1} is a group of a regular expression.
    String.raw`\$\{(?<variable>[A-Za-z_][^}\n]{0,2000})\}`,
    // The limits keep the time linear where nothing closes.
    String.raw`\{\{(?<braces>[\s\S]{0,2000}?)\}\}`,
    String.raw`\{%(?<jinja>[\s\S]{0,2000}?)%\}`,
    String.raw`(?<comment>\{#[\s\S]{0,2000}?#\}|#\|[^\n]{0,2000}?#\|)`,
    String.raw`#\{(?<hash>[^\n]{0,2000}?)\}#`,
    String.raw`(?<line>#%[^\n]{0,2000}?%#)`,
  ].join('|'),
  'g',
);

/** Words that begin a statement of Go's templates. */
const STATEMENT = /^-?\s*(?:if|else|end|range|with|define|template|block|break|continue|\/\*|\$\w+\s*:?=)/;

/** Prepares a text for a parser. */
export function prepare(text: string, variables: Variables = {}): PreparedText {
  const placeholders: Placeholder[] = [];
  const pieces = new Pieces(text);
  let statement: PreparedText['statement'];
  for (const match of text.matchAll(ANY)) {
    const [whole] = match;
    const { escaped, variable, braces, jinja, comment, hash, line } = match.groups ?? {};
    if (escaped !== undefined) continue;
    const inner = variable ?? braces ?? hash;
    const isStatement = jinja !== undefined || line !== undefined || (braces !== undefined && STATEMENT.test(braces));
    if (comment !== undefined || (isStatement && isAlone(text, match.index, whole.length))) {
      if (comment === undefined) statement ??= { text: oneLine(whole), place: pieces.placeIn(match.index) };
      pieces.replace(match.index, whole.length, '');
      continue;
    }
    const value = isStatement ? undefined : valueOf(inner ?? '', variables, variable !== undefined);
    if (value !== undefined) {
      pieces.replace(match.index, whole.length, value);
      continue;
    }
    if (braces !== undefined && isIncluded(text, match.index, whole.length)) {
      statement ??= { text: oneLine(whole), place: pieces.placeIn(match.index) };
      pieces.replace(match.index, whole.length, '');
      continue;
    }
    pieces.replace(match.index, whole.length, `${OPEN}${String(placeholders.length)}${CLOSE}`);
    placeholders.push({ text: oneLine(whole), name: nameOf(inner ?? whole) });
  }
  return { ...pieces.end(), placeholders, statement };
}

/** The placeholders whose marks are in a text. */
export function placeholdersIn(text: string, placeholders: readonly Placeholder[]): readonly Placeholder[] {
  return text.includes(OPEN)
    ? [...text.matchAll(MARK)].flatMap(([, number]) => placeholders[Number(number)] ?? [])
    : [];
}

/** A text with placeholders as they were written. */
export function withoutMarks(text: string, placeholders: readonly Placeholder[]): string {
  return text.includes(OPEN)
    ? text.replace(MARK, (mark, number: string) => placeholders[Number(number)]?.text ?? mark)
    : text;
}

/** The name of `CLUSTER_ID:=1`, ` .Values.host `, ` cluster.id | default(1) `. */
function nameOf(inner: string): string {
  const text = inner.trim().replace(/^-\s*|\s*-$/g, '');
  const name = /^\.?[A-Za-z_][\w.-]*/.exec(text)?.[0] ?? text;
  return name.replace(/^\./, '');
}

/** The given value, otherwise the default of `${NAME:=default}` and `${NAME:-default}`. */
function valueOf(inner: string, variables: Variables, isShell: boolean): string | undefined {
  for (const name of [inner.trim(), nameOf(inner)]) if (Object.hasOwn(variables, name)) return variables[name];
  return isShell ? /^\w+:?[-=]([\s\S]*)$/.exec(inner)?.[1] : undefined;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}

function lineAround(text: string, start: number, length: number): { readonly before: string; readonly after: string } {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const to = text.indexOf('\n', start + length);
  return { before: text.slice(from, start), after: text.slice(start + length, to === -1 ? text.length : to) };
}

/** Whether a line holds nothing but statements and comments. */
function isAlone(text: string, start: number, length: number): boolean {
  const { before, after } = lineAround(text, start, length);
  const rest = `${before}${after}`.replace(ANY, (whole, ...groups) => {
    const { braces } = groups.at(-1) as Readonly<Record<string, string | undefined>>;
    return braces !== undefined && !STATEMENT.test(braces) ? whole : '';
  });
  return rest.trim() === '';
}

/** Whether an expression is on a line of its own, where it writes several lines: it is not the value of the line above. */
function isIncluded(text: string, start: number, length: number): boolean {
  const { before, after } = lineAround(text, start, length);
  if (before.trim() !== '' || after.trim() !== '') return false;
  const above = nextLine(text, start, -1);
  if (above === undefined || !/:[ \t]*$/.test(above)) return true;
  const below = nextLine(text, start + length, 1);
  return below !== undefined && below.length - below.trimStart().length >= before.length;
}

/** The nearest line above or below the one of an offset that is not blank. */
function nextLine(text: string, offset: number, step: -1 | 1): string | undefined {
  let at = step === 1 ? text.indexOf('\n', offset) : text.lastIndexOf('\n', offset - 1);
  while (at >= 0) {
    const end = step === 1 ? text.indexOf('\n', at + 1) : at === 0 ? -1 : text.lastIndexOf('\n', at - 1);
    const line = step === 1 ? text.slice(at + 1, end === -1 ? text.length : end) : text.slice(end + 1, at);
    if (line.trim() !== '') return line;
    at = end;
  }
  return undefined;
}

/** A text in the making, with the offsets of its pieces in the original. */
class Pieces {
  private readonly starts: number[] = [];
  private readonly pieces: { readonly at: number; readonly from: number; readonly isCopy: boolean }[] = [];
  private made = '';
  private done = 0;

  constructor(private readonly text: string) {
    this.starts = [0];
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1);
  }

  replace(start: number, length: number, by: string): void {
    this.copyTo(start);
    this.pieces.push({ at: this.made.length, from: start, isCopy: false });
    this.made += by;
    this.done = start + length;
  }

  end(): Pick<PreparedText, 'text' | 'placeAt'> {
    this.copyTo(this.text.length);
    return { text: this.made, placeAt: (offset) => this.placeIn(this.original(offset)) };
  }

  /** The place of an offset of the original. */
  placeIn(offset: number): TextPlace {
    const line = last(this.starts.length, (i) => (this.starts[i] ?? 0) <= offset);
    return { line: line + 1, column: offset - (this.starts[line] ?? 0) + 1 };
  }

  private copyTo(end: number): void {
    this.pieces.push({ at: this.made.length, from: this.done, isCopy: true });
    this.made += this.text.slice(this.done, end);
  }

  private original(offset: number): number {
    const piece = this.pieces[last(this.pieces.length, (i) => (this.pieces[i]?.at ?? 0) <= offset)];
    return piece === undefined ? offset : piece.from + (piece.isCopy ? offset - piece.at : 0);
  }
}

/** The last index that satisfies a condition that holds for the first ones. */
function last(length: number, isBefore: (index: number) => boolean): number {
  let [low, high] = [0, length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isBefore(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
