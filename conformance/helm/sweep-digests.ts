import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './cases';
import { digestsOf } from './digests';
import type { Verdict } from './helm';
import { isMistake, meant } from '../../lib/releases/meant';

/** Helm's result for every case of a sweep, a short hash each: {@link REFUSED}, {@link NOT_JUDGED} or a hash of all objects. */
export interface SweepDigests {
  /** A hash of the cases' names: a table belongs to exactly one list of cases. */
  readonly cases: string;
  /** One word a case, in the order of the cases. */
  readonly words: readonly string[];
}

/** Helm refuses. */
export const REFUSED = '-';
/** Helm crashes, declared difference (f). */
export const NOT_JUDGED = '?';

const fileOf = (version: string): string => join(__dirname, 'digests', 'sweep', `${version}.txt`);

/** The committed table for a version. */
export function readSweep(version: string): SweepDigests | undefined {
  if (!existsSync(fileOf(version))) return undefined;
  const [cases = '', ...lines] = readFileSync(fileOf(version), 'utf8').trim().split('\n');
  return { cases, words: lines.join(' ').split(' ') };
}

/** Writes Helm's results of a sweep into the table of that version. */
export function writeSweep(version: string, cases: readonly Case[], verdicts: ReadonlyMap<string, Verdict>): void {
  const words = cases.map(({ id }) => wordOf(verdicts.get(id)));
  const lines = Array.from({ length: Math.ceil(words.length / WORDS_PER_LINE) }, (_, i) =>
    words.slice(i * WORDS_PER_LINE, (i + 1) * WORDS_PER_LINE).join(' '),
  );
  writeFileSync(fileOf(version), `${hashOfNames(cases)}\n${lines.join('\n')}\n`);
}

const WORDS_PER_LINE = 12;

function wordOf(verdict: Verdict | undefined): string {
  if (verdict === undefined) throw new Error('Helm did not run.');
  if (verdict.error !== undefined) return isMistake(verdict.error) ? NOT_JUDGED : REFUSED;
  return sweepWord((verdict.objects ?? []).map(meant));
}

/** A short hash of all objects of a render. */
export function sweepWord(objects: Verdict['objects']): string {
  return createHash('sha256')
    .update(JSON.stringify(digestsOf({ objects })))
    .digest('hex')
    .slice(0, 10);
}

/** The identity of a table. */
export function hashOfNames(cases: readonly Case[]): string {
  return createHash('sha256')
    .update(JSON.stringify(cases.map(({ id, values }) => [id, values])))
    .digest('hex')
    .slice(0, 16);
}
