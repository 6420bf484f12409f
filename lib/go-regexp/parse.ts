import { classItem, namedClass, parseEscape, perlClass, unicodeClass } from './classes';
import { matcher } from './machine';
import type { Expression } from './machine';
import { at, fail, peek, take } from './reader';
import type { Flags, Reader } from './reader';

/** A regular expression of Go's `regexp`, read: what matches the same ASCII texts, in time that grows with their length, or why Go refuses it. */
export type GoRegexp = { readonly matches: (text: string) => boolean } | { readonly error: string };

/**
 * Reads a regular expression as Go's `regexp.Compile` does (RE2 syntax). It knows no lookaround, no back references and
 * no possessive repetition, and has some syntax that JavaScript lacks: `(?i)`, `(?P<name>…)`, `\z`, `[[:alpha:]]`, `\pL`.
 * Never throws.
 */
export function parseGoRegexp(text: string): GoRegexp {
  const reader: Reader = { text: Array.from(text), position: 0, flags: { i: false, m: false, s: false }, depth: 0 };
  try {
    if (/\p{Surrogate}/u.test(text)) fail('half of a surrogate pair is no UTF-8 text');
    const { expression } = parseAlternatives(reader);
    if (reader.position < reader.text.length) fail('`)` closes no group');
    return { matches: matcher(expression) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

/** A part of an expression, and whether its repetitions stay within a budget when they are multiplied. */
interface Piece {
  readonly expression: Expression;
  readonly fits: (budget: number) => boolean;
}

const MOST_REPEATS = 1000;
const MOST_NESTING = 1000;

const START_OF_TEXT = '(?<![^])';
const END_OF_TEXT = '(?![^])';

function leaf(expression: Expression): Piece {
  return { expression, fits: () => true };
}

function parseAlternatives(reader: Reader): Piece {
  const branches: Piece[][] = [[]];
  let justRepeated = false;
  while (reader.position < reader.text.length && peek(reader) !== ')') {
    const pieces = branches[branches.length - 1] as Piece[];
    const repeat = parseRepeat(reader);
    if (repeat !== undefined) {
      if (justRepeated) fail(`\`${repeat.text}\` repeats a repetition; Go knows no possessive or nested ones`);
      pieces.push(repeated(pieces.pop(), repeat));
    } else if (peek(reader) === '|') {
      take(reader);
      branches.push([]);
    } else {
      pieces.push(...parsePieces(reader));
    }
    justRepeated = repeat !== undefined;
  }
  const all = branches.flat();
  return {
    expression: { any: branches.map((pieces) => ({ all: pieces.map(({ expression }) => expression) })) },
    fits: (budget) => all.every(({ fits }) => fits(budget)),
  };
}

interface Repeat {
  readonly text: string;
  readonly min: number;
  /** `undefined` means without end. */
  readonly max: number | undefined;
}

const SIMPLE_REPEATS: Readonly<Record<string, readonly [number, number | undefined]>> = {
  '*': [0, undefined],
  '+': [1, undefined],
  '?': [0, 1],
};

/** A repetition at the reader's place, its `?` for "as few as possible" included. A brace that is none is a plain character. */
function parseRepeat(reader: Reader): Repeat | undefined {
  const simple = SIMPLE_REPEATS[peek(reader) ?? ''];
  let repeat: Repeat | undefined;
  if (simple !== undefined) {
    repeat = { text: take(reader), min: simple[0], max: simple[1] };
  } else if (peek(reader) === '{') {
    const rest = reader.text.slice(reader.position, reader.position + 64).join('');
    const [text, min, comma, max] = /^\{(0|[1-9]\d*)(?:(,)(0|[1-9]\d*)?)?\}/.exec(rest) ?? [];
    if (text === undefined) return undefined;
    const most = comma === undefined ? Number(min) : max === undefined ? undefined : Number(max);
    repeat = { text, min: Number(min), max: most };
    if (repeat.min > MOST_REPEATS || (most !== undefined && (most > MOST_REPEATS || most < repeat.min))) {
      fail(`\`${text}\` is no repetition: at most ${String(MOST_REPEATS)}, and not fewer than its start`);
    }
    reader.position += text.length;
  }
  if (repeat !== undefined && peek(reader) === '?') take(reader);
  return repeat;
}

function repeated(piece: Piece | undefined, { text, min, max }: Repeat): Piece {
  if (piece === undefined) return fail(`\`${text}\` repeats nothing`);
  const counted = text.startsWith('{');
  const count = max ?? min;
  const fits = (budget: number): boolean => {
    if (!counted) return piece.fits(budget);
    if (max === 0) return true;
    return count <= budget && piece.fits(count > 0 ? Math.floor(budget / count) : budget);
  };
  if (counted && count >= 2 && !fits(MOST_REPEATS)) fail(`\`${text}\` makes more than ${String(MOST_REPEATS)} repetitions in all`);
  return { expression: { repeat: piece.expression, least: min, most: max }, fits };
}

/** What stands at the reader's place: nothing for `(?i)`, several characters for `\Q…\E`, otherwise one piece. */
function parsePieces(reader: Reader): readonly Piece[] {
  const character = take(reader);
  switch (character) {
    case '(':
      return parseGroup(reader);
    case '[':
      return [leaf({ one: parseClass(reader) })];
    case '.':
      return [leaf({ one: reader.flags.s ? '[^]' : '[^\\n]' })];
    case '^':
      return [leaf({ where: reader.flags.m ? '(?<![^\\n])' : START_OF_TEXT })];
    case '$':
      return [leaf({ where: reader.flags.m ? '(?![^\\n])' : END_OF_TEXT })];
    case '\\':
      return parseBackslash(reader);
    default:
      return [literal(character, reader.flags)];
  }
}

const ANCHORS: Readonly<Record<string, string>> = { A: START_OF_TEXT, z: END_OF_TEXT, b: '(?:\\b)', B: '(?:\\B)' };

function parseBackslash(reader: Reader): readonly Piece[] {
  const next = peek(reader);
  const anchor = ANCHORS[next ?? ''];
  if (anchor !== undefined) {
    take(reader);
    return [leaf({ where: anchor })];
  }
  if (next === 'Q') return parseQuoted(reader);
  const set = next === 'p' || next === 'P' ? unicodeClass(reader) : perlClass(reader);
  if (set !== undefined) return [leaf({ one: `[${set}]` })];
  return [literal(parseEscape(reader), reader.flags)];
}

function parseQuoted(reader: Reader): readonly Piece[] {
  take(reader);
  const pieces: Piece[] = [];
  while (reader.position < reader.text.length) {
    if (at(reader, '\\E')) {
      reader.position += 2;
      break;
    }
    pieces.push(literal(take(reader), reader.flags));
  }
  return pieces;
}

function literal(character: string, flags: Flags): Piece {
  return leaf({ one: `[${classItem(character, character, flags)}]` });
}

/** After `(`: a group, or flags for the rest of the group around. */
function parseGroup(reader: Reader): readonly Piece[] {
  const outside = reader.flags;
  if (at(reader, '?') && !parseGroupHead(reader)) return [];
  if (++reader.depth > MOST_NESTING) fail('groups are nested too deeply');
  const inside = parseAlternatives(reader);
  if (peek(reader) !== ')') fail('`(` is never closed');
  take(reader);
  reader.depth--;
  reader.flags = outside;
  return [inside];
}

const NOT_IN_GO: readonly (readonly [string, string])[] = [
  ['?=', 'Go knows no lookahead `(?=`'],
  ['?!', 'Go knows no lookahead `(?!`'],
  ['?<=', 'Go knows no lookbehind `(?<=`'],
  ['?<!', 'Go knows no lookbehind `(?<!`'],
  ['?>', 'Go knows no atomic group `(?>`'],
  ['?P=', 'Go knows no back reference `(?P=`'],
];

/** Reads what stands between `(?` and the content. True when a group begins, false when it was only flags: `(?i)`. */
function parseGroupHead(reader: Reader): boolean {
  for (const [sign, says] of NOT_IN_GO) if (at(reader, sign)) fail(says);
  if (at(reader, '?P<') || at(reader, '?<')) {
    reader.position += at(reader, '?P<') ? 3 : 2;
    skipName(reader);
    return true;
  }
  take(reader);
  const flags = { ...reader.flags };
  let on = true;
  let count = 0;
  for (;;) {
    const letter = reader.position < reader.text.length ? take(reader) : fail('`(?` is never closed');
    if ((letter === ':' || letter === ')') && (on || count > 0)) {
      reader.flags = letter === ':' ? reader.flags : flags;
      if (letter === ')') return false;
      reader.flags = flags;
      return true;
    }
    if (letter === '-' && on) {
      on = false;
      count = 0;
    } else if (letter === 'i' || letter === 'm' || letter === 's') {
      flags[letter] = on;
      count++;
    } else if (letter === 'U') {
      count++;
    } else {
      fail(`\`(?${letter}\` is nothing that Go knows`);
    }
  }
}

function skipName(reader: Reader): void {
  const end = reader.text.indexOf('>', reader.position);
  const name = reader.text.slice(reader.position, end === -1 ? undefined : end).join('');
  if (end === -1 || !/^[A-Za-z0-9_]+$/.test(name)) fail(`\`${name}\` is no name of a group`);
  reader.position = end + 1;
}

/** After `[`: a set of characters. */
function parseClass(reader: Reader): string {
  const negated = at(reader, '^');
  if (negated) take(reader);
  let items = '';
  for (let first = true; first || peek(reader) !== ']'; first = false) {
    if (reader.position >= reader.text.length) fail('`[` is never closed');
    items += namedClass(reader) ?? escapedClass(reader) ?? parseRange(reader);
  }
  take(reader);
  return `[${negated ? '^' : ''}${items}]`;
}

function escapedClass(reader: Reader): string | undefined {
  if (!at(reader, '\\')) return undefined;
  take(reader);
  const set = at(reader, 'p') || at(reader, 'P') ? unicodeClass(reader) : perlClass(reader);
  if (set === undefined) reader.position--;
  return set;
}

function parseRange(reader: Reader): string {
  const low = classCharacter(reader);
  const hasEnd = at(reader, '-') && reader.position + 1 < reader.text.length && reader.text[reader.position + 1] !== ']';
  if (!hasEnd) return classItem(low, low, reader.flags);
  take(reader);
  const high = classCharacter(reader);
  if ((high.codePointAt(0) ?? 0) < (low.codePointAt(0) ?? 0)) fail(`\`${low}-${high}\` runs backwards`);
  return classItem(low, high, reader.flags);
}

function classCharacter(reader: Reader): string {
  if (reader.position >= reader.text.length) fail('`[` is never closed');
  const character = take(reader);
  return character === '\\' ? parseEscape(reader) : character;
}
