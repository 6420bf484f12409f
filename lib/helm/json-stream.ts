/** One JSON value at the beginning of a text, as Go's `json.Decoder` reads it. */
import type { Json } from '../kubernetes/json';
import { isMap, setOwn } from '../kubernetes/json';

/** A value and where it ends. */
export interface Decoded {
  readonly value: Json;
  /** The place after its last character. */
  readonly end: number;
}

const BLANK = /[ \t\r\n]*/y;
const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
/** Go reads no deeper. */
const DEEPEST = 10_000;

/**
 * The value at `start`; what follows it is not looked at.
 * @throws SyntaxError when none is there, or a number is too large.
 */
export function decodeJson(text: string, start = 0): Decoded {
  BLANK.lastIndex = start;
  BLANK.exec(text);
  const from = BLANK.lastIndex;
  const end = endOf(text, from);
  return { value: parseJson(text.slice(from, end)), end };
}

/** A text that is one JSON value. @throws SyntaxError as {@link decodeJson}. */
export function parseJson(text: string): Json {
  return asInGo(JSON.parse(text) as Json);
}

/** Half of a surrogate pair becomes the replacement character, and no number is infinite. */
function asInGo(value: Json): Json {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new SyntaxError('number out of range');
  if (typeof value === 'string') return whole(value);
  if (Array.isArray(value)) return (value as readonly Json[]).map(asInGo);
  if (!isMap(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) setOwn(result, whole(name), asInGo(item ?? null));
  return result as Json;
}

function whole(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

function endOf(text: string, from: number): number {
  const first = text[from];
  if (first === '"') return endOfString(text, from);
  if (first === '{' || first === '[') return endOfNested(text, from);
  LITERAL.lastIndex = from;
  if (LITERAL.exec(text) === null) throw new SyntaxError('not a JSON value');
  // `1.` and `1e` are numbers that end too early; `1x` and `01` are the values 1 and 0, with something behind them.
  const rest = text.slice(LITERAL.lastIndex, LITERAL.lastIndex + 1);
  const isNumber = first !== undefined && /[-\d]/.test(first);
  const written = text.slice(from, LITERAL.lastIndex);
  if (isNumber && ((rest === '.' && !/[.eE]/.test(written)) || (/[eE]/.test(rest) && !/[eE]/.test(written))))
    throw new SyntaxError('not a JSON number');
  return LITERAL.lastIndex;
}

function endOfString(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '"') return i + 1;
  }
  throw new SyntaxError('unexpected end of JSON input');
}

function endOfNested(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i += 1) {
    const character = text[i];
    if (character === '"') i = endOfString(text, i) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if ((character === '}' || character === ']') && --depth === 0) return i + 1;
    if (depth > DEEPEST) throw new SyntaxError('exceeded max depth');
  }
  throw new SyntaxError('unexpected end of JSON input');
}
