import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runMain } from '../run-main';
import { ROOMS } from './rooms';
import type { Room } from './rooms';

/*
 * npm run mutation: changes the sources in random places, one at a time, and runs the tests that execute the place. A change that no
 * test notices survives: a gap of the tests, or a change that changes nothing. On demand; the figures are in docs/quality.md.
 */

const root = join(__dirname, '..', '..');
const folder = join(root, '.cache', 'mutation');

/** Lines of one sample: a mutant counts that lies in them as a whole. */
const LINES = 24;

interface Mutant {
  readonly id: string;
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: {
    readonly start: { readonly line: number; readonly column: number };
    readonly end: { readonly line: number; readonly column: number };
  };
}

interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

function main(): Promise<number> {
  const { values: options } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      samples: { type: 'string', default: '8' },
      room: { type: 'string' },
      concurrency: { type: 'string', default: '2' },
      mutate: { type: 'string' },
    },
  });
  const rooms = ROOMS.filter(({ name }) => options.room === undefined || options.room.split(',').includes(name));
  if (rooms.length === 0) {
    console.error(
      `npm run mutation -- [--seed N] [--samples N] [--concurrency N] [--room ${ROOMS.map(({ name }) => name).join(',')}] [--mutate FILE:LINE-LINE,…]`,
    );
    return Promise.resolve(2);
  }
  const mutate =
    options.mutate?.split(',') ??
    rooms.flatMap((room) => samplesOf(room, Number(options.seed), Number(options.samples)));
  const report = mutated(mutate, Number(options.concurrency));
  console.log(
    `\n| room | mutants | noticed | survived | not executed by a test | score |\n| --- | --- | --- | --- | --- | --- |\n${rooms.map((room) => described(room, report)).join('\n')}`,
  );
  return Promise.resolve(0);
}

function mutated(mutate: readonly string[], concurrency: number): Report {
  mkdirSync(folder, { recursive: true });
  const output = join(folder, `report-${String(process.pid)}.json`);
  rmSync(output, { force: true });
  const config = join(folder, `config-${String(process.pid)}.json`);
  writeFileSync(config, JSON.stringify(settings(mutate, concurrency, output)));
  const stryker = join(root, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
  const { status } = spawnSync(process.execPath, [stryker, 'run', config], { cwd: root, stdio: 'inherit' });
  if (status !== 0 || !existsSync(output)) throw new Error(`Stryker ended with ${String(status)}.`);
  return JSON.parse(readFileSync(output, 'utf8')) as Report;
}

function settings(mutate: readonly string[], concurrency: number, output: string): object {
  return {
    testRunner: 'warm',
    plugins: [join(__dirname, 'plugins.mjs')],
    ignorers: ['words'],
    // Tables that are made when a module is loaded would need all tests for each mutant; what reads them is mutated.
    ignoreStatic: true,
    coverageAnalysis: 'perTest',
    // A comment at the top of each file, which tests of files would see.
    disableTypeChecks: false,
    concurrency,
    // Loads of machines differ; what does not end is a mutant that is noticed.
    timeoutMS: 120_000,
    dryRunTimeoutMinutes: 30,
    mutate,
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: output },
    tempDirName: join('.cache', 'stryker'),
    ignorePatterns: ['docs', 'build', 'dist', '.cache', '*.tgz'],
    allowConsoleColors: false,
  };
}

/** Random parts of random files, each file at most once for as long as there are others. */
function samplesOf(room: Room, seed: number, count: number): readonly string[] {
  const files = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
    .map((file) => `lib/${file}`)
    .filter((file) => room.files.test(file))
    .sort();
  const random = generator(seed);
  const order = files.map((file) => [random(), file] as const).sort(([a], [b]) => a - b);
  return Array.from({ length: count }, (_, i) => {
    const file = order[i % order.length]?.[1] ?? '';
    const lines = readFileSync(join(root, file), 'utf8').split('\n').length;
    const start = 1 + Math.floor(random() * Math.max(1, lines - LINES));
    return `${file}:${String(start)}-${String(start + LINES)}`;
  });
}

/** Mulberry32: the same numbers on every machine. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** One row of the table; survivors are printed with their places. */
function described({ name, files: ofRoom }: Room, { files }: Report): string {
  const all = Object.entries(files)
    .filter(([file]) => ofRoom.test(file))
    .flatMap(([file, { mutants, source }]) => mutants.map((mutant) => ({ file, source, mutant })));
  const of = (...statuses: readonly string[]): typeof all =>
    all.filter(({ mutant }) => statuses.includes(mutant.status));
  const [noticed, survived, unreached] = [of('Killed', 'Timeout'), of('Survived'), of('NoCoverage')];
  const judged = noticed.length + survived.length + unreached.length;
  for (const { file, source, mutant } of [...survived, ...unreached])
    console.log(`${mutant.status} ${place(file, source, mutant)}`);
  const score = judged === 0 ? '–' : `${String(Math.round((100 * noticed.length) / judged))} %`;
  return `| ${name} | ${String(judged)} | ${String(noticed.length)} | ${String(survived.length)} | ${String(unreached.length)} | ${score} |`;
}

function place(
  file: string,
  source: string,
  { location: { start, end }, mutatorName, replacement = '' }: Mutant,
): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const written = start.line === end.line ? (lines[0] ?? '').slice(start.column - 1, end.column - 1) : lines.join(' ');
  const short = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 120);
  return `${file}:${String(start.line)} ${mutatorName}: ${short(written)} -> ${short(replacement)}`;
}

runMain(main);
