import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { statsOf } from './folders';

/**
 * The folder inside an output folder in which a run makes its files. It holds one folder, named by the run, and who has it may write.
 * No other program takes it for manifests.
 */
const RUN = '.cdk8s-talos-cilium.run';

/** Milliseconds for which a run that seems alive may do nothing before another takes its place. */
const PATIENCE = 10_000;

/** Runs of this process. */
const runs = new Set<string>();

/** Runs of others that did nothing for too long. */
const givenUp = new Set<string>();

/** A name for a run. Its first part, the process id, only decides how long others wait. */
export function newRun(): string {
  const run = `${String(process.pid)}-${randomBytes(6).toString('hex')}`;
  runs.add(run);
  return run;
}

/** From now on what the run left, if anything, is for others to put right. */
export function endRun(run: string): void {
  runs.delete(run);
}

/**
 * Waits until no other run writes to a folder, and returns the folder of this run. All that a run does with files is to move them from
 * there or to there: when another run takes its place by mistake, every further move fails.
 */
export function lock(root: string, run: string): string {
  const place = join(root, RUN);
  for (;;) {
    if (runIn(place) !== undefined) outlast(place);
    const candidate = mkdtempSync(`${place}-`);
    try {
      mkdirSync(join(candidate, run));
      renameSync(candidate, place);
      return join(place, run);
    } catch (error) {
      rmSync(candidate, { recursive: true, force: true });
      // Another run was first, or took the candidate for what a run left.
      if (
        !['ENOTEMPTY', 'EEXIST', 'EPERM', 'ENOENT'].includes(codeOf(error)) ||
        statsOf(place)?.isDirectory() === false
      )
        throw error;
    }
  }
}

/** Folders of runs that ended without removing them. Only for those who hold the lock. */
export function leftIn(root: string): readonly string[] {
  return namesIn(root)
    .filter((name) => name.startsWith(`${RUN}-`))
    .flatMap((name) => {
      const found = namesIn(join(root, name)).map((run) => join(root, name, run));
      if (found.length === 0) removeFolder(join(root, name));
      return found;
    });
}

/** Whether a run is at work in a folder, or ended before it was done. */
export function isUnfinished(root: string): boolean {
  return namesIn(root).some((name) => name.startsWith(RUN));
}

/** Removes a folder that is empty. */
export function removeFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // There is something in it, or it is gone.
  }
}

/** Waits for the run in a place; one that is dead, or does nothing any more, is moved aside. */
function outlast(place: string): void {
  let seen = '';
  let since = performance.now();
  for (let run = runIn(place); run !== undefined; run = runIn(place)) {
    const now = [run, ...['', 'new', 'old'].map((part) => statsOf(join(place, run ?? '', part))?.mtimeMs)].join();
    if (now !== seen) [seen, since] = [now, performance.now()];
    if (performance.now() - since > PATIENCE) givenUp.add(run);
    if (givenUp.has(run) || !isAlive(run)) {
      moveAside(place);
      return;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
}

function moveAside(place: string): void {
  try {
    renameSync(place, `${place}-${randomBytes(6).toString('hex')}`);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** A hint: in containers and after a restart another process may have the id. */
function isAlive(run: string): boolean {
  const id = Number.parseInt(run, 10);
  if (id === process.pid) return runs.has(run);
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function runIn(place: string): string | undefined {
  return namesIn(place)[0];
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The code of an error of the file system. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
