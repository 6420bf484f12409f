import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { groupedBy } from '../kubernetes/groups';
import { CiliumError } from '../rules/finding';
import type { Finding } from '../rules/finding';
import { folderId, isFolder, makeFolder, realPath, statsOf } from './folders';
import { WriteError, at, finish, removeBelow, rootsOf, writeChanges } from './journal';
import type { Change, Work } from './journal';
import { codeOf, endRun, isUnfinished, leftIn, lock, newRun, removeFolder } from './lock';

/** A file that a run is going to write. */
export interface PlannedFile {
  readonly path: string;
  readonly text: string;
}

/** What a run is going to write and to delete. */
export interface WritePlan {
  /** The last ones complete the set: they are the first to go and the last to come. */
  readonly files: readonly PlannedFile[];
  /** Files that go. Folders that are empty then go, too. */
  readonly stale: readonly string[];
}

/**
 * Writes files all or none, whenever the process ends: what a run that was interrupted left is put right by the next one. A link in the
 * place of a file is replaced, not followed. Each file is in one of the folders or below.
 * @throws CiliumError naming the path and the reason when the file system refuses; then all is as it was.
 */
export function writeFiles(folders: readonly string[], files: readonly PlannedFile[]): void {
  if (folders.length > 0) writeSet(folders, () => ({ files, stale: [] }));
}

/** Writes what a plan names that is made while no other run writes to the folders. */
export function writeSet(folders: readonly string[], plan: () => WritePlan): void {
  const made: string[] = [];
  try {
    for (const folder of folders) made.push(...at(folder, () => makeFolder(resolve(folder))));
    refuseTwice(folders);
    whileLocked(folders.map(realPath), (works) => {
      const { files, stale } = plan();
      const placed = placesIn(folders);
      const changes = [
        ...stale.flatMap((path) => changeOf(placed(path))),
        ...files.flatMap(({ path, text }) => changeOf(placed(path), text)),
      ];
      writeChanges(
        works.filter(({ root }) => changes.some((change) => change.root === root)),
        changes,
      );
      return () => {
        for (const { root, path } of changes) removeBelow(root, dirname(path));
      };
    });
  } catch (error) {
    for (const folder of made.reverse()) removeFolder(folder);
    throw explained(error);
  }
}

/** Puts right what a run left that was interrupted; does nothing for other folders. */
export function restoreFolders(folders: readonly string[]): void {
  const left = folders.filter((folder) => isFolder(folder) && isUnfinished(folder));
  if (left.length === 0) return;
  try {
    whileLocked(left.map(realPath), () => () => undefined);
  } catch (error) {
    throw explained(error);
  }
}

/** Locks folders, puts right what other runs left there, and works. What `work` returns is done when all is written. */
function whileLocked(folders: readonly string[], work: (works: readonly Work[]) => () => void): void {
  const run = newRun();
  let works: readonly Work[] = [];
  try {
    works = lockAll([...new Set(folders)], run);
    const last = work(works);
    // All is in its place now; what cannot be removed, the next run removes.
    quietly(() => {
      finish(works);
    });
    last();
  } catch (error) {
    undo(works, error);
    throw error;
  } finally {
    endRun(run);
  }
}

/** Locks folders, always in the same order, and those in which an interrupted run wrote at once with one of them. */
function lockAll(folders: readonly string[], run: string): readonly Work[] {
  const works: Work[] = [];
  try {
    for (const root of [...folders].sort()) works.push({ root, folder: at(root, () => lock(root, run)) });
    const left = works.flatMap(({ root }) => leftIn(root).map((folder): Work => ({ root, folder })));
    const known = new Set(folders);
    const others = left.flatMap(rootsOf).filter((root) => !known.has(root) && isFolder(root));
    if (others.length > 0) {
      finish(works);
      return lockAll([...new Set([...folders, ...others])], run);
    }
    for (const group of groupedBy(left, ({ folder }) => basename(folder)).values()) finish(group);
    return works;
  } catch (error) {
    undo(works, error);
    throw error;
  }
}

