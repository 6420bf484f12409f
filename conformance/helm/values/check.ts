import { deepEqual } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Row, Truth } from '../../../__tests__/helm/value-options';
import { meant, mergedByUs } from '../../../__tests__/helm/value-options';
import { SET_FORMS } from '../../../lib/helm/value-options';
import { isInRange } from '../../../lib/helm/version-range';
import type { SetOptions } from '../../../lib/helm/value-options';

/*
 * Our reading of values files and `--set` expressions against Helm 3 and Helm 4: the table of `npm test`, and expressions made of
 * random pieces. `--write` writes Helm's answers into the table (`npm run format` lays it out).
 */

const TABLE = join(__dirname, '..', '..', '..', '__tests__', 'helm', 'value-options.json');
const RANDOM_JOBS = 10_000;

/** What expressions are made of: signs, names, indexes, values. */
const PIECES =
  '= = = = , , . . [ ] [0] [1] [2] [-1] [+1] [01] [65536] [65537] [x] { } {} {a,b} {a,1,true} {,} \\ \\, \\. \\= \\[ \\{ \\\\ a a b c hubble relay ' +
  '0 1 01 -5 +5 -0 1.5 1e3 9223372036854775807 9223372036854775808 -9223372036854775809 true false TRUE fal\u017fe null Null nil " "x" "\\u0041" "\\ud800" [1,2] [[1],{}] ' +
  '{"a":1} {"b":{"c":null}} {"__proto__":1} tru 1. -1e400 __proto__ constructor ' +
  '\u00e9 \u{1F41D} \u00a0 / : ; - _ @ file.txt missing.txt';
const pieces = [...PIECES.split(' '), ' ', '\t', '\n', 'a.b.c.d', 'x.'.repeat(29), 'x.'.repeat(30)];

const piece = fc.constantFrom(...pieces);
const name = fc.constantFrom(
  'a',
  'b',
  'c',
  'a.b',
  'a[0]',
  'a[1].b',
  'a.b[0][1]',
  'b\\.c',
  '__proto__.x',
  'a[0].b.c',
  'a."b"',
);
const value = fc.constantFrom(...'1 x true null {} {a,b} [1] {"a":1} "x" 007 a\\,b -'.split(' '), '', ' ');
const pair = fc.tuple(name, value).map(([left, right]) => `${left}=${right}`);
const expression = fc.oneof(
  fc.array(piece, { minLength: 1, maxLength: 8 }).map((list) => list.join('')),
  fc.array(pair, { minLength: 1, maxLength: 3 }).map((list) => list.join(',')),
  fc.array(fc.oneof(pair, piece), { minLength: 1, maxLength: 3 }).map((list) => list.join(',')),
);
const some = fc.oneof(
  { weight: 4, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(expression, { minLength: 1, maxLength: 2 }) },
);
const file = fc.constantFrom('a: 1\n', 'a: {b: 1, c: [1, 2]}\n', 'a: [{b: 1}, null, x]\nb: null\n', 'b: {c: {d: x}}\n');
const job: fc.Arbitrary<Row> = fc.record({
  files: fc.array(file, { maxLength: 2 }),
  options: fc.oneof(
    fc.tuple(fc.constantFrom(...SET_FORMS), expression).map(([form, text]) => ({ [form]: [text] }) as SetOptions),
    fc.record(Object.fromEntries(SET_FORMS.map((form) => [form, some]))),
  ),
});

function main(): void {
  const table = JSON.parse(readFileSync(TABLE, 'utf8')) as readonly (Row & { readonly helm?: Truth })[];
  const rows = table.map(({ files, options }) => ({ ...(files && { files }), options }));
  const truth = ask(rows);
  const answered = rows.map((row, i) => ({ ...row, helm: truth[i] }));
  if (process.argv.includes('--write')) writeFileSync(TABLE, JSON.stringify(answered));
  else
    deepEqual(
      table,
      answered,
      'The table is not what Helm answers; run with --write, format it and look at the difference.',
    );
  const random = fc.sample(job, { seed: 17, numRuns: RANDOM_JOBS });
  const all = [...rows, ...random];
  const answers = [...truth, ...ask(random)];
  const wrong = all.flatMap((row, i) => difference(row, answers[i]) ?? []);
  const refused = answers.filter(({ values }) => values === undefined).length;
  console.log(
    `${String(all.length)} command lines, ${String(refused)} of them rejected by Helm: ${String(wrong.length)} read differently`,
  );
  wrong.push(...rangeDifferences());
  if (wrong.length > 0) throw new Error(wrong.slice(0, 20).join('\n'));
}

