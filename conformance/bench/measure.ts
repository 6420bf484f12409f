import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Times or sizes of one thing, as they were measured. */
export interface Row {
  readonly what: string;
  readonly median: number;
  /** Tenth and ninetieth percentile; equal to the median where one figure was measured. */
  readonly p10: number;
  readonly p90: number;
  /** What it is compared with: a row of the same table. */
  readonly of?: string | undefined;
  readonly ratio?: number | undefined;
  /** Peak of the memory of a process, in MiB. */
  readonly memory?: number | undefined;
}

export interface Table {
  readonly title: string;
  readonly unit: string;
  readonly words: string;
  readonly rows: readonly Row[];
}

/** A command and its arguments. */
export type Command = readonly [file: string, ...args: readonly string[]];

/** One thing to measure. */
export interface Work {
  readonly what: string;
  readonly run: () => void;
  readonly memory?: (() => number | undefined) | undefined;
}

/** Measures several works in turns, so that other load on the machine affects all of them alike; ratios are to the first. */
export function inTurns(works: readonly Work[], rounds: number, warmUp = 1): readonly Row[] {
  for (let round = 0; round < warmUp; round++) for (const { run } of works) run();
  const times = Array.from({ length: rounds }, () => works.map(({ run }) => timed(run)));
  const rows = works.map(({ what, memory }, i) => ({
    what,
    ...spread(times.map((round) => round[i] ?? 0)),
    memory: memory?.(),
  }));
  const [first] = rows;
  return rows.map((row) =>
    first === undefined || row === first ? row : { ...row, of: first.what, ratio: row.median / first.median },
  );
}

/** Median, tenth and ninetieth percentile. */
export function spread(values: readonly number[]): Pick<Row, 'median' | 'p10' | 'p90'> {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { median: at(0.5), p10: at(0.1), p90: at(0.9) };
}

/** Milliseconds. */
export function timed(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** Runs a command to its end in an empty folder, or in `cwd`. @returns what it printed. */
export function output([file, ...args]: Command, env = process.env, cwd = emptyFolder()): string {
  const { status, stdout, stderr } = spawnSync(file, args, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${file} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

const TIME = '/usr/bin/time';

/** The peak of a command's memory in MiB; `undefined` where GNU time is not installed. */
export function peakMemory([file, ...args]: Command, env = process.env, cwd = emptyFolder()): number | undefined {
  if (!existsSync(TIME)) return undefined;
  const { stderr } = spawnSync(TIME, ['-f', 'peak %M', file, ...args], {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const [, kib] = /^peak (\d+)$/m.exec(stderr) ?? [];
  return kib === undefined ? undefined : Number(kib) / 1024;
}

/** A new folder that is removed with the machine's temporary files. */
export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'bench-'));
}
