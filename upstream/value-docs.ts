/**
 * `npm run value-docs` writes `imports/value-docs/`: the sentences of `value-words.yaml`, and for each minor which config keys and objects
 * each value changes, found by rendering with another value. It takes minutes; `--words` writes the sentences only.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { knownMinors, patchesOf } from '../lib/cilium/versions';
import { changesOf } from './value-changes';

const FOLDER = join(__dirname, '..', 'imports', 'value-docs');

/** The sentence of each value that has one, by its path. */
export function readWords(): Readonly<Record<string, string>> {
  return parse(readFileSync(join(__dirname, 'value-words.yaml'), 'utf8')) as Readonly<Record<string, string>>;
}

/** `words.json`: sorted, one a line. */
export function wordsFile(): string {
  const sorted = Object.entries(readWords()).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), undefined, 0).replaceAll('","', '",\n"')}\n`;
}

function main(): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'words.json'), wordsFile());
  if (process.argv.includes('--words')) return;
  for (const minor of knownMinors()) {
    const version = `${minor}.${String(patchesOf(minor).at(-1))}`;
    writeFileSync(join(FOLDER, `${minor}.json`), changesFile(changesOf(version)));
  }
}

/** Names once, and for each value the places of the names that it changes. */
function changesFile(changes: ReadonlyMap<string, readonly string[]>): string {
  const names = [...new Set([...changes.values()].flat())].sort();
  const places = new Map(names.map((name, i) => [name, i]));
  const lines = [...changes].map(
    ([path, changed]) => `${JSON.stringify(path)}:${JSON.stringify(changed.map((name) => places.get(name)))}`,
  );
  return `{"names":[\n${names.map((name) => JSON.stringify(name)).join(',\n')}\n],\n"changes":{\n${lines.join(',\n')}\n}}\n`;
}

if (require.main === module) main();
