import { at, fail, peek, take } from './reader';
import type { Flags, Reader } from './reader';

type Range = readonly [number, number];

const LAST = 0x10ffff;
const DIGIT: readonly Range[] = [[0x30, 0x39]];
const UPPER: readonly Range[] = [[0x41, 0x5a]];
const LOWER: readonly Range[] = [[0x61, 0x7a]];
const UNDERSCORE: readonly Range[] = [[0x5f, 0x5f]];

/** Classes of ASCII characters by their POSIX names. */
const POSIX: Readonly<Record<string, readonly Range[]>> = {
  alnum: [...DIGIT, ...UPPER, ...LOWER],
  alpha: [...UPPER, ...LOWER],
  ascii: [[0, 0x7f]],
  blank: [
    [0x09, 0x09],
    [0x20, 0x20],
  ],
  cntrl: [
    [0, 0x1f],
    [0x7f, 0x7f],
  ],
  digit: DIGIT,
  graph: [[0x21, 0x7e]],
  lower: LOWER,
  print: [[0x20, 0x7e]],
  punct: [
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ],
  space: [
    [0x09, 0x0d],
    [0x20, 0x20],
  ],
  upper: UPPER,
  word: [...DIGIT, ...UPPER, ...UNDERSCORE, ...LOWER],
  xdigit: [...DIGIT, [0x41, 0x46], [0x61, 0x66]],
};

/** `\d`, `\s` and `\w`; unlike JavaScript's, `\s` has no vertical tab and nothing beyond ASCII. */
const PERL: Readonly<Record<string, readonly Range[]>> = {
  d: DIGIT,
  s: [
    [0x09, 0x0a],
    [0x0c, 0x0d],
    [0x20, 0x20],
  ],
  w: [...DIGIT, ...UPPER, ...UNDERSCORE, ...LOWER],
};

const CATEGORIES = /^(C[cfos]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?)$/;
/** Scripts whose full names have four letters; other names of that length are ISO codes, which Go does not know. */
const SHORT_SCRIPTS: readonly string[] = ['Ahom', 'Cham', 'Kawi', 'Lisu', 'Modi', 'Newa', 'Thai', 'Toto'];

/** A range of characters as an item of a JavaScript class; with `i` the ASCII letters of it come in both cases. */
export function classItem(low: string, high: string, flags: Flags): string {
  const range: Range = [low.codePointAt(0) ?? 0, high.codePointAt(0) ?? 0];
  return print(flags.i ? [range, ...bothCases(range)] : [range]);
}

/** `[:alpha:]` or `[:^alpha:]` inside brackets; `undefined` when there is none at the reader's place. */
export function namedClass(reader: Reader): string | undefined {
  if (!at(reader, '[:')) return undefined;
  const rest = reader.text.slice(reader.position).join('');
  const end = rest.indexOf(':]', 2);
  if (end === -1) return undefined;
  const name = rest.slice(2, end);
  const ranges = POSIX[name.replace(/^\^/, '')] ?? fail(`\`[:${name}:]\` is no class`);
  reader.position += Array.from(rest.slice(0, end + 2)).length;
  const cased = reader.flags.i ? [...ranges, ...ranges.flatMap(bothCases)] : ranges;
  return print(name.startsWith('^') ? complement(cased) : cased);
}

/** After a backslash: `d`, `D`, `s`, `S`, `w` or `W`; `undefined` when it is none of them. */
export function perlClass(reader: Reader): string | undefined {
  const letter = peek(reader) ?? '';
  const ranges = PERL[letter.toLowerCase()];
  if (ranges === undefined || !/^[dswDSW]$/.test(letter)) return undefined;
  take(reader);
  return print(letter === letter.toLowerCase() ? ranges : complement(ranges));
}

