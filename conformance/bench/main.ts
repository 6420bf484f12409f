import { existsSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { App, Chart } from 'cdk8s';
import type { CiliumVersion } from '../../imports/cilium-chart';
import { Cilium } from '../../lib/cilium/cilium';
import { helmBinary } from '../helm/binary';
import { caseOf, valueSets } from '../helm/cases';
import { emptyFolder, output, timed } from './measure';
import type { Row, Table } from './measure';
import { page, printed } from './page';
import type { Target } from './page';
import { processes, synthesis } from './programs';
import type { Bench } from './programs';
import { renders, sizes } from './renders';

/*
 * Speed and size side by side with `helm template`, the Helm construct of cdk8s and `cilium install --dry-run` on this machine, in one
 * run: figures are ratios, never limits of a test. `--write` writes docs/benchmarks.md.
 */
const root = join(__dirname, '..', '..');

function main(): void {
  const { values: options } = parseArgs({
    options: {
      charts: { type: 'string', default: process.env.CILIUM_CHARTS },
      'cilium-cli': { type: 'string' },
      helm: { type: 'string' },
      rounds: { type: 'string', default: '20' },
      version: { type: 'string', default: '1.18.4' },
      write: { type: 'boolean', default: false },
    },
  });
  const chart = join(options.charts ?? '', `cilium-${options.version}.tgz`);
  if (options.charts === undefined || !existsSync(chart))
    fail(
      `npm run bench -- --charts FOLDER: the folder must hold cilium-${options.version}.tgz (there is no ${chart}).`,
    );
  if (!existsSync(join(root, 'build', 'cli', 'main.js')))
    fail('Run `npm run build` first: the built library is measured.');
  const unpacked = emptyFolder();
  output(['tar', 'xzf', chart, '-C', unpacked]);
  const bench: Bench = {
    root,
    version: options.version,
    chart,
    chartFolder: join(unpacked, 'cilium'),
    helm: options.helm ?? helmBinary(),
    ciliumCli: options['cilium-cli'],
    rounds: Number(options.rounds),
  };
  const load = loadavg()[0]?.toFixed(1) ?? '';
  const { tables, targets } = measure(bench);
  console.log(targets.map(verdict).join('\n'));
  if (options.write) writeFileSync(join(root, 'docs', 'benchmarks.md'), page(tables, targets, versions(bench, load)));
}

function fail(text: string): never {
  console.error(text);
  process.exit(2);
}

/** Prints each table as soon as it is there. */
function measure(bench: Bench): { readonly tables: readonly Table[]; readonly targets: readonly Target[] } {
  const tables: Table[] = [];
  const targets: Target[] = [];
  const add = (title: string, unit: string, words: string, rows: readonly Row[]): readonly Row[] => {
    tables.push({ title, unit, words, rows });
    console.log(printed({ title, unit, words, rows }));
    return rows;
  };
  const aim = (what: string, row: Row | undefined, limit: number): void => {
    if (row?.ratio !== undefined) targets.push({ what, ratio: row.ratio, limit });
  };
  const cases = valueSets();
  const seed = cases.find(({ id }) => id.startsWith('04'));
  if (seed === undefined) throw new Error('value set 04 is missing');
  const shown = [
    caseOf('default values', {}),
    caseOf('Hubble relay and UI', { hubble: { relay: { enabled: true }, ui: { enabled: true } } }),
    seed,
  ];
  let helm: Row | undefined;
  for (const one of shown) {
    const rows = add(
      `Whole processes: ${one.id}`,
      'ms',
      `From the start of the process to its end, of a local archive.${one === seed ? ' Hubble is off, so Helm makes no keys.' : ' Helm makes keys and certificates for Hubble; here they are made in the cluster.'}`,
      processes(bench, one),
    );
    helm = rows[0];
    aim(`\`talos-cilium template\`, ${one.id}`, rowOf(rows, 'talos-cilium template'), 0.8);
    aim(`\`talos-cilium check\`, ${one.id}`, rowOf(rows, 'talos-cilium check'), 0.8);
  }
  if (helm === undefined) throw new Error('nothing was measured');
  const within = add(
    'Renders within a process',
    'ms',
    'Beside `helm template` of value set 04. Warm: after 50 renders. Values whose objects an API server refuses take a render for each value when the findings are read.',
    renders(bench, seed, cases, helm),
  );
  aim('warm render, value set 04', rowOf(within, `${seed.id}, warm`), 0.05);
  aim(
    'warm render, slowest value set',
    within.find(({ what }) => what.startsWith('slowest')),
    0.1,
  );
  const synth = add(
    '`cdk8s synth`',
    'ms',
    'With cdk8s-cli, the packed library and tsx, as `talos-cilium init` sets it up.',
    synthesis(bench, seed),
  );
  aim("`cdk8s synth` of a user's app, against an empty one", synth[1], 1.2);
  const bytes = add(
    'Bytes of the manifests',
    'bytes',
    'What Helm prints, against the same objects as we write them.',
    sizes(bench, shown),
  );
  for (const one of shown) aim(`bytes, ${one.id}`, rowOf(bytes, `${one.id}, ours`), 0.85);
  add(
    'Clusters in one app',
    'ms',
    '`app.synth()`, each cluster a Cilium of default values in its own chart.',
    clusters(bench),
  );
  return { tables, targets };
}

function rowOf(rows: readonly Row[], what: string): Row | undefined {
  return rows.find((row) => row.what === what);
}

/** One app with many clusters: twice as many take twice as long. */
function clusters({ version }: Bench): readonly Row[] {
  const rows = [25, 50, 100].map((count) => {
    const app = new App({ outdir: emptyFolder() });
    for (let i = 0; i < count; i++)
      new Cilium(new Chart(app, `cluster-${String(i)}`), 'cilium', { version: version as CiliumVersion });
    const time = timed(() => {
      app.synth();
    });
    return { what: `${String(count)} clusters`, median: time, p10: time, p90: time };
  });
  const [first] = rows;
  return rows.map((row) =>
    row === first ? row : { ...row, of: first?.what, ratio: row.median / (first?.median ?? 1) },
  );
}

function verdict({ what, ratio, limit }: Target): string {
  return `${ratio <= limit ? 'met   ' : 'missed'} ${what}: ${ratio.toFixed(3)} (target ${String(limit)})`;
}

function versions(bench: Bench, load: string): Parameters<typeof page>[2] {
  const first = (text: string): string => text.split('\n')[0]?.trim() ?? '';
  return {
    commit: first(output(['git', 'rev-parse', '--short', 'HEAD'], process.env, root)),
    helm: first(output([bench.helm, 'version', '--short'])),
    cdk8s: (JSON.parse(output(['cat', join(root, 'node_modules', 'cdk8s', 'package.json')])) as { version: string })
      .version,
    ciliumCli:
      bench.ciliumCli === undefined
        ? undefined
        : first(output([bench.ciliumCli, 'version', '--client'])).replace(/^cilium-cli:\s*/, ''),
    cilium: bench.version,
    rounds: bench.rounds,
    load,
  };
}

main();
