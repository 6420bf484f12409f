/** Expressions of `--set` and its like, as Helm's `pkg/strvals` reads them. Judged by it: conformance/helm/strvals. */
import type { Json, JsonObject } from '../kubernetes/json';
import { isMap, setOwn } from '../kubernetes/json';
import { decodeJson } from './json-stream';
import type { Decoded } from './json-stream';

/** How an expression is read: the options `--set`, `--set-string`, `--set-json`, `--set-literal` and `--set-file`. */
export type SetForm = 'set' | 'set-string' | 'set-json' | 'set-literal' | 'set-file';

/** Why Helm refuses an expression. */
export class SetError extends Error {}

/** Helm's limits. */
const LARGEST_INDEX = 65_536;
const DEEPEST_NAME = 30;

type Data = Record<string, Json | undefined>;
type List = (Json | undefined)[];
/** Whether more may follow, or the expression has ended. */
type Next = 'more' | 'end';

/** What reads the text of a value. */
type ReadValue = (text: string) => Json;

/**
 * Sets the values of an expression in `data`, in place.
 *
 * @param readFile reads a file of `--set-file`
 * @returns the paths that were set: `a.b[0]`
 * @throws SetError where Helm refuses the expression; `data` may then be changed.
 */
export function setValues(
  data: JsonObject,
  form: SetForm,
  expression: string,
  readFile: ReadValue = (path) => path,
): readonly string[] {
  const parser = new Parser(expression, form, form === 'set-file' ? readFile : form === 'set' ? typedValue : String);
  while (parser.key(data as Data, '', 0) === 'more');
  return parser.written;
}

/** What an unquoted value of `--set` means: a truth value, null, a whole number of 64 bits, or text. */
function typedValue(text: string): Json {
  if (/^true$/iu.test(text)) return true;
  if (/^false$/iu.test(text)) return false;
  if (/^null$/iu.test(text)) return null;
  if (text === '0') return 0;
  const [, sign, digits = ''] = (text.startsWith('0') ? null : /^([-+]?)0*(\d{1,19})$/.exec(text)) ?? [];
  if (sign === undefined) return text;
  const integer = BigInt(sign === '-' ? `-${digits}` : digits);
  return BigInt.asIntN(64, integer) === integer ? Number(integer) : text;
}

const quoted = (text: string): string => JSON.stringify(text);

class Parser {
  readonly written: string[] = [];
  private at = 0;
  private readonly isLiteral: boolean;
  private readonly isJson: boolean;

  constructor(
    private readonly text: string,
    form: SetForm,
    private readonly readValue: ReadValue,
  ) {
    this.isLiteral = form === 'set-literal';
    this.isJson = form === 'set-json';
  }

  /** Reads one name with what follows it, and sets it in `data`. */
  key(data: Data, above: string, level: number): Next {
    const { text: name, stop } = this.until(this.isLiteral ? '=[.' : '=[,.');
    const path = `${above}${name}`;
    switch (stop) {
      case undefined:
        if (name === '') return 'end';
        throw new SetError(`The name ${quoted(name)} has no value.`);
      case '[': {
        const index = this.index();
        const list = (Object.hasOwn(data, name) ? data[name] : []) as List;
        if (!Array.isArray(list)) throw notA('list', path);
        const next = this.item(list, index, path, level);
        this.set(data, name, list as Json);
        return next;
      }
      case '=':
        return this.value((value) => {
          this.set(data, name, value);
          this.written.push(path);
        });
      case ',':
        throw new SetError(`The name ${quoted(name)} has no value.`);
      default:
        return this.nested(data, name, path, level + 1);
    }
  }

  /** What follows `name.`. */
  private nested(data: Data, name: string, path: string, level: number): Next {
    if (level > DEEPEST_NAME) throw new SetError(`Names are nested deeper than ${String(DEEPEST_NAME)} levels.`);
    const inner = (Object.hasOwn(data, name) ? data[name] : {}) as Data;
    if (!isMap(inner)) throw notA('map', path);
    const next = this.key(inner, `${path}.`, level);
    const isEmpty = Object.keys(inner).length === 0;
    if (next === 'more' && isEmpty) throw new SetError(`Nothing is set in the map ${quoted(name)}.`);
    if (!isEmpty) this.set(data, name, inner as Json);
    return next;
  }

