/**
 * `npm run value-docs` writes `imports/value-docs/`: the sentences of `value-words.yaml`, and for each minor which config keys and objects
 * each value changes, found by rendering with another value. It takes minutes; `--words` writes the sentences only, `--patch` also what each
 * release renders by default.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { knownMinors, patchesOf } from '../lib/cilium/versions';
import { CILIUM_VERSIONS } from '../imports/cilium-chart';
import { changesOf, outputOf } from './value-changes';
import type { Change } from './value-changes';

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
  writeFileSync(join(FOLDER, 'defaults.json'), defaultsFile());
  if (process.argv.includes('--patch')) return;
  for (const minor of knownMinors()) {
    const version = `${minor}.${String(patchesOf(minor).at(-1))}`;
    writeFileSync(join(FOLDER, `${minor}.json`), changesFile(changesOf(version)));
  }
}

/** Names once, and for each value the places of the names that it changes; `~place` of those that it only decides to be there. */
function changesFile(changes: ReadonlyMap<string, readonly Change[]>): string {
  const names = [...new Set([...changes.values()].flat().map(({ name }) => name))].sort();
  const places = new Map(names.map((name, i) => [name, i]));
  const lines = [...changes].map(([path, changed]) => {
    const numbers = changed.map(({ name, isOnlyThere }) => (isOnlyThere ? ~(places.get(name) ?? 0) : places.get(name)));
    return `${JSON.stringify(path)}:${JSON.stringify(numbers)}`;
  });
  return `{"names":[\n${names.map((name) => JSON.stringify(name)).join(',\n')}\n],\n"changes":{\n${lines.join(',\n')}\n}}\n`;
}

/** What each release renders of its defaults: the texts of config keys, and which objects are there; runs of releases by their first. */
export function defaultsFile(): string {
  const outputs = CILIUM_VERSIONS.map((version) => ({
    version,
    output: outputOf(version, {}) ?? new Map<string, string>(),
  }));
  const names = [...new Set(outputs.flatMap(({ output }) => [...output.keys()]))].sort();
  const lines = names.map((name) => {
    const texts = outputs.map(({ version, output }) => {
      const text = output.get(name) ?? null;
      return [version, text !== null && !name.startsWith('config ') ? '' : text] as const;
    });
    const runs = texts.filter(([, text], i) => i === 0 || texts[i - 1]?.[1] !== text);
    return `${JSON.stringify(name)}:${JSON.stringify(runs)}`;
  });
  return `{\n${lines.join(',\n')}\n}\n`;
}

if (require.main === module) main();
