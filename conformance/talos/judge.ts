import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { patchFile } from '../../lib/talos/patch/files';
import { talosMinor } from '../../lib/talos/cluster/versions';
import { baseCases } from './base-cases';
import type { Case } from './case';
import { guideProblems } from './guide';
import { lifeCycleProblems } from './life-cycle';
import { madeBases } from './made-bases';
import type { MadeBase } from './made-bases';
import { matrix, randomCases } from './matrix';
import { SELF_TESTS, selfTest } from './selftest';
import { upgrades } from './upgrades';
import { judged } from './verdict';
import type { Judged } from './verdict';

/** A line of a cases file: a folder with some of `all.patch.yaml`, `controlplane.patch.yaml` and `worker.patch.yaml`, relative to the file, and what it is for. */
interface Listed {
  readonly folder: string;
  readonly talos: string;
  readonly contract?: string;
  readonly kubeSpan?: boolean;
  readonly expect?: Case['expect'];
}

/** How many combinations at random go with the others. */
const RANDOM = 200;
/** One in so many settings is judged on each base without `--whole`. */
const SAMPLE = 4;

function listed(file: string): readonly Case[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as readonly Listed[]).map((line) => {
    const minor = talosMinor(line.talos);
    if (minor === undefined) throw new Error(`${file}: no judge for Talos '${line.talos}'`);
    const folder = resolve(dirname(file), line.folder);
    const read = (name: string): string | undefined => {
      const path = join(folder, name);
      return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
    };
    const [controlplane, all, worker] = (['controlplane', 'all', 'worker'] as const).map((output) =>
      read(patchFile(output)),
    );
    if ((controlplane ?? all ?? worker) === undefined)
      throw new Error(`${folder} has no patch: no all.patch.yaml, controlplane.patch.yaml or worker.patch.yaml`);
    const { folder: id, contract = minor, kubeSpan = false, expect = {} } = line;
    return { id, minor, contract, kubeSpan, controlplane, all, worker, expect };
  });
}

function report(what: string, results: readonly Judged[]): number {
  const bad = results.filter(({ problems }) => problems.length > 0);
  for (const { id, problems } of bad)
    console.error(`talos: ${id}\n${problems.map((problem) => `    ${problem}`).join('\n')}`);
  const refused = results.filter((one) => one.refused !== undefined && one.problems.length === 0);
  const taken = results.length - bad.length - refused.length;
  console.log(
    `talos: ${what}: ${String(taken)} of ${String(results.length)} patches are accepted and read as intended, ${String(refused.length)} are rejected as expected`,
  );
  for (const [cause, count] of counted(refused.map((one) => causeOf(one.refused ?? ''))))
    console.log(`    ${String(count)} × ${cause}`);
  return bad.length + (results.length === 0 ? 1 : 0);
}

/** The configs that the commands lead through. */
function reportLifeCycle(): number {
  const { stages, problems } = lifeCycleProblems();
  for (const line of problems) console.error(`talos: ${line}`);
  console.log(`talos: ${String(stages)} configs of commands and migrations, ${String(problems.length)} problems`);
  return problems.length;
}

/** The sentence of Talos, without node, document and value. */
function causeOf(text: string): string {
  return text
    .replace(/^(controlplane|worker): /, '')
    .replace(/^(strict: )?(load patch|patch|validate): /, '')
    .replace(/'[^']*'|"[^"]*"/g, '…')
    .slice(0, 160);
}

function counted(texts: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** Random combinations: a rejection by the library counts as one by Talos. */
function reportRandom(count: number, seed: number): number {
  const { cases, refused } = randomCases(count, seed);
  for (const line of refused) console.error(`talos: the library rejects ${line}`);
  console.log(
    `talos: ${String(cases.length)} of ${String(count)} random combinations (seed ${String(seed)}) are accepted by the library`,
  );
  return refused.length + report('random', judged(cases));
}

/** Settings on configs of real clusters. */
function reportBases(bases: readonly MadeBase[], every: number, seed: number): number {
  const { cases, findings } = baseCases(bases, every, seed);
  const faults = findings.filter(({ isFault }) => isFault);
  for (const { id, message } of faults) console.error(`talos: ${id}: the library rejects it: ${message}`);
  console.log(
    `talos: ${String(bases.length)} bases, ${String(cases.length)} cases, ${String(findings.length)} more rejected by findings`,
  );
  return faults.length + report('bases', judged(cases));
}

/** The page on upgrades, followed. */
function reportGuide(): number {
  const problems = guideProblems();
  for (const problem of problems) console.error(`talos: docs/upgrading-talos.md: ${problem}`);
  console.log(
    `talos: docs/upgrading-talos.md: ${problems.length === 0 ? 'holds' : `${String(problems.length)} problems`}`,
  );
  return problems.length;
}

function reportAll(every: number, seed: number): number {
  const missed = selfTest();
  for (const line of missed) console.error(`talos: self-test: ${line}`);
  console.log(`talos: ${String(SELF_TESTS - missed.length)} of ${String(SELF_TESTS)} bad patches are rejected`);
  const bases = madeBases();
  const parts: readonly (() => number)[] = [
    () => report('matrix', judged(matrix())),
    () => reportRandom(RANDOM, seed),
    () => reportBases(bases, every, seed),
    () => report('upgrades', upgrades(bases, every, seed)),
    reportLifeCycle,
    reportGuide,
  ];
  return parts.reduce((sum, part) => {
    const start = Date.now();
    const failures = part();
    console.log(`    (${String(Math.round((Date.now() - start) / 1000))}s)`);
    return sum + failures;
  }, missed.length);
}

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    random: { type: 'string' },
    seed: { type: 'string', default: '1' },
    whole: { type: 'boolean', default: false },
  },
});
const seed = Number(options.seed);
const failures =
  options.random !== undefined
    ? reportRandom(Number(options.random), seed)
    : files.length > 0
      ? report('files', judged(files.flatMap(listed)))
      : reportAll(options.whole ? 1 : SAMPLE, seed);
process.exitCode = failures === 0 ? 0 : 1;
