/**
 * `npm run import -- --charts <folder of cilium-<version>.tgz> [--check]` writes `imports/cilium-chart/` from chart archives.
 * The folder may also be given as CILIUM_CHARTS. With `--check` nothing is written: the exit code is 1 when a committed file
 * differs from what the archives give.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { findArchives } from './archive';
import { readCurated } from './curated';
import type { GeneratedFile } from './generate';
import { generate } from './generate';

const TARGET = join(__dirname, '..', 'imports', 'cilium-chart');

function main(): number {
  const { values } = parseArgs({ options: { charts: { type: 'string' }, check: { type: 'boolean', default: false } } });
  const folder = values.charts ?? process.env.CILIUM_CHARTS;
  if (folder === undefined || folder === '') {
    console.error('Where are the chart archives? Give --charts <folder of cilium-<version>.tgz> or set CILIUM_CHARTS.');
    return 2;
  }
  const archives = findArchives(folder);
  const { files, unknownReads } = generate(archives, readCurated());
  if (unknownReads.length > 0) {
    console.error(`Templates read values that neither the schema nor upstream/hidden-values.yaml knows:\n  ${unknownReads.join('\n  ')}`);
    return 1;
  }
  if (values.check) return check(files);
  write(files);
  console.log(`${archives.length} charts (${archives[0].version} to ${archives.at(-1)?.version}), ${files.length} files.`);
  return 0;
}

function write(files: readonly GeneratedFile[]): void {
  for (const path of stale(files)) rmSync(join(TARGET, path));
  for (const { path, text } of files) {
    const file = join(TARGET, path);
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
  }
}

function check(files: readonly GeneratedFile[]): number {
  const differing = files
    .filter(({ path, text }) => !existsSync(join(TARGET, path)) || readFileSync(join(TARGET, path), 'utf8') !== text)
    .map(({ path }) => path);
  const names = [...differing, ...stale(files)];
  if (names.length === 0) return 0;
  console.error(`imports/cilium-chart differs from the charts (run \`npm run import\`):\n  ${names.join('\n  ')}`);
  return 1;
}

/** Files of an earlier import that this one no longer makes. */
function stale(files: readonly GeneratedFile[]): readonly string[] {
  if (!existsSync(TARGET)) return [];
  const made = new Set(files.map(({ path }) => path));
  return readdirSync(TARGET, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(TARGET, join(entry.parentPath, entry.name)))
    .filter((path) => !made.has(path));
}

process.exitCode = main();
