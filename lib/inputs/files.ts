/** The files that an input refers to. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { decoded } from '../helm/yaml-text';

/** Where files are read. */
export interface Files {
  /** The text of a file; `undefined` where there is none. */
  readonly read: (path: string) => string | undefined;
  /** The names of the files in a folder; none where there is none. */
  readonly list: (folder: string) => readonly string[];
}

/** The files of this machine. */
export const DISK: Files = {
  read: (path) => {
    try {
      return decoded(readFileSync(path));
    } catch {
      return undefined;
    }
  },
  list: (folder) => {
    try {
      return readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile() || entry.isSymbolicLink())
        .map(({ name }) => name)
        .sort();
    } catch {
      return [];
    }
  },
};

/** A path that a file names, from where the program runs. */
export function besides(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path);
}

/** How many folders are searched upward for a path from the root of a repository. */
const HIGHEST = 20;

/** The file at a path from the root of the repository that holds another file: the nearest folder above that has it. */
export function fromRoot(files: Files, file: string, path: string): string | undefined {
  let folder = dirname(file);
  for (let i = 0; i < HIGHEST; i++) {
    const found = join(folder, path);
    if (files.read(found) !== undefined) return found;
    folder = join(folder, '..');
  }
  return undefined;
}