/** After a backslash: `pL`, `p{Greek}`, `P{^Lu}`. */
export function unicodeClass(reader: Reader): string {
  let negated = take(reader) === 'P';
  let name = reader.position < reader.text.length ? take(reader) : fail('`\\p` has no name');
  if (name === '{') {
    const end = reader.text.indexOf('}', reader.position);
    if (end === -1) fail('`\\p{` is never closed');
    name = reader.text.slice(reader.position, end).join('');
    reader.position = end + 1;
  }
  if (name.startsWith('^')) {
    negated = !negated;
    name = name.slice(1);
  }
  const property =
    name === 'Any' || CATEGORIES.test(name) ? name : isScript(name) ? `Script=${name}` : fail(`\`${name}\` is no class of characters`);
  return `\\${negated ? 'P' : 'p'}{${property}}`;
}

const CONTROLS: Readonly<Record<string, string>> = { a: '\x07', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** After a backslash: the character that is meant. */
export function parseEscape(reader: Reader): string {
  const character = reader.position < reader.text.length ? take(reader) : fail('it ends with a backslash');
  const control = CONTROLS[character];
  if (control !== undefined) return control;
  if (/[0-7]/.test(character)) return octal(reader, character);
  if (character === 'x') return hexadecimal(reader);
  if (/[89]/.test(character)) fail(`\`\\${character}\` is a back reference, which Go does not know`);
  if (/[A-Za-z]/.test(character) || (character.codePointAt(0) ?? 0) > 0x7f) fail(`\`\\${character}\` is nothing that Go knows`);
  return character;
}

function octal(reader: Reader, first: string): string {
  let digits = first;
  while (digits.length < 3 && /^[0-7]$/.test(peek(reader) ?? '')) digits += take(reader);
  if (first !== '0' && digits.length === 1) fail(`\`\\${first}\` is a back reference, which Go does not know`);
  return String.fromCodePoint(Number.parseInt(digits, 8));
}

function hexadecimal(reader: Reader): string {
  const rest = reader.text.slice(reader.position, reader.position + 64).join('');
  const [whole, braced, plain] = /^(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))/.exec(rest) ?? [];
  const code = Number.parseInt(braced ?? plain ?? '', 16);
  if (whole === undefined || code > LAST) fail('`\\x` needs two hexadecimal digits, or a character number in braces');
  reader.position += whole.length;
  return String.fromCodePoint(code);
}

function isScript(name: string): boolean {
  if (!/^[A-Z][A-Za-z_]+$/.test(name) || (name.length === 4 && !SHORT_SCRIPTS.includes(name))) return false;
  try {
    return new RegExp(`\\p{Script=${name}}`, 'u').test('') || true;
  } catch {
    return false;
  }
}

/** Letters beyond ASCII that fold to ASCII letters: the long s and the Kelvin sign. */
const FOLDED: readonly (readonly [number, readonly Range[]])[] = [
  [
    0x17f,
    [
      [0x53, 0x53],
      [0x73, 0x73],
    ],
  ],
  [
    0x212a,
    [
      [0x4b, 0x4b],
      [0x6b, 0x6b],
    ],
  ],
];

/** The other case of the ASCII letters of a range. */
function bothCases([low, high]: Range): readonly Range[] {
  const shifted = (from: Range | undefined, by: number): readonly Range[] => {
    const [start, end] = [Math.max(low, from?.[0] ?? 0), Math.min(high, from?.[1] ?? 0)];
    return start > end ? [] : [[start + by, end + by]];
  };
  const folded = FOLDED.flatMap(([letter, ranges]) => (letter >= low && letter <= high ? ranges : []));
  return [...shifted(UPPER[0], 0x20), ...shifted(LOWER[0], -0x20), ...folded];
}

function complement(ranges: readonly Range[]): readonly Range[] {
  const gaps: Range[] = [];
  let next = 0;
  for (const [low, high] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (low > next) gaps.push([next, low - 1]);
    next = Math.max(next, high + 1);
  }
  return next > LAST ? gaps : [...gaps, [next, LAST]];
}

function print(ranges: readonly Range[]): string {
  return ranges.map(([low, high]) => `\\u{${low.toString(16)}}-\\u{${high.toString(16)}}`).join('');
}
