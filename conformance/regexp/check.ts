import { deepEqual } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseGoRegexp } from '../../lib/helm/go-regexp';

/*
 * Our implementation of Go's regular expressions against Go: the table of `npm test`, and expressions made of
 * random pieces. `--write` writes Go's answers into the table (`npm run format` lays it out).
 */

/** One expression with Go's answer: whether it matches each subject, or no list when Go refuses it. */
interface Row {
  readonly expression: string;
  readonly matches?: readonly boolean[];
}

const TABLE = join(__dirname, '..', '..', '__tests__', 'helm', 'go-regexp-table.json');
const RANDOM_EXPRESSIONS = 30_000;
const PIECES = (
  '( ) (?: (?i) (?i: (?-i: (?s) (?U) (?m) (?im-s: (?- (?P<n> (?P<m> (?<n> (?= (?! (?<= (?<! (?> | || ^ $ . * + ? {2} {0} {,3} {1,2} {2,} {1001} {3,1} {40} {02} *? +? ?? ' +
  '[ ] [^ [a-z] [^a-z0-9] [] []a] [^]a] [a- [a-] [-a] [--a] [z-a] [[:alpha:] [[:^alpha:]] [[:digit:]_] [[:foo:]] [:alpha:] [\\d-z] [a-\\d] [\\w.] [\\pL] [^\\x00-\\x{10FFFF}] [\\b] ' +
  '\\d \\D \\s \\S \\w \\W \\b \\B \\A \\z \\Z \\pL \\PL \\p{Lu} \\p{^Lu} \\P{^L} \\p{Greek} \\p{Foo} \\p{ \\pX \\Q \\E \\Qa.*\\E \\C \\1 \\12 \\0 \\08 \\9 \\x41 \\x4 \\x{41} \\x{} \\x{110000} ' +
  '\\_ \\- \\. \\/ \\é \\k \\n \\t \\v \\ é ſ K eth enp br0 bond a b 0 1 9 . _ - } { , : < > ='
).split(' ');
const SUBJECTS = [
  '',
  'eth0',
  'eth10',
  'ETH1',
  'enp0s31f6',
  'br0',
  'bond0.100',
  'a',
  'b',
  'aab',
  'ab\nb',
  'A.*',
  'a.*',
  'veth_9-x',
  'wlan0',
  '  ',
  'é',
];

function main(): void {
  const table = JSON.parse(readFileSync(TABLE, 'utf8')) as {
    readonly subjects: readonly string[];
    readonly rows: readonly Row[];
  };
  const truth = ask(
    table.rows.map(({ expression }) => expression),
    table.subjects,
  );
  if (process.argv.includes('--write')) writeFileSync(TABLE, JSON.stringify({ subjects: table.subjects, rows: truth }));
  else
    deepEqual(
      table.rows,
      truth,
      'The table is not what Go says; run with --write, format it and look at the difference.',
    );
  const random = randomExpressions(RANDOM_EXPRESSIONS);
  const rows = [...truth, ...ask(random, SUBJECTS)];
  const wrong = rows.flatMap((row, i) => difference(row, i < truth.length ? table.subjects : SUBJECTS) ?? []);
  const refused = rows.filter(({ matches }) => matches === undefined).length;
  console.log(
    `${String(rows.length)} expressions, ${String(refused)} of them rejected by Go: ${String(wrong.length)} read differently`,
  );
  if (wrong.length > 0) throw new Error(wrong.slice(0, 20).join('\n'));
}

/** Go's answers, in the order of the questions. */
function ask(expressions: readonly string[], subjects: readonly string[]): readonly Row[] {
  const judge = execFileSync('bash', [join(__dirname, '..', 'go-binary'), join(__dirname, 'judge')], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();
  const input = expressions.map((expression) => `${JSON.stringify({ expression, subjects })}\n`).join('');
  const lines = execFileSync(judge, { input, encoding: 'utf8', maxBuffer: 1 << 28 })
    .trimEnd()
    .split('\n');
  return expressions.map((expression, i) => {
    const { matches } = JSON.parse(lines[i] ?? '') as { readonly matches?: readonly boolean[] };
    return matches === undefined ? { expression } : { expression, matches };
  });
}

function difference({ expression, matches }: Row, subjects: readonly string[]): string | undefined {
  const ours = parseGoRegexp(expression);
  if ('error' in ours)
    return matches === undefined
      ? undefined
      : `${JSON.stringify(expression)}: Go takes it, we refuse it: ${ours.error}`;
  if (matches === undefined) return `${JSON.stringify(expression)}: Go refuses it, we take it`;
  const at = subjects.findIndex((subject, i) => ours.matches(subject) !== matches[i]);
  return at === -1
    ? undefined
    : `${JSON.stringify(expression)} on ${JSON.stringify(subjects[at])}: Go says ${String(matches[at])}`;
}

/** The same expressions in every run: a linear congruential sequence picks the pieces. */
function randomExpressions(count: number): readonly string[] {
  let state = 1n;
  const next = (below: number): number => {
    state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
    return Number((state >> 33n) % BigInt(below));
  };
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + next(7) }, () => PIECES[next(PIECES.length)]).join(''),
  );
}

main();
