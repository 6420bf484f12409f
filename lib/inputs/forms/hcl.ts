/**
 * Reads the literals of HCL, as Terraform and OpenTofu have them: objects, lists, strings, heredocs, numbers. What has to be evaluated
 * (`var.x`, function calls, conditions) is a placeholder, `${…}`, so that a value can be given for it.
 */
import type { TextPlace } from '../../helm/places';
import type { Json } from '../../kubernetes/json';
import { setOwn } from '../../kubernetes/json';
import type { Place, Places } from '../places';

/** A value with its places. A placeholder is a text of `${…}`. */
export interface HclValue {
  readonly value: Json;
  readonly places: Places;
  /** The text of what is not a literal. */
  readonly expression?: string | undefined;
  /** Names that only Terraform knows, `(var.name) = …`, which are left out. */
  readonly skipped?: readonly HclSkipped[] | undefined;
  /** The arguments of a function, with its name. */
  readonly call?: { readonly name: string; readonly args: readonly HclValue[] } | undefined;
}

/** What is left out of an object. */
export interface HclSkipped {
  readonly at: Place;
  readonly expression: string;
}

/** A block, `resource "helm_release" "cilium" { … }`. */
export interface HclBlock {
  readonly words: readonly string[];
  readonly at: Place;
  readonly attributes: ReadonlyMap<string, HclValue>;
  readonly blocks: readonly HclBlock[];
}

/** Deeper than any configuration is. */
const DEEPEST = 100;

/** The blocks of a text, and attributes outside of them. What cannot be read is skipped. */
export function readHcl(file: string, text: string): Pick<HclBlock, 'attributes' | 'blocks'> {
  return new Hcl(file, text).body(0);
}

/** An expression as a value; everything in it is at one place. */
export function readHclValue(expression: string, at: Place): HclValue {
  return new Hcl(at.file, expression, at).whole(at);
}

class Hcl {
  private at = 0;
  private readonly starts = [0];

