/** Sentences about the values that people use most, in our own words. Read on demand. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

let words: Readonly<Record<string, string>> | undefined;

/** The sentence about a value; `undefined` where it has none. */
export function wordsAt(path: string): string | undefined {
  words ??= JSON.parse(
    readFileSync(join(__dirname, '..', '..', 'imports', 'value-docs', 'words.json'), 'utf8'),
  ) as Readonly<Record<string, string>>;
  return Object.hasOwn(words, path) ? words[path] : undefined;
}
