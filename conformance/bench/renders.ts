import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { writeFileSync } from 'node:fs';
import type * as Library from '../../lib/index';
import type { CiliumValues } from '../../imports/cilium-chart';
import type { Case } from '../helm/cases';
import { emptyFolder, output, spread, timed } from './measure';
import type { Row } from './measure';
import type { Bench } from './programs';

/** A process that renders again and again, as a test run or a watcher does: what "warm" means. */
const WARM_UP = 50;

const NOTHING = { median: 0, p10: 0, p90: 0 };

/** Renders within one process, against `helm template` of the same values: one set, and the slowest of all. */
export function renders(bench: Bench, one: Case, cases: readonly Case[], helm: Row): readonly Row[] {
  const { renderCilium } = libraryOf(bench);
  const input = (each: Case): Parameters<typeof renderCilium>[0] => inputOf(bench, each);
  const warm = (each: Case, run: (each: Case) => void): Pick<Row, 'median' | 'p10' | 'p90'> => {
    for (let round = 0; round < WARM_UP; round++) run(each);
    return spread(
      Array.from({ length: bench.rounds }, () =>
        timed(() => {
          run(each);
        }),
      ),
    );
  };
  const all = cases.flatMap((each) => {
    try {
      return [{ id: each.id, ...warm(each, () => renderCilium(input(each))) }];
    } catch {
      return [];
    }
  });
  const worst = all.sort((a, b) => b.median - a.median)[0] ?? { id: 'none', ...NOTHING };
  const worstCase = cases.find(({ id }) => id === worst.id) ?? one;
  const rows: readonly Row[] = [
    { what: `${one.id}, warm`, ...warm(one, () => renderCilium(input(one))) },
    { what: `${one.id}, warm, findings read`, ...warm(one, () => renderCilium(input(one)).findings) },
    {
      what: `slowest of ${String(all.length)} value sets, warm: ${worst.id}`,
      median: worst.median,
      p10: worst.p10,
      p90: worst.p90,
    },
    {
      what: `${worst.id}, warm, findings read`,
      ...spread(Array.from({ length: 5 }, () => timed(() => renderCilium(input(worstCase)).findings))),
    },
    ...coldRenders(bench, one),
  ];
  return [helm, ...rows.map((row) => ({ ...row, of: helm.what, ratio: row.median / helm.median }))];
}

/** What a process needs for its first render: to load the library, and to render once. */
function coldRenders(bench: Bench, one: Case): readonly Row[] {
  const file = join(emptyFolder(), 'input.json');
  writeFileSync(file, JSON.stringify(inputOf(bench, one)));
  const program = `const now = () => Number(process.hrtime.bigint()) / 1e6;
require('cdk8s');
const start = now();
const { renderCilium } = require(${JSON.stringify(join(bench.root, 'build', 'lib', 'index.js'))});
const loaded = now();
renderCilium(require(${JSON.stringify(file)}));
console.log(JSON.stringify([loaded - start, now() - loaded]));`;
  const runs = Array.from(
    { length: bench.rounds },
    () => JSON.parse(output([process.execPath, '-e', program], process.env, bench.root)) as [number, number],
  );
  return [
    { what: 'loading the library, beside cdk8s', ...spread(runs.map(([load]) => load)) },
    { what: `${one.id}, first render of a process`, ...spread(runs.map(([, render]) => render)) },
  ];
}

/** Bytes of the manifests, ours and Helm's. */
export function sizes(bench: Bench, cases: readonly Case[]): readonly Row[] {
  const { renderCilium, writeDocuments } = libraryOf(bench);
  return cases.flatMap((one) => {
    const file = join(emptyFolder(), 'values.yaml');
    writeFileSync(file, stringify(one.values));
    const common = ['--namespace', one.namespace, '--kube-version', one.kubeVersion, '-f', file];
    const helm = output([bench.helm, 'template', 'cilium', bench.chart, ...common]);
    const ours = writeDocuments(renderCilium(inputOf(bench, one)).objects);
    const row = (what: string, text: string, other: string, pressed: boolean): Row => {
      const count = (one: string): number => (pressed ? gzipSync(one, { level: 9 }).length : Buffer.byteLength(one));
      const bytes = count(text);
      return { what, median: bytes, p10: bytes, p90: bytes, of: 'that of helm template', ratio: bytes / count(other) };
    };
    return [
      row(`${one.id}, helm template`, helm, helm, false),
      row(`${one.id}, ours`, ours, helm, false),
      row(`${one.id}, ours, gzip`, ours, helm, true),
    ];
  });
}

function libraryOf({ root }: Bench): typeof Library {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the built library, as users have it
  return require(join(root, 'build', 'lib', 'index.js')) as typeof Library;
}

function inputOf({ version }: Bench, one: Case): Parameters<typeof Library.renderCilium>[0] {
  const { values, namespace, kubeVersion, apiVersions } = one;
  return { version, values: values as CiliumValues, namespace, kubeVersion, apiVersions, unknownValues: 'warn' };
}
