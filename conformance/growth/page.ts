import { cpus, totalmem } from 'node:os';
import type { ClustersMeasured } from './clusters';
import { growthOf } from './measure';
import type { Measured } from './measure';

/** A sample at all sizes, as far as it came. */
export interface SampleRow {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly found: readonly Measured[];
}

/** An app of so many clusters, and the same objects as plain `ApiObject`s. */
export interface ClustersRow {
  readonly n: number;
  readonly ours?: ClustersMeasured | undefined;
  readonly plain?: ClustersMeasured | undefined;
}

/** Time per item may not grow by more than this between 100 and the largest size. */
const MOST = 2;

/** Whether time per item grows by more than it may, or the sample was stopped. */
export function isTooFast({ found, sizes }: SampleRow): boolean {
  return found.length < sizes.length || (growthOf(found) ?? 0) > MOST;
}

/** The rows of a table of samples, for a terminal. */
export function samplesTable(rows: readonly SampleRow[]): readonly string[] {
  return rows.map((row) => cellsOf(row).join(' | '));
}

/** Rows about apps with many clusters. */
export function clustersTable(rows: readonly ClustersRow[]): readonly string[] {
  return [
    ['clusters', 'build', 'synthesize', 'plain: build', 'plain: write', 'synthesize', 'all', 'memory'].join(' | '),
    ...rows.map((row) => clusterCells(row).join(' | ')),
  ];
}

function cellsOf(row: SampleRow): readonly string[] {
  const { name, sizes, found } = row;
  const factor = growthOf(found);
  const last = found.at(-1);
  return [
    name,
    ...sizes.map((n) => found.find((one) => one.n === n)?.cpu.toFixed(0) ?? '–'),
    found.length < sizes.length || factor === undefined ? '–' : `× ${factor.toFixed(2)}`,
    String(last?.findings ?? 0),
    last?.refused ?? '',
  ];
}

function clusterCells({ n, ours, plain }: ClustersRow): readonly string[] {
  if (ours === undefined || plain === undefined) return [String(n), ...Array<string>(7).fill('–')];
  const whole = plain.build + plain.write;
  return [
    String(n),
    ...[ours.build, ours.write, plain.build, plain.write].map((time) => time.toFixed(0)),
    ...[ours.write / whole, (ours.build + ours.write) / whole, ours.megabytes / plain.megabytes].map(
      (ratio) => `× ${ratio.toFixed(2)}`,
    ),
  ];
}

/** docs/growth.md. */
export function writePage(samples: readonly SampleRow[], clusters: readonly ClustersRow[]): string {
  const machine = `${String(cpus().length)} × ${cpus()[0]?.model ?? 'unknown'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`;
  const sizes = samples[0]?.sizes ?? [];
  return `${[
    '# Growth',
    '',
    `Written by \`npx tsx conformance/growth.ts --write\` on ${machine}. CPU time of building and writing, in milliseconds; each row in a process of its own.`,
    '',
    '## Clusters in one app',
    '',
    'Each cluster is a chart with Cilium, a pool and an L2 policy, and a `TalosPatch`. The same objects as plain `ApiObject`s, each chart written as one file by our writer, are what is',
    'written without any check, hash, compressed size, patch, report or `fsync`. The ratios compare with all that the plain app takes.',
    '',
    ...markdown(
      [
        'clusters',
        'build',
        '`synthesize`',
        'plain: build',
        'plain: write',
        '`synthesize`',
        'build and `synthesize`',
        'memory',
      ],
      clusters.map(clusterCells),
    ),
    '',
    '## Items in one app',
    '',
    'The last but two column is the time per item at the largest size against that at 100; 1 is linear, less has a fixed part. A rule at the end is the first error where the sample is refused.',
    '',
    ...markdown(['sample', ...sizes.map(String), 'per item', 'findings', 'refused by'], samples.map(cellsOf)),
  ].join('\n')}\n`;
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)];
}
