/** Splits a Go template into texts and actions, and an action into tokens. */

/** A text, or the inside of `{{ … }}`, with the line, counted from 1, where it begins. */
export type Piece = { readonly line: number } & (
  | { readonly text: string }
  /** `trims`: whether the blanks before and after it are gone, `-` for each side. */
  | { readonly action: string; readonly trims: string }
);

const BLANKS = ' \t\r\n';

/** Texts and actions; the blanks that `{{-` and `-}}` trim, and comments, are gone. */
export function pieces(source: string): readonly Piece[] {
  const found: Piece[] = [];
  let trims = false;
  let [line, counted] = [1, 0];
  const lineAt = (place: number): number => {
    line += lineBreaks(source, counted, place);
    counted = place;
    return line;
  };
  for (let at = 0; at < source.length;) {
    const open = source.indexOf('{{', at);
    let text = source.slice(at, open === -1 ? undefined : open);
    const whole = text.length;
    if (trims) text = text.trimStart();
    const start = at + whole - text.length;
    if (open === -1) {
      if (text !== '') found.push({ text, line: lineAt(start) });
      break;
    }
    const trimsLeft = source[open + 2] === '-' && BLANKS.includes(source[open + 3] ?? '');
    if (trimsLeft) text = text.trimEnd();
    if (text !== '') found.push({ text, line: lineAt(start) });
    const inside = open + (trimsLeft ? 3 : 2);
    const end = endOfAction(source, inside);
    trims = source[end - 1] === '-' && BLANKS.includes(source[end - 2] ?? '');
    const action = source.slice(inside, trims ? end - 1 : end).trim();
    if (!action.startsWith('/*'))
      found.push({ action, trims: `${trimsLeft ? '-' : ' '}${trims ? '-' : ' '}`, line: lineAt(open) });
    at = end + 2;
  }
  return found;
}

function lineBreaks(source: string, from: number, to: number): number {
  let found = 0;
  for (let at = source.indexOf('\n', from); at !== -1 && at < to; at = source.indexOf('\n', at + 1)) found++;
  return found;
}

/** The place of the `}}` that ends an action: not one in a string or a comment. */
function endOfAction(source: string, start: number): number {
  const comment = /^\s*\/\*/.exec(source.slice(start, start + 80));
  let at = comment === null ? start : source.indexOf('*/', start) + 2;
  for (; at < source.length; at++) {
    const char = source[at] ?? '';
    if (char === '}' && source[at + 1] === '}') return at;
    if (char === '"' || char === '`') at = endOfString(source, at);
  }
  throw new Error(`An action does not end: {{${source.slice(start, start + 60)}`);
}

function endOfString(source: string, start: number): number {
  const quote = source[start];
  let at = start + 1;
  while (at < source.length && source[at] !== quote) at += source[at] === '\\' && quote === '"' ? 2 : 1;
  return at;
}

const TOKEN =
  /\s+|"(?:[^"\\]|\\.)*"|`[^`]*`|:=|[=|(),]|\$[A-Za-z0-9_]*|\.[A-Za-z_][A-Za-z0-9_]*|\.|[-+]?\d[\w.]*|[A-Za-z_][A-Za-z0-9_]*/gy;

/** A token: its text, and whether a blank stands before it, which distinguishes `.a .b` from `.a.b`. */
export interface Token {
  readonly text: string;
  readonly spaced: boolean;
}

export function tokens(action: string): readonly Token[] {
  const found: Token[] = [];
  let spaced = true;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < action.length) {
    const { lastIndex } = TOKEN;
    const [text] = TOKEN.exec(action) ?? [];
    if (text === undefined) throw new Error(`Cannot read {{ ${action} }} at "${action.slice(lastIndex)}".`);
    if (text.trim() === '') spaced = true;
    else {
      found.push({ text, spaced });
      spaced = false;
    }
  }
  return found;
}
