import { posix } from 'node:path';

/** Go's `path.Dir`, the `dir` of a template: everything before the last slash, cleaned; `.` when there is none. */
export function directoryOf(path: string): string {
  const cleaned = posix.normalize(path.slice(0, path.lastIndexOf('/') + 1) || '.');
  return cleaned.length > 1 && cleaned.endsWith('/') ? cleaned.slice(0, -1) : cleaned;
}
