import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A file that a run is going to write. */
export interface PlannedFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Writes files all or none: each is written next to its place, and moved there only when all are written. A link in the
 * place of a file is replaced, not followed. Then deletes what is stale, and folders that are empty by that.
 */
export function writeFiles(folders: readonly string[], files: readonly PlannedFile[], stale: readonly string[]): void {
  for (const folder of [...folders, ...files.map(({ path }) => dirname(path))]) makeFolder(folder);
  const made: { readonly beside: string; readonly path: string }[] = [];
  try {
    for (const { path, text } of files) {
      const { beside, descriptor } = openBeside(path);
      made.push({ beside, path });
      try {
        writeFileSync(descriptor, text);
      } finally {
        closeSync(descriptor);
      }
    }
    for (const { beside, path } of made) renameSync(beside, path);
  } finally {
    for (const { beside } of made) rmSync(beside, { force: true });
  }
  for (const path of stale) {
    rmSync(path, { force: true });
    if (!folders.includes(dirname(path))) removeIfEmpty(dirname(path));
  }
}

/** Creates a folder and those above it, one by one: Node's own way does not end where a file system allows none, as /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Creates a file next to another: `x.yaml.new`, or with a number where that exists. */
function openBeside(path: string, attempt = 0): { readonly beside: string; readonly descriptor: number } {
  const beside = `${path}${attempt === 0 ? '' : `.${String(attempt)}`}.new`;
  try {
    return { beside, descriptor: openSync(beside, 'wx') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return openBeside(path, attempt + 1);
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Other files are in it.
  }
}
