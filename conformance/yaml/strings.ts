import { readYaml } from '../../lib/helm/yaml-values';
import { writeYaml } from '../../lib/kubernetes/yaml';
import { documents } from './documents';
import { numberTexts } from './numbers';

/*
 * Prints JSON lines for check/main.go: {want, text} for the writer, with hostile strings as value, as key, in a list, and inside an
 * embedded document as an inline manifest has them; {read, text} and {refused, text} for the reader. The same on every run.
 */

const WORDS = [
  'y',
  'Y',
  'yes',
  'No',
  'on',
  'OFF',
  'true',
  'False',
  'null',
  '~',
  'Null',
  '.inf',
  '-.INF',
  '.nan',
  '=',
  '<<',
  '!',
  '!!str',
  '*a',
  '&a',
  '|',
  '>',
];
const NUMBERS = [
  '0o17',
  '-0o7',
  '0O17',
  '0b101',
  '0x1F',
  '-0x1f',
  '017',
  '0755',
  '08',
  '1_000',
  '1:30',
  '190:20:30',
  '1e3',
  'e0',
  '-e3',
  '1E-3',
  '.5',
  '5.',
  '+1',
  '-1',
  '0',
  '1.0',
  '1__0',
  '0x',
  '1e',
  '6e1_0',
  '12e03',
  '685.230_15e+03',
  '9007199254740993',
  '1e400',
];
const DATES = ['2001-12-14', '2001-12-14t21:59:43.10-05:00', '2001-12-14 21:59:43.10 -5', '12:00', '1:2:3.4'];
const MARKS = [
  '---',
  '--- a',
  '...',
  '... a',
  '# a',
  'a # b',
  'a: b',
  'a:',
  ': a',
  '- a',
  '-',
  '? a',
  '[a',
  ']',
  '{a: b}',
  '}',
  ',',
  '%YAML 1.2',
  '@a',
  '`a`',
  "'",
  '"',
  "''",
  '\\',
  'a\\nb',
  "it's",
  '"a" b',
];
const SPACES = [
  '',
  ' ',
  '  ',
  '\t',
  '\n',
  '\n\n',
  '\r',
  '\r\n',
  ' a',
  'a ',
  '\ta',
  'a\t',
  '\na',
  'a\n',
  'a\n\n',
  'a\nb',
  'a\n b',
  ' a\nb',
  '\ta\nb',
  'a\n\tb',
  'a\n\n\nb',
  'a \nb',
  'a\t\nb',
  'a\n \nb',
  'a\r\nb',
  '\n a\n',
  '#!/bin/sh\n# a\n',
  '---\na: b\n',
  'a\n---\nb\n',
  '{"a": "b"}\n',
  'key: |\n  text\n',
];
const SIGNS = [
  '\0',
  '\x07',
  '\x1b',
  '\x7f',
  '\x80',
  '\x85',
  '\x9f',
  '\xa0',
  '\xad',
  '\u2028',
  '\u2029',
  '\u200b',
  '\ufeff',
  '\ufffd',
  '\ufffe',
  '\uffff',
  'é',
  '漢',
  '🙂',
  'e\u0301',
];

const HORRORS = [...WORDS, ...NUMBERS, ...DATES, ...MARKS, ...SPACES, ...SIGNS];

/** Mulberry32: small, and the same on every machine. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const next = random(20);
const pick = (from: readonly string[]): string => from[Math.floor(next() * from.length)] ?? '';
const GLUE = ['', '', ' ', '\n', '\t', ': ', ' #', 'a', '- ', '0', '\n  ', '\n\n'];

const strings = new Set(HORRORS);
while (strings.size < Number(process.argv[2] ?? '20000')) {
  const parts = Array.from({ length: 1 + Math.floor(next() * 5) }, () => `${pick(HORRORS)}${pick(GLUE)}`);
  strings.add(parts.join(''));
}

for (const text of numberTexts()) strings.add(text);

for (const text of strings) {
  const inside = writeYaml({ apiVersion: 'v1', kind: 'ConfigMap', data: { text } });
  for (const want of [
    text,
    [text, [text]],
    { text },
    { [text]: 1, inside: { [text]: text } },
    { contents: inside, name: text },
  ]) {
    process.stdout.write(`${JSON.stringify({ want, text: writeYaml(want) })}\n`);
  }
}

for (const document of documents([...strings])) {
  // A file cannot hold lone surrogates.
  if (/\p{Surrogate}/u.test(document)) continue;
  const { data, problems, surprises } = readYaml(document);
  const outcome = problems.length > 0 ? { refused: problems.map(({ message }) => message).join(' ') } : { read: data };
  // Where it is reported, Helm 4 reads as if the last line were complete.
  const isCut = surprises.some(({ isAtEnd }) => isAtEnd === true);
  process.stdout.write(`${JSON.stringify({ ...outcome, text: isCut ? `${document}\n` : document })}\n`);
}
