import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseArgs } from 'node:util';
import { App, Chart, Testing } from 'cdk8s';
import { stringify } from 'yaml';
import type { CiliumValues, CiliumVersion } from '../imports/cilium-chart';
import { Cilium } from '../lib/cilium/cilium';
import { renderCilium } from '../lib/cilium/render';
import { writeDocuments } from '../lib/kubernetes/yaml';
import { helmBinary } from './helm/binary';
import { valueSets } from './helm/cases';
import type { Case } from './helm/cases';

/*
 * Speed and size side by side with `helm template` on this machine, in one run: figures are ratios, never limits of a test.
 */

const ROUNDS = 25;
/** A process that renders again and again, as a test run or a watcher does: what "warm" means. */
const WARM_UP = 50;
const root = join(__dirname, '..');

function main(): void {
  const { values: options } = parseArgs({
    options: {
      charts: { type: 'string', default: process.env.CILIUM_CHARTS },
      version: { type: 'string', default: '1.18.4' },
    },
  });
  const chart = join(options.charts ?? '', `cilium-${options.version}.tgz`);
  if (options.charts === undefined || !existsSync(chart)) {
    console.error(
      `npm run bench -- --charts FOLDER: the folder must hold cilium-${options.version}.tgz (there is no ${chart}).`,
    );
    process.exit(2);
  }
  const helm = helmBinary();
  const cases = valueSets();
  const seed = cases.find(({ id }) => id.startsWith('04'));
  if (seed === undefined) throw new Error('value set 04 is missing');

  const built = join(root, 'build', 'main.js');
  if (!existsSync(built)) console.log('example cluster: run `npm run build` first');
  const cluster = existsSync(built) ? (env: NodeJS.ProcessEnv) => run(process.execPath, [built], env) : undefined;
  const { NODE_EXTRA_CA_CERTS: certificates, ...bare } = process.env;
  const [helmSeed = 0, clusterTime = 0, bareTime = 0] = medians([
    () => helmTemplate(helm, chart, seed),
    () => cluster?.(process.env),
    () => cluster?.(bare),
  ]);
  const oursSeed = median(() => render(options.version, seed), WARM_UP);
  print('helm template, value set 04', helmSeed, 1);
  print('in-process render of it, warm', oursSeed, oursSeed / helmSeed);
  if (cluster !== undefined) {
    print('example cluster, whole process', clusterTime, clusterTime / helmSeed);
    // Node reads the file in this variable at every start.
    if (certificates !== undefined) print('the same without NODE_EXTRA_CA_CERTS', bareTime, bareTime / helmSeed);
  }
  commands(helm, chart, options.version, seed);
  worstOf(options.version, cases, helmSeed);
  manyClusters(options.version);
  const text = writeDocuments(renderCilium(inputOf(options.version, seed)).objects);
  console.log(
    `manifest of value set 04: ${String(Buffer.byteLength(text))} bytes, ${String(gzipSync(text, { level: 9 }).length)} gzip`,
  );
}

/** The program as a whole process, in turns with Helm; Node's own start is the floor. */
function commands(
  helm: string,
  chart: string,
  version: string,
  { values, namespace, kubeVersion, ...one }: Case,
): void {
  const cli = join(root, 'build', 'cli', 'main.js');
  if (!existsSync(cli)) {
    console.log('commands: run `npm run build` first');
    return;
  }
  const file = join(mkdtempSync(join(tmpdir(), 'bench-')), 'values.yaml');
  writeFileSync(file, stringify(values));
  const options = ['-f', file, '--version', version, '--namespace', namespace, '--kube-version', kubeVersion];
  // As Helm: the set has a value that no release knows.
  options.push('--unknown-values', 'warn');
  const command = (name: string, env = process.env): void => {
    run(process.execPath, [cli, name, ...options], env);
  };
  const [helmTime = 0, node = 0, template = 0, check = 0, compiled = 0] = medians([
    () => {
      helmTemplate(helm, chart, { values, namespace, kubeVersion, ...one });
    },
    () => {
      run(process.execPath, ['-e', '0']);
    },
    () => {
      command('template');
    },
    () => {
      command('check');
    },
    () => {
      command('template', { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' });
    },
  ]);
  print('helm template beside the commands', helmTime, 1);
  print('Node, without a program', node, node / helmTime);
  print('talos-cilium template, whole process', template, template / helmTime);
  print('talos-cilium check, whole process', check, check / helmTime);
  print('talos-cilium template, compiled anew', compiled, compiled / helmTime);
}

function worstOf(version: string, cases: readonly Case[], helmSeed: number): void {
  const times = cases.flatMap((one) => {
    try {
      return [{ id: one.id, time: median(() => render(version, one), WARM_UP) }];
    } catch {
      return [];
    }
  });
  const worst = times.sort((a, b) => b.time - a.time)[0];
  if (worst !== undefined)
    print(`slowest of ${String(times.length)} value sets (${worst.id})`, worst.time, worst.time / helmSeed);
}

/** One app with many clusters, each a Cilium of default values in a chart of its own: twice as many take twice as long. */
function manyClusters(version: string): void {
  for (const count of [50, 100, 200]) {
    const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'bench-')) });
    const charts = Array.from({ length: count }, (_, i) => new Chart(app, `cluster-${String(i)}`));
    for (const chart of charts) new Cilium(chart, 'cilium', { version: version as CiliumVersion });
    const [first] = charts;
    const validation = timed(() => first && Testing.synth(first));
    const synthesis = timed(() => {
      app.synth();
    });
    console.log(
      `${String(count)} clusters in one app`.padEnd(60),
      `${synthesis.toFixed(0).padStart(6)} ms app.synth()  ${validation.toFixed(0).padStart(6)} ms Testing.synth(chart)`,
    );
  }
}

function inputOf(
  version: string,
  { values, namespace, kubeVersion, apiVersions }: Case,
): Parameters<typeof renderCilium>[0] {
  return { version, values: values as CiliumValues, namespace, kubeVersion, apiVersions, unknownValues: 'warn' };
}

function render(version: string, one: Case): void {
  renderCilium(inputOf(version, one));
}

function helmTemplate(helm: string, chart: string, { values, namespace, kubeVersion }: Case): void {
  const file = join(mkdtempSync(join(tmpdir(), 'bench-')), 'values.yaml');
  writeFileSync(file, stringify(values));
  run(helm, ['template', 'cilium', chart, '--namespace', namespace, '--kube-version', kubeVersion, '--values', file]);
}

function run(command: string, args: readonly string[], env = process.env): void {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const { status, stderr } = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
}

/** Milliseconds, the median of several rounds after a warm-up. */
function median(work: () => void, warmUp = 1): number {
  return medians([work], warmUp)[0] ?? 0;
}

/** The same for several in turns, so that other load on the machine affects all of them alike. */
function medians(works: readonly (() => void)[], warmUp = 1): readonly number[] {
  for (let round = 0; round < warmUp; round++) for (const work of works) work();
  const rounds = Array.from({ length: ROUNDS }, () => works.map(timed));
  return works.map((_, i) => rounds.map((times) => times[i] ?? 0).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0);
}

function timed(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function print(what: string, milliseconds: number, ratio: number): void {
  console.log(
    `${what.padEnd(60)} ${milliseconds.toFixed(1).padStart(9)} ms   ${ratio.toFixed(3).padStart(7)} of helm template`,
  );
}

main();