  /** What follows `name[index]`. */
  private item(list: List, index: number, above: string, level: number): Next {
    const path = `${above}[${String(index)}]`;
    const { text, stop } = this.until('[.=');
    if (text !== '') throw new SetError(`Unexpected ${quoted(text)} after ${path}.`);
    switch (stop) {
      case undefined:
        return 'end';
      case '=': {
        this.value((value) => {
          put(list, index, value);
          this.written.push(path);
        });
        return 'more';
      }
      case '[': {
        const below = this.index();
        const inner = (list[index] ?? []) as List;
        if (!Array.isArray(inner)) throw notA('list', path);
        const next = this.item(inner, below, path, level);
        if (next === 'more') put(list, index, inner as Json);
        return next;
      }
      default: {
        const isThere = isMap(list[index]);
        const inner: Data = isThere ? (list[index] as Data) : {};
        if (!isThere && index < list.length) list[index] = inner as Json;
        const next = this.key(inner, `${path}.`, level);
        if (next === 'more') put(list, index, inner as Json);
        return next;
      }
    }
  }

  /** Reads a value after `=`. */
  private value(write: (value: Json) => void): Next {
    if (this.isJson) return this.jsonValue(write);
    if (this.isLiteral) {
      write(this.until('').text);
      return 'more';
    }
    if (this.at >= this.text.length) {
      write('');
      return 'end';
    }
    write(this.text[this.at] === '{' ? this.list() : this.readValue(this.until(',').text));
    return 'more';
  }

  private jsonValue(write: (value: Json) => void): Next {
    if (this.skipBlanks()) {
      write(null);
      return 'more';
    }
    const { value, end } = this.json();
    write(value);
    this.at = end;
    this.skipBlanks();
    return 'more';
  }

  private json(): Decoded {
    try {
      return decodeJson(this.text, this.at);
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
      throw new SetError(`${quoted(this.text.slice(this.at))} does not begin with a JSON value.`);
    }
  }

  /** `{a,b}`. */
  private list(): Json {
    this.at += 1;
    const items: Json[] = [];
    for (;;) {
      const { text, stop } = this.until(',}');
      if (stop === undefined) throw new SetError("A list must end with '}'.");
      items.push(this.readValue(text));
      if (stop === ',') continue;
      if (this.text[this.at] === ',') this.at += 1;
      return items;
    }
  }

  /** The number in `[0]`. */
  private index(): number {
    const { text, stop } = this.until(']');
    if (stop === undefined) throw new SetError("An index must end with ']'.");
    if (!/^[-+]?\d+$/.test(text)) throw new SetError(`The index ${quoted(text)} is not a number.`);
    const index = Number(text);
    if (index < 0) throw new SetError(`The index ${text} is negative.`);
    return index;
  }

  /** Skips blanks and a comma behind them; false in front of anything else. */
  private skipBlanks(): boolean {
    for (;;) {
      const character = this.text[this.at];
      if (character === undefined) return true;
      if (character !== ',' && !/\p{White_Space}/u.test(character)) return false;
      this.at += 1;
      if (character === ',') return true;
    }
  }

  /** The text up to one of the characters, which is skipped; a backslash takes the meaning of the next, except in literals. */
  private until(stops: string): { readonly text: string; readonly stop?: string } {
    const read: string[] = [];
    while (this.at < this.text.length) {
      const character = this.text.charAt(this.at++);
      if (stops.includes(character)) return { text: read.join(''), stop: character };
      read.push(character === '\\' && !this.isLiteral ? this.text.charAt(this.at++) : character);
    }
    return { text: read.join('') };
  }

  private set(data: Data, name: string, value: Json): void {
    if (name !== '') setOwn(data, name, value);
  }
}

function put(list: List, index: number, value: Json): void {
  if (index > LARGEST_INDEX)
    throw new SetError(`The index ${String(index)} is larger than Helm's limit, ${String(LARGEST_INDEX)}.`);
  while (list.length < index) list.push(null);
  list[index] = value;
}

function notA(what: 'list' | 'map', path: string): SetError {
  return new SetError(`${path} is set already, and is not a ${what}.`);
}