function difference(row: Row, helm: Truth | undefined): string | undefined {
  const ours = mergedByUs(row);
  if (helm !== undefined && isDeepStrictEqual(ours.values, meant(row, helm).values)) return undefined;
  return `${JSON.stringify(row)}\n  Helm: ${JSON.stringify(helm)}\n  we:   ${JSON.stringify(ours)}`;
}

const RANDOM_RANGES = 5_000;
const RANGES = join(__dirname, '..', '..', '..', '__tests__', 'helm', 'version-range.json');
const VERSIONS = [
  '0.0.3',
  '0.2.3',
  '0.3.0',
  '1.2.3',
  '1.17.9',
  '1.18.0',
  '1.18.4',
  '1.18.12',
  '1.19.0',
  '1.19.6',
  '1.20.0',
  '2.0.0',
];
const operator = fc.constantFrom(
  '',
  '',
  '=',
  '==',
  '!=',
  '>',
  '<',
  '>=',
  '=>',
  '<=',
  '=<',
  '~',
  '~>',
  '^',
  '^ ',
  '>= ',
  '!',
);
const bound = fc.constantFrom(
  ...'1 1.18 1.18.4 v1.18.4 1.18.x 1.x 1.x.x x * 1.18.X 0 0.2 0.2.3 0.0.3 0.x 2 2.0.0 1.19 1.20.0 1.18.4-rc.1 1.18.4+x'.split(
    ' ',
  ),
);
const comparator = fc.tuple(operator, bound).map((parts) => parts.join(''));
const range = fc.oneof(
  comparator,
  fc.tuple(bound, bound).map(([low, high]) => `${low} - ${high}`),
  fc.tuple(comparator, fc.constantFrom(' ', ', ', ',', ' || ', '||', '  '), comparator).map((parts) => parts.join('')),
  fc
    .tuple(comparator, fc.constantFrom(' ', ' || '), comparator, fc.constantFrom(' ', ','), comparator)
    .map((parts) => parts.join('')),
);

/** `--version`: which releases a range has. */
function rangeDifferences(): readonly string[] {
  const table = JSON.parse(readFileSync(RANGES, 'utf8')) as { readonly [range: string]: readonly string[] };
  const ranges = [...new Set([...Object.keys(table), ...fc.sample(range, { seed: 17, numRuns: RANDOM_RANGES })])];
  const answers = answersTo(ranges.map((one) => ({ range: one, versions: VERSIONS }))).map(([first]) => first);
  const known = Object.fromEntries(Object.keys(table).map((one, i) => [one, answers[i]?.values ?? []]));
  if (process.argv.includes('--write')) writeFileSync(RANGES, JSON.stringify(known));
  else deepEqual(table, known, 'The ranges are not what Helm finds; run with --write.');
  const wrong = ranges.flatMap((one, i) => {
    const ours = VERSIONS.filter((version) => isInRange(version, one));
    const wanted = (answers[i]?.values ?? []) as unknown as readonly string[];
    return isDeepStrictEqual(ours, wanted)
      ? []
      : [`range ${JSON.stringify(one)}: Helm ${JSON.stringify(answers[i])}, we ${JSON.stringify(ours)}`];
  });
  console.log(`${String(ranges.length)} ranges of versions: ${String(wrong.length)} read differently`);
  return wrong;
}

/** Helm's answers, in the order of the questions. */
function ask(rows: readonly Row[]): readonly Truth[] {
  const texts = { 'file.txt': 'text of a file\n' };
  return answersTo(rows.map(({ files, options }) => ({ files, ...options, texts }))).map(([three, four]) =>
    isSame(three, four) ? three : { ...three, four },
  );
}

function answersTo(jobs: readonly object[]): readonly (readonly [Truth, Truth])[] {
  const judge = execFileSync('bash', [join(__dirname, '..', '..', 'go-binary'), __dirname], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();
  const input = jobs.map((one) => `${JSON.stringify(one)}\n`).join('');
  const lines = execFileSync(judge, { input, encoding: 'utf8', maxBuffer: 1 << 29 })
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as [Truth, Truth]);
}

/** Whether both programs take the same values; the words of a refusal differ. */
function isSame(a: Truth, b: Truth): boolean {
  return isDeepStrictEqual(a.values, b.values);
}

main();
