import {
  accessSync,
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { hashOf } from '../kubernetes/content';
import { groupedBy } from '../kubernetes/groups';
import { makeFolder, statsOf } from './folders';
import { isMap, mapsIn } from '../kubernetes/json';
import { codeOf, removeFolder } from './lock';

/** A file to write, or to remove where it has no text. */
export interface Change {
  /** The folder that it is in or below, as the run locked it. */
  readonly root: string;
  readonly path: string;
  readonly text?: string;
  /** What is there now, which is moved aside. */
  readonly old?: { readonly mode?: number } | undefined;
}

/** The folder of a run in a folder that it writes to. */
export interface Work {
  readonly root: string;
  readonly folder: string;
}

/** One file of a run, in the order in which new files are moved to their places. */
interface Entry {
  readonly position: number;
  readonly work: Work;
  readonly path: string;
  readonly hasOld: boolean;
  /** Of the new file. */
  readonly sha256?: string;
}

/** What a run is going to move: written before the first move, renamed after the last. */
const JOURNAL = 'journal.json';
const COMMITTED = 'committed.json';

/** An error of the file system, with the file that was to be written. */
export class WriteError extends Error {
  outcome = 'No file was changed.';

  constructor(
    readonly path: string,
    override readonly cause: unknown,
  ) {
    super(`${path}: ${String(cause)}`);
  }
}

/**
 * Writes all changes or none. All new files are made first; then the old ones are moved aside, the last first, and the new ones moved to
 * their places, the last last. Whenever the process ends, there are only old files, only new ones, or the old ones are aside, and
 * {@link finish} puts them back.
 */
export function writeChanges(works: readonly Work[], changes: readonly Change[]): void {
  const last = changes.at(-1);
  if (last === undefined) return;
  const byRoot = new Map(works.map((work) => [work.root, work]));
  const entries = changes.map((change, position) => entryOf(byRoot.get(change.root), change, position));
  for (const { folder, root } of works)
    at(root, () => {
      mkdirSync(join(folder, 'new'));
    });
  for (const [i, entry] of entries.entries()) stage(entry, changes[i]);
  const [only, second] = entries;
  if (only !== undefined && second === undefined) moveAlone(only);
  else {
    const seal = byRoot.get(last.root);
    if (seal === undefined) throw new Error(`'${last.root}' is not locked.`);
    const own = groupedBy(entries, ({ work }) => work);
    // The seal leads to all others.
    writeJournal(seal, own.get(seal) ?? [], works);
    for (const work of works) if (work !== seal) writeJournal(work, own.get(work) ?? [], [seal]);
    moveAll(entries);
    at(last.path, () => {
      // None of them was taken by another run.
      for (const { folder } of works) accessSync(join(folder, 'old'));
      renameSync(join(seal.folder, JOURNAL), join(seal.folder, COMMITTED));
    });
  }
}

/** A single file needs no journal. */
function moveAlone(entry: Entry): void {
  at(entry.path, () => {
    if (entry.sha256 === undefined) rmSync(entry.path);
    else renameSync(newOf(entry), entry.path);
  });
}

function moveAll(entries: readonly Entry[]): void {
  for (const entry of entries.toReversed())
    if (entry.hasOld)
      at(entry.path, () => {
        renameSync(entry.path, oldOf(entry));
      });
  for (const entry of entries)
    if (entry.sha256 !== undefined)
      at(entry.path, () => {
        renameSync(newOf(entry), entry.path);
      });
}

/** Ends a run, in all folders that it wrote to: what was not committed is undone. The folder with the mark goes last. */
export function finish(works: readonly Work[]): void {
  const [committed, others] = [works.filter(isCommitted), works.filter((work) => !isCommitted(work))];
  if (committed.length === 0) putBack(works.flatMap(entriesOf));
  for (const { folder } of [...others, ...committed]) {
    for (const name of [JOURNAL, COMMITTED]) rmSync(join(folder, name), { force: true });
    // Most runs leave only these, and to look for others takes longer than to remove them.
    for (const part of ['new', 'old', '']) removeFolder(join(folder, part));
    rmSync(folder, { recursive: true, force: true });
    removeFolder(dirname(folder));
  }
}

function isCommitted({ folder }: Work): boolean {
  return existsSync(join(folder, COMMITTED));
}

/** Folders that a run wrote to at once with this one; all of them where it has the mark, which the others lead to. */
export function rootsOf({ root, folder }: Work): readonly string[] {
  const { roots } = journalOf(folder);
  return Array.isArray(roots) ? roots.filter((one) => typeof one === 'string').map((one) => resolve(root, one)) : [];
}

function stage(entry: Entry, change: Change | undefined): void {
  if (change?.text === undefined) return;
  const { text, old, path } = change;
  at(path, () => {
    makeFolder(dirname(path));
    writeNew(newOf(entry), text, old?.mode);
  });
}

/** Makes a file that survives a loss of power. */
function writeNew(path: string, text: string, mode?: number): void {
  const descriptor = openSync(path, 'wx');
  try {
    writeFileSync(descriptor, text);
    if (mode !== undefined) fchmodSync(descriptor, mode);
    fsyncSync(descriptor);
  } catch (error) {
    // Some network file systems have no fsync.
    if (!['EINVAL', 'ENOSYS', 'ENOTSUP'].includes(codeOf(error))) throw error;
  } finally {
    closeSync(descriptor);
  }
}

function writeJournal(work: Work, entries: readonly Entry[], others: readonly Work[]): void {
  const journal = {
    roots: others.map(({ root }) => relative(work.root, root)),
    entries: entries.map(({ position, path, hasOld, sha256 }) => ({
      position,
      file: relative(work.root, path),
      hasOld,
      sha256,
    })),
  };
  at(work.root, () => {
    mkdirSync(join(work.folder, 'old'));
    writeNew(join(work.folder, `${JOURNAL}.new`), JSON.stringify(journal));
    renameSync(join(work.folder, `${JOURNAL}.new`), join(work.folder, JOURNAL));
  });
}

/** New files go first, those that were moved last before all others; old ones come back in the order of new ones. */
function putBack(entries: readonly Entry[]): void {
  const sorted = [...entries].sort((a, b) => a.position - b.position);
  for (const entry of sorted.toReversed()) {
    if (entry.sha256 === undefined || existsSync(newOf(entry)) || !isWritten(entry)) continue;
    at(entry.path, () => {
      renameSync(entry.path, newOf(entry));
    });
  }
  for (const entry of sorted) {
    if (entry.hasOld && statsOf(oldOf(entry)) !== undefined) {
      at(entry.path, () => {
        makeFolder(dirname(entry.path));
        renameSync(oldOf(entry), entry.path);
      });
    } else removeBelow(entry.work.root, dirname(entry.path));
  }
}

/** Whether a new file is in its place, and is still as it was written. */
function isWritten({ path, sha256 }: Entry): boolean {
  return statsOf(path)?.isFile() === true && hashOf(readFileSync(path, 'utf8')) === sha256;
}

function entriesOf(work: Work): readonly Entry[] {
  return mapsIn(journalOf(work.folder).entries).flatMap(({ position, file, hasOld, sha256 }) =>
    typeof position === 'number' && typeof file === 'string'
      ? [
          {
            position,
            work,
            path: join(work.root, file),
            hasOld: hasOld === true,
            ...(typeof sha256 === 'string' && { sha256 }),
          },
        ]
      : [],
  );
}

function journalOf(folder: string): Readonly<Record<string, unknown>> {
  const path = [COMMITTED, JOURNAL].map((name) => join(folder, name)).find((one) => existsSync(one));
  try {
    const journal: unknown = path === undefined ? undefined : JSON.parse(readFileSync(path, 'utf8'));
    return isMap(journal) ? journal : {};
  } catch {
    return {};
  }
}

function entryOf(work: Work | undefined, { root, path, old, text }: Change, position: number): Entry {
  if (work === undefined) throw new Error(`'${root}' is not locked.`);
  const entry = { position, work, path, hasOld: old !== undefined };
  return text === undefined ? entry : { ...entry, sha256: hashOf(text) };
}

function newOf({ work, position }: Entry): string {
  return join(work.folder, 'new', String(position));
}

function oldOf({ work, position }: Entry): string {
  return join(work.folder, 'old', String(position));
}

/** Removes folders that are empty, up to a folder. */
export function removeBelow(root: string, folder: string): void {
  for (let one = folder; one !== root && one.startsWith(root); one = dirname(one)) removeFolder(one);
}

/** Work on a file; its errors name the file. */
export function at<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof WriteError ? error : new WriteError(path, error);
  }
}
