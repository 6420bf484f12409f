import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { APP_OF_CLUSTERS, CLUSTER_SIZES, ours, plain } from './growth/clusters';
import type { ClustersMeasured } from './growth/clusters';
import { measure } from './growth/measure';
import type { Measured } from './growth/measure';
import { clustersTable, isTooFast, samplesTable, writePage } from './growth/page';
import type { ClustersRow, SampleRow } from './growth/page';
import { SAMPLES } from './growth/samples';

/*
 * How cost grows: each sample is built and written with 100 to 10,000 of its kind, and an app with 10 to 1,000 clusters, in CPU time.
 * `npx tsx conformance/growth.ts [NAME…]` measures those whose name contains one of the arguments; `--results FILE` keeps each result
 * in a file, and measures only what is not in it; `--write` writes docs/growth.md.
 */

/** Sizes by default. */
const SIZES: readonly number[] = [100, 1000, 10_000];
/** Seconds after which a sample is stopped. */
const LIMIT = 240;

interface Options {
  readonly sizes: readonly number[];
  readonly limit: number;
  /** A file with a result on each line. */
  readonly results?: string | undefined;
  readonly write: boolean;
}

/** Measures samples, each in a process of its own, prints a table, and returns how many grow too fast. */
export function growth(names: readonly string[], options: Partial<Options> = {}): number {
  const { sizes = SIZES, limit = LIMIT, results, write = false } = options;
  const isChosen = (name: string): boolean => names.length === 0 || names.some((one) => name.includes(one));
  const known = new Map(
    linesOf(results !== undefined && existsSync(results) ? readFileSync(results, 'utf8') : '').map(
      (one) => [(one as { readonly key: string }).key, one] as const,
    ),
  );
  const once = <T extends object>(key: string, make: () => T): T => {
    const before = known.get(key) as T | undefined;
    const row = before ?? make();
    if (before === undefined && results !== undefined) appendFileSync(results, `${JSON.stringify({ key, ...row })}\n`);
    return row;
  };
  const rows = SAMPLES.map(({ name }) => name)
    .filter(isChosen)
    .map((name): SampleRow => {
      const row = once(`${name} ${sizes.join()}`, () => ({
        name,
        sizes,
        found: inProcess<Measured>(name, sizes, limit),
      }));
      console.log(samplesTable([row]).at(-1));
      return row;
    });
  const apps = isChosen(APP_OF_CLUSTERS)
    ? CLUSTER_SIZES.map((n): ClustersRow => {
        const of = (kind: string): ClustersMeasured | undefined =>
          inProcess<ClustersMeasured>(`${APP_OF_CLUSTERS}: ${kind}`, [n], limit)[0];
        return once(`${APP_OF_CLUSTERS} ${String(n)}`, () => ({ n, ours: of('ours'), plain: of('plain') }));
      })
    : [];
  if (apps.length > 0) console.log(clustersTable(apps).join('\n'));
  if (write) writeFileSync(join(__dirname, '..', 'docs', 'growth.md'), writePage(rows, apps));
  return rows.filter(isTooFast).length;
}

/** Runs a part of this program in a process of its own, and returns what it prints. */
function inProcess<T>(name: string, sizes: readonly number[], limit: number): readonly T[] {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...process.execArgv, __filename, '--measure', name, '--sizes', sizes.join(',')],
    { cwd: join(__dirname, '..'), encoding: 'utf8', timeout: limit * 1000, maxBuffer: 1 << 28 },
  );
  if (status !== 0 && status !== null) console.error(stderr.slice(-2000));
  return linesOf(stdout) as readonly T[];
}

function linesOf(text: string): readonly unknown[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as unknown);
}

/** Measures one sample at all sizes, or one app of clusters, in this process. */
function measureHere(name: string, sizes: readonly number[]): void {
  const [kind, apps] = name.startsWith(`${APP_OF_CLUSTERS}: `)
    ? [name.slice(APP_OF_CLUSTERS.length + 2), { ours, plain }]
    : [undefined, undefined];
  if (apps !== undefined) {
    const app = kind === 'ours' ? apps.ours : apps.plain;
    app(3);
    for (const n of sizes) console.log(JSON.stringify(app(n)));
    return;
  }
  const sample = SAMPLES.find((one) => one.name === name);
  if (sample === undefined) throw new Error(`Unknown sample '${name}'.`);
  for (let i = 0; i < 3; i++) sample.run(10);
  for (const n of sizes) console.log(JSON.stringify(measure(sample, n)));
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      measure: { type: 'string' },
      list: { type: 'boolean', default: false },
      sizes: { type: 'string', default: SIZES.join(',') },
      limit: { type: 'string', default: String(LIMIT) },
      results: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  const sizes = values.sizes.split(',').map(Number);
  if (values.list) {
    for (const name of [...SAMPLES.map((one) => one.name), APP_OF_CLUSTERS]) console.log(name);
  } else if (values.measure === undefined) {
    const { limit, results, write } = values;
    process.exitCode = growth(positionals, { sizes, limit: Number(limit), results, write }) > 0 ? 1 : 0;
  } else measureHere(values.measure, sizes);
}

if (require.main === module) main();
