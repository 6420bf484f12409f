import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { growthOf, measure } from './growth/measure';
import type { Measured } from './growth/measure';
import { SAMPLES } from './growth/samples';

/*
 * How cost grows: each sample is built and written with 10 to 10,000 of its kind, in CPU time. `npx tsx conformance/growth.ts [NAME…]`
 * measures those whose name contains one of the arguments.
 */

/** Sizes by default. */
const SIZES: readonly number[] = [10, 100, 1000, 10_000];
/** Time per item may not grow by more than this between 100 and the largest size. */
const MOST = 2;
/** Seconds after which a sample is stopped. */
const LIMIT = 120;

/** Measures samples, each in a process of its own, prints a table, and returns how many grow too fast. */
export function growth(names: readonly string[], sizes = SIZES, limit = LIMIT): number {
  const chosen = SAMPLES.map(({ name }) => name).filter(
    (name) => names.length === 0 || names.some((one) => name.includes(one)),
  );
  console.log(
    `${'CPU milliseconds of building and writing'.padEnd(46)}${sizes.map((n) => String(n).padStart(9)).join('')}   per item`,
  );
  let tooFast = 0;
  for (const name of chosen) {
    const found = inProcess(name, sizes, limit);
    const factor = found.length === sizes.length ? growthOf(found) : Infinity;
    const isTooFast = (factor ?? 0) > MOST;
    if (isTooFast) tooFast += 1;
    const cells = sizes.map((n) => (found.find((one) => one.n === n)?.cpu.toFixed(0) ?? '–').padStart(9));
    const last = found.at(-1);
    console.log(
      `${name.padEnd(46)}${cells.join('')}   ×${factor === undefined ? '?' : factor.toFixed(2)}${isTooFast ? ' !' : ''}` +
        `   ${String(last?.findings ?? 0)} findings, ${String(last?.characters ?? 0)} characters`,
    );
  }
  return tooFast;
}

function inProcess(name: string, sizes: readonly number[], limit: number): readonly Measured[] {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...process.execArgv, __filename, '--measure', name, '--sizes', sizes.join(',')],
    { cwd: join(__dirname, '..'), encoding: 'utf8', timeout: limit * 1000, maxBuffer: 1 << 28 },
  );
  if (status !== 0 && status !== null) console.error(stderr.slice(-2000));
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Measured);
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      measure: { type: 'string' },
      list: { type: 'boolean' },
      sizes: { type: 'string', default: SIZES.join(',') },
      limit: { type: 'string', default: String(LIMIT) },
    },
  });
  const sizes = values.sizes.split(',').map(Number);
  if (values.list === true) {
    for (const { name } of SAMPLES) console.log(name);
  } else if (values.measure === undefined) {
    process.exitCode = growth(positionals, sizes, Number(values.limit)) > 0 ? 1 : 0;
  } else {
    const sample = SAMPLES.find(({ name }) => name === values.measure);
    if (sample === undefined) throw new Error(`Unknown sample '${values.measure}'.`);
    for (let i = 0; i < 3; i++) sample.run(10);
    for (const n of sizes) console.log(JSON.stringify(measure(sample, n)));
  }
}

if (require.main === module) main();
