/**
 * `npx tsx upstream/own-words.ts FOLDER`: prints sentences of `value-words.yaml` that share five words in a row with the values of a
 * chart in the folder of archives. The exit code is 1 where there is one: the sentences are our own.
 */
import { findArchives, readArchive } from '../lib/releases/archive';
import { readWords } from './value-docs';

const RUN = 5;

/** Runs of words, in lower case and without punctuation. */
function runsOf(text: string): readonly string[] {
  const words = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9\s]/g, '')
    .split(/\s+/)
    .filter((word) => word !== '');
  return words.slice(RUN - 1).map((_, i) => words.slice(i, i + RUN).join(' '));
}

function main(): number {
  const [folder = ''] = process.argv.slice(2);
  const archives = findArchives(folder);
  const texts = archives.flatMap(({ file }) => readArchive(file).filter(({ path }) => path === 'cilium/values.yaml'));
  const chart = new Set(texts.flatMap(({ text }) => runsOf(text)));
  const shared = Object.entries(readWords()).flatMap(([path, sentence]) =>
    runsOf(sentence).flatMap((run) => (chart.has(run) ? [`${path}: ${run}`] : [])),
  );
  for (const one of shared) console.error(one);
  console.log(
    `${String(Object.keys(readWords()).length)} sentences, ${String(chart.size)} runs of words in ${String(texts.length)} charts.`,
  );
  return shared.length === 0 ? 0 : 1;
}

process.exitCode = main();
