import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentHashOf, hashOf, isSameContent } from '../kubernetes/content';
import { isWithin, keyOf, realPath, statsOf } from './folders';
import type { HashedFile } from './report';

/**
 * What is in the place of a file: nothing; a folder; the file as a run left it, or with the text that is to be written; what was changed since,
 * a link among it; what no run left.
 */
export type FileState = 'absent' | 'folder' | 'ours' | 'changed' | 'unlisted';

/**
 * Looks at a place. Formatters and line ends change nothing.
 * @param left what the report of an earlier run lists here
 * @param text what is to be written
 */
export function stateOf(path: string, left: HashedFile | undefined, text?: string): FileState {
  const stats = statsOf(path);
  if (stats === undefined) return 'absent';
  if (stats.isDirectory()) return 'folder';
  const other = left === undefined ? 'unlisted' : 'changed';
  if (!stats.isFile()) return other;
  const found = readFileSync(path, 'utf8');
  if (found === text) return 'ours';
  const isLeft = left !== undefined && (hashOf(found) === left.sha256 || isContent(found, left.contentSha256));
  return isLeft || (text !== undefined && isSameContent(found, text)) ? 'ours' : other;
}

function isContent(text: string, contentSha256: string | undefined): boolean {
  return contentSha256 !== undefined && contentHashOf(text) === contentSha256;
}

/** Files of an earlier run that this one does not write any more: those that may be deleted, and those that were changed since. */
export interface StaleFiles {
  readonly unchanged: readonly string[];
  readonly changed: readonly string[];
}

/** Sorts what an earlier run left in a folder. */
export function staleFiles(folder: string, left: readonly HashedFile[], written: readonly string[]): StaleFiles {
  const kept = new Set(written.map(keyOf));
  const stale = left
    .map((one) => ({ path: join(folder, one.file), one }))
    .filter(({ path }) => !kept.has(keyOf(path)) && isWithin(path, realPath(folder)))
    .map(({ path, one }) => ({ path, state: stateOf(path, one) }));
  const inState = (wanted: FileState): readonly string[] =>
    stale.filter(({ state }) => state === wanted).map(({ path }) => path);
  return { unchanged: inState('ours'), changed: inState('changed') };
}
