import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { writeFileSync } from 'node:fs';
import type * as Library from '../../lib/index';
import type { CiliumValues } from '../../imports/cilium-chart';
import type { Case } from '../helm/cases';
import { emptyFolder, inTurns, output, spread } from './measure';
import type { Command, Row } from './measure';
import type { Bench } from './programs';

/** A process that renders again and again, as a test run or a watcher does: what "warm" means. */
const WARM_UP = 50;

/**
 * Renders within one process, each in turns with `helm template` of the same values, which is the first row. The slowest set is the
 * one that takes most time of the processor.
 */
export function renders(bench: Bench, one: Case, cases: readonly Case[]): readonly (readonly Row[])[] {
  const { renderCilium } = libraryOf(bench);
  const inTurnsWithHelm = (each: Case): readonly Row[] => {
    const command = helmTemplate(bench, each);
    const input = inputOf(bench, each);
    for (let round = 0; round < WARM_UP; round++) renderCilium(input);
    const works = [
      { what: `helm template, ${each.id}`, run: () => output(command) },
      { what: `${each.id}, warm`, run: () => renderCilium(input) },
      { what: `${each.id}, warm, findings read`, run: () => renderCilium(input).findings },
    ];
    return inTurns(works, bench.rounds);
  };
  const slowest = slowestOf(cases, (each) => renderCilium(inputOf(bench, each)));
  return [inTurnsWithHelm(one), inTurnsWithHelm(slowest ?? one), coldRenders(bench, one)];
}

/** The set whose warm render takes most time of the processor; sets that are refused are left out. */
function slowestOf(cases: readonly Case[], render: (each: Case) => void): Case | undefined {
  const times = cases.flatMap((each) => {
    try {
      for (let round = 0; round < WARM_UP; round++) render(each);
    } catch {
      return [];
    }
    const used = Array.from({ length: 9 }, () => {
      const before = process.cpuUsage();
      render(each);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    });
    return [{ each, time: spread(used).median }];
  });
  return times.sort((a, b) => b.time - a.time)[0]?.each;
}

function helmTemplate({ helm, chart }: Bench, { values, namespace, kubeVersion }: Case): Command {
  const file = join(emptyFolder(), 'values.yaml');
  writeFileSync(file, stringify(values));
  return [helm, 'template', 'cilium', chart, '--namespace', namespace, '--kube-version', kubeVersion, '-f', file];
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
    const helm = output(helmTemplate(bench, one));
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