  constructor(
    private readonly file: string,
    private readonly text: string,
    /** The place of everything in it. */
    private readonly only?: Place,
  ) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1);
  }

  /** The text as one value. */
  whole(at: Place): HclValue {
    return this.value(0, at);
  }

  /** Attributes and blocks until `}` or the end. */
  body(depth: number): Pick<HclBlock, 'attributes' | 'blocks'> {
    const attributes = new Map<string, HclValue>();
    const blocks: HclBlock[] = [];
    for (;;) {
      this.blanks(true);
      if (this.at >= this.text.length || this.take('}')) return { attributes, blocks };
      const start = this.at;
      const words = this.words();
      if (words.length > 0 && this.take('{')) {
        const at = this.placeAt(start);
        blocks.push(
          depth > DEEPEST ? { words, at, attributes: new Map(), blocks: [] } : { words, at, ...this.body(depth + 1) },
        );
      } else if (words.length === 1 && this.text[this.at] === '=' && this.text[this.at + 1] !== '=') {
        this.at++;
        attributes.set(words[0] ?? '', this.value(depth, this.placeAt(start)));
      } else if (this.at === start) this.at++;
      else this.expression(start);
    }
  }

  /** Names and quoted labels. */
  private words(): readonly string[] {
    const words: string[] = [];
    for (;;) {
      this.blanks(false);
      const found = this.match(/[A-Za-z_][\w-]*|"(?:[^"\\\n]|\\.)*"/y);
      if (found === undefined) return words;
      words.push(found.replace(/^"|"$/g, ''));
    }
  }

  /** The value of an attribute; `at` is the place of its name. */
  private value(depth: number, at: Place): HclValue {
    this.blanks(false);
    const start = this.at;
    const scalar = (value: Json): HclValue => ({ value, places: { at, below: new Map() } });
    const found = depth > DEEPEST ? undefined : this.literal(depth, at, scalar);
    // `a ? b : c`, `"x" + y`: not a literal after all.
    if (found !== undefined && this.isEnd()) return found;
    const expression = this.expression(start);
    return { ...scalar(`\${${expression}}`), expression };
  }

  private literal(depth: number, at: Place, scalar: (value: Json) => HclValue): HclValue | undefined {
    const first = this.text[this.at];
    // What `for` makes is known to Terraform only.
    if (/^[{[]\s*for\s/.test(this.text.slice(this.at, this.at + 100))) return undefined;
    if (first === '{') return this.object(depth, at);
    if (first === '[') return this.list(depth, at);
    if (first === '"') return scalar(this.quoted());
    if (this.text.startsWith('<<', this.at)) return this.heredoc(at);
    const number = this.match(/-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y);
    if (number !== undefined) return scalar(Number(number));
    const word = this.match(/[A-Za-z_][\w-]*/y);
    if (word === 'true' || word === 'false') return scalar(word === 'true');
    if (word === 'null') return scalar(null);
    return word !== undefined && this.take('(') ? this.call(word, depth, at) : undefined;
  }

  private call(name: string, depth: number, at: Place): HclValue {
    const start = this.at;
    const args: HclValue[] = [];
    for (;;) {
      this.blanks(true);
      if (this.at >= this.text.length || this.take(')')) break;
      const before = this.at;
      args.push(this.value(depth + 1, this.placeAt(this.at)));
      this.blanks(true);
      if (!this.take(',') && this.at === before) this.at++;
    }
    const expression = `${name}(${this.text
      .slice(start, this.at - 1)
      .replace(/\s+/g, ' ')
      .trim()})`;
    return { value: `\${${expression}}`, places: { at, below: new Map() }, expression, call: { name, args } };
  }

  private object(depth: number, at: Place): HclValue {
    this.at++;
    const value: Record<string, Json> = {};
    const below = new Map<string, Places>();
    const skipped: HclSkipped[] = [];
    for (;;) {
      this.blanks(true);
      if (this.at >= this.text.length || this.take('}')) return { value, places: { at, below }, skipped };
      const start = this.at;
      const place = this.placeAt(start);
      const name = this.match(/[A-Za-z_][\w.-]*/y) ?? (this.text[this.at] === '"' ? this.quoted() : undefined);
      this.blanks(false);
      if (name === undefined || !(this.take('=') || this.take(':'))) {
        // (var.name) = …: only Terraform knows the name.
        const expression = this.expression(start);
        if (expression !== '') skipped.push({ at: place, expression });
        this.blanks(true);
        this.take(',');
        if (this.at === start) this.at++;
        continue;
      }
      const item = this.value(depth + 1, place);
      skipped.push(...(item.skipped ?? []));
      setOwn(value, name, item.value);
      below.set(name, marked(item));
      this.blanks(true);
      this.take(',');
    }
  }

  private list(depth: number, at: Place): HclValue {
    this.at++;
    const value: Json[] = [];
    const below = new Map<string, Places>();
    const items: HclValue[] = [];
    for (;;) {
      this.blanks(true);
      if (this.at >= this.text.length || this.take(']')) break;
      const before = this.at;
      const item = this.value(depth + 1, this.placeAt(this.at));
      below.set(String(value.length), marked(item));
      value.push(item.value);
      items.push(item);
      this.blanks(true);
      if (!this.take(',') && this.at === before) this.at++;
    }
    const skipped = items.flatMap((item) => item.skipped ?? []);
    return { value, places: { at, below }, skipped, call: { name: '[', args: items } };
  }

  /** A string; `${…}` in it stays as it is. */
  private quoted(): string {
    let out = '';
    this.at++;
    while (this.at < this.text.length) {
      const sign = this.text[this.at];
      if (sign === '"') {
        this.at++;
        break;
      }
      if (sign === '\\') {
        out += ESCAPES[this.text[this.at + 1] ?? ''] ?? this.text[this.at + 1] ?? '';
        this.at += 2;
      } else if (sign === '$' && this.text[this.at + 1] === '{') {
        const start = this.at;
        this.at += 2;
        this.skipTo('}');
        out += this.text.slice(start, this.at);
      } else {
        out += sign ?? '';
        this.at++;
      }
    }
    return out;
  }

  /** `<<EOT` and `<<-EOT`, whose lines lose the indentation that all have. */
  private heredoc(at: Place): HclValue | undefined {
    const head = this.match(/<<(-?)([A-Za-z_]\w*)[ \t]*\r?\n/y);
    const [, dash, word = ''] = /^<<(-?)([A-Za-z_]\w*)/.exec(head ?? '') ?? [];
    if (head === undefined) return undefined;
    const start = this.at;
    const end = new RegExp(`^[ \\t]*${word}[ \\t]*$`, 'gm');
    end.lastIndex = start;
    const found = end.exec(this.text);
    const body = this.text.slice(start, found?.index);
    this.at = found === null ? this.text.length : found.index + found[0].length;
    const lines = body.split('\n');
    const indent =
      dash === '-'
        ? Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length))
        : 0;
    const cut = Number.isFinite(indent) ? indent : 0;
    const { line } = this.placeAt(start);
    return {
      value: lines.map((one) => one.slice(cut)).join('\n'),
      places: { at, below: new Map(), block: { line, indent: cut } },
    };
  }

  /** Skips what has to be evaluated, to the end of its line or of what it is in. */
  private expression(start: number): string {
    this.at = start;
    while (this.at < this.text.length) {
      const sign = this.text[this.at] ?? '';
      if (/[,\n)\]}]/.test(sign)) break;
      if (sign === '"') this.quoted();
      else if (sign === '(' || sign === '[' || sign === '{') {
        this.at++;
        this.skipTo(CLOSES[sign] ?? '');
      } else if (sign === '#' || this.text.startsWith('//', this.at)) break;
      else this.at++;
    }
    return this.text.slice(start, this.at).replace(/\s+/g, ' ').trim();
  }

  /** Skips to the end of brackets. */
  private skipTo(close: string): void {
    const open: string[] = [close];
    while (this.at < this.text.length && open.length > 0) {
      const sign = this.text[this.at] ?? '';
      if (sign === '"' && close !== '"') {
        this.quoted();
        continue;
      }
      if (sign === open.at(-1)) open.pop();
      else if (CLOSES[sign] !== undefined) open.push(CLOSES[sign]);
      this.at++;
    }
  }

  /** Whether a value has ended. */
  private isEnd(): boolean {
    this.blanks(false);
    return this.at >= this.text.length || /[,\n\r)\]}]/.test(this.text[this.at] ?? '');
  }

  /** Skips blanks and comments. */
  private blanks(withBreaks: boolean): void {
    while (
      this.match(
        withBreaks
          ? /\s+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]{0,20000}?\*\//y
          : /[ \t]+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]{0,20000}?\*\//y,
      ) !== undefined
    );
  }

  private take(sign: string): boolean {
    const isThere = this.text[this.at] === sign;
    if (isThere) this.at++;
    return isThere;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined || found === '') return undefined;
    this.at += found.length;
    return found;
  }

  private placeAt(offset: number): Place & TextPlace {
    if (this.only !== undefined) return this.only;
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { file: this.file, line: low + 1, column: offset - (this.starts[low] ?? 0) + 1 };
  }
}

const CLOSES: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** The places of a value; what has to be evaluated is a placeholder. */
export function marked({ places, expression, value }: HclValue): Places {
  const inside = typeof value === 'string' ? /\$\{([^}]*)\}/.exec(value) : null;
  const name = expression ?? inside?.[1]?.trim();
  if (name === undefined || places.block !== undefined) return places;
  const text = expression === undefined ? (inside?.[0] ?? '') : `\${${expression}}`;
  return { ...places, placeholder: { text, name } };
}
