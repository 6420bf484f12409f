import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A table of results that real Go code gave, committed beside the tests. */
export function readTable<T>(name: string): T {
  return JSON.parse(readFileSync(join(__dirname, name), 'utf8')) as T;
}
