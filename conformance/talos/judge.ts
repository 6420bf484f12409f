import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { patchFile } from '../../lib/talos/patch-files';
import { talosMinor } from '../../lib/talos/versions';
import type { Case } from './case';
import { guideProblems } from './guide';
import { lifeCycleProblems } from './life-cycle';
import { matrix, randomCases } from './matrix';
import { assertRulesNameKinds } from './rules';
import { SELF_TESTS, selfTest } from './selftest';
import { judged } from './verdict';

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

function listed(file: string): readonly Case[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as readonly Listed[]).map((line) => {
    const minor = talosMinor(line.talos);
    if (minor === undefined) throw new Error(`${file}: there is no judge for Talos '${line.talos}'`);
    const folder = resolve(dirname(file), line.folder);
    const read = (name: string): string | undefined => {
      const path = join(folder, name);
      return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
    };
    const [controlplane, all, worker] = (['controlplane', 'all', 'worker'] as const).map((output) => read(patchFile(output)));
    if ((controlplane ?? all ?? worker) === undefined)
      throw new Error(`${folder} has no patch: no all.patch.yaml, controlplane.patch.yaml or worker.patch.yaml`);
    const { folder: id, contract = minor, kubeSpan = false, expect = {} } = line;
    return { id, minor, contract, kubeSpan, controlplane, all, worker, expect };
  });
}

function report(cases: readonly Case[]): number {
  const results = judged(cases);
  const bad = results.filter(({ problems }) => problems.length > 0);
  for (const { id, problems } of bad) console.error(`talos: ${id}\n${problems.map((problem) => `    ${problem}`).join('\n')}`);
  console.log(`talos: ${String(results.length - bad.length)} of ${String(results.length)} patches are taken and read as meant`);
  return bad.length + (results.length === 0 ? 1 : 0);
}

/** The configs that the commands lead through. */
function reportLifeCycle(): number {
  const { stages, problems } = lifeCycleProblems();
  for (const line of problems) console.error(`talos: ${line}`);
  console.log(`talos: ${String(stages)} configs of commands and migrations, ${String(problems.length)} problems`);
  return problems.length;
}

/** Combinations at random: what the library refuses of them is as bad as what Talos refuses. */
function reportRandom(count: number, seed: number): number {
  const { cases, refused } = randomCases(count, seed);
  for (const line of refused) console.error(`talos: the library refuses ${line}`);
  console.log(`talos: ${String(cases.length)} of ${String(count)} random combinations (seed ${String(seed)}) are taken by the library`);
  return refused.length + report(cases);
}

/** The page on upgrades, followed. */
function reportGuide(): number {
  const problems = guideProblems();
  for (const problem of problems) console.error(`talos: docs/upgrading-talos.md: ${problem}`);
  console.log(`talos: docs/upgrading-talos.md: ${problems.length === 0 ? 'goes as it says' : `${String(problems.length)} problems`}`);
  return problems.length;
}

assertRulesNameKinds();
const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: { random: { type: 'string' }, seed: { type: 'string', default: '1' } },
});
let failures = 0;
if (options.random !== undefined) {
  failures = reportRandom(Number(options.random), Number(options.seed));
} else if (files.length > 0) {
  failures = report(files.flatMap(listed));
} else {
  const missed = selfTest();
  for (const line of missed) console.error(`talos: self-test: ${line}`);
  console.log(`talos: ${String(SELF_TESTS - missed.length)} of ${String(SELF_TESTS)} bad patches are refused`);
  failures = missed.length + report(matrix()) + reportLifeCycle() + reportRandom(RANDOM, Number(options.seed)) + reportGuide();
}
process.exitCode = failures === 0 ? 0 : 1;