/** Puts everything back after an error. */
function undo(works: readonly Work[], error: unknown): void {
  try {
    finish(works);
  } catch {
    if (error instanceof WriteError) error.outcome = 'The next run puts back what was moved aside.';
  }
}

/** Two folders that are one, as with another case of letters, or a bind mount. */
function refuseTwice(folders: readonly string[]): void {
  const known = new Map<string, string>();
  for (const folder of folders) {
    const other = known.get(folderId(folder));
    if (other !== undefined && realPath(other) !== realPath(folder))
      throw new WriteError(folder, `it is the same folder as '${shown(other)}'`);
    known.set(folderId(folder), folder);
  }
}

/** A path as the locked folders have it, with the innermost folder that it is in. */
function placesIn(folders: readonly string[]): (path: string) => Pick<Change, 'root' | 'path'> {
  const real = new Map(folders.map((folder) => [resolve(folder), realPath(folder)]));
  return (path) => {
    const full = resolve(path);
    for (let folder = dirname(full); ; folder = dirname(folder)) {
      const root = real.get(folder);
      if (root !== undefined) return { root, path: join(root, relative(folder, full)) };
      if (folder === dirname(folder)) throw new Error(`'${path}' is in none of the folders of the run.`);
    }
  };
}

/** What changes at a place: nothing where the text is there already, or nothing is there to delete. */
function changeOf(place: Pick<Change, 'root' | 'path'>, text?: string): readonly Change[] {
  const stats = statsOf(place.path);
  if (text === undefined) return stats === undefined ? [] : [{ ...place, old: {} }];
  if (stats === undefined) return [{ ...place, text }];
  if (stats.isDirectory()) throw new WriteError(place.path, { code: 'EISDIR' });
  if (!stats.isFile()) return [{ ...place, text, old: {} }];
  const isSame =
    stats.size === Buffer.byteLength(text) && at(place.path, () => readFileSync(place.path, 'utf8')) === text;
  return isSame ? [] : [{ ...place, text, old: { mode: stats.mode & 0o777 } }];
}

/** Why a file system refuses, and what helps. */
const REASONS: Readonly<Record<string, readonly [fact: string, hint: string]>> = {
  ENOSPC: ['no space is left on its file system', 'Free space there'],
  EDQUOT: ['the disk quota is used up', 'Free space there'],
  EACCES: ['permission is denied', 'Change the permissions of its folder, or write to another folder'],
  EPERM: ['the operation is not permitted', 'Change the owner or the attributes of its folder'],
  EROFS: ['its file system is read-only', 'Mount it for writing, or write to another folder'],
  EBUSY: ['it is in use, as a mount point is', 'Unmount it, or mount its folder instead'],
  EXDEV: ['it is on another file system than the output folder', 'Remove the link or the mount above it'],
  EISDIR: ['it is a folder', 'Remove it'],
  ENOTDIR: ['a part of its path is not a folder', 'Remove the file that is in the way'],
  ENOENT: ['its folder was removed, or another run took over meanwhile', 'End the other run'],
  ENAMETOOLONG: ['the name is too long', 'Shorten it'],
};

/** An error of the file system as a finding. */
export function explained(error: unknown): unknown {
  if (!(error instanceof WriteError)) return error;
  const code = codeOf(error.cause);
  const [fact, hint] = REASONS[code] ?? [String(error.cause), 'Write to another folder'];
  const finding: Finding = {
    id: 'app/file',
    level: 'error',
    paths: [],
    message: `'${shown(error.path)}' cannot be written: ${fact}${code === '' ? '' : ` (${code})`}. ${error.outcome}`,
    hint: `${hint}, then run again.`,
  };
  return new CiliumError([finding], 'Nothing was written');
}

/** A path as people know it: below the working directory without that. */
function shown(path: string): string {
  const way = relative('.', path);
  return way === '' || way.startsWith('..') ? path : way;
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The error that led here is reported.
  }
}
