import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMain } from '../run-main';
import { restarted, withBoot } from './boot';
import { bootCases, KINDS } from './cases';
import type { BootCase } from './cases';
import { CHANGES, judgeChange } from './changes';
import { compareBoot, compareRollout } from './compare';
import { budgetProblems } from './budgets';
import { definitionsOf, gatewayApiOf } from './definitions';
import { exampleClusters } from './examples';
import type { ExampleCluster } from './examples';
import { exampleTalos } from '../../lib/cilium/parts/example-talos';
import { judge } from './judged';
import { nodesOf } from './nodes';
import { randomCases } from './random';

/* First boots of clusters, and the next change: main.ts [--all] [--only EXPRESSION] [--random COUNT] [--seed N] [FOLDER]. See run. */

/** Something to judge; its result are the faults. */
interface Task {
  readonly name: string;
  readonly run: (folder: string) => Promise<readonly string[]>;
}

async function main(): Promise<number> {
  const only = option('--only');
  const folder = mkdtempSync(join(tmpdir(), 'first-boot-'));
  const waiting = tasks(process.argv.includes('--all') || only !== undefined).filter(
    ({ name }) => only === undefined || new RegExp(only).test(name),
  );
  let [passed, failed] = [0, 0];
  const worker = async (id: number): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      const begin = Date.now();
      const faults = await task
        .run(join(folder, `${String(id)}-${String(waiting.length)}`))
        .catch((error: unknown) => [`it cannot be judged: ${String(error)}`]);
      const seconds = ((Date.now() - begin) / 1000).toFixed(0);
      console.log(`${faults.length === 0 ? 'ok' : 'not ok'} ${task.name}, ${seconds}s`);
      for (const fault of faults) console.log(`    ${fault.slice(0, 600)}`);
      if (faults.length === 0) passed += 1;
      else failed += 1;
    }
  };
  try {
    // A boot waits most of its time.
    await Promise.all([0, 1].map(worker));
  } finally {
    if (process.env.KEEP === undefined) rmSync(folder, { recursive: true, force: true });
  }
  console.log(`conformance/first-boot: ${String(passed)} passed, ${String(failed)} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function option(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at === -1 ? undefined : process.argv[at + 1];
}

function tasks(isAll: boolean): Task[] {
  const examples = process.argv.slice(2).find((argument) => existsSync(argument) && statSync(argument).isDirectory());
  const count = Number(option('--random') ?? (isAll ? 20 : 0));
  return [
    ...[...bootCases(isAll), ...randomCases(Number(option('--seed') ?? 1), count)].map((one) => ({
      name: one.name,
      run: async (folder: string) => judgeBoot(one, folder),
    })),
    ...(isAll ? CHANGES : []).map((change) => ({
      name: change.name,
      run: async (folder: string) => judgeChange(change, folder),
    })),
    ...(examples === undefined ? [] : exampleClusters(examples)).map((cluster) => ({
      name: `example ${cluster.name}`,
      run: async (folder: string) => judgeExample(cluster, folder),
    })),
  ];
}

async function judgeBoot(
  { input, beside, isRestarted, isDrained, rule }: BootCase,
  folder: string,
): Promise<readonly string[]> {
  const judged = judge(input, beside);
  const nodes = nodesOf(input.talos);
  const version = typeof input.version === 'string' ? input.version : input.version.version;
  const { objects } = judged;
  const boot = { nodes, objects, definitions: definitionsOf(version), given: gatewayApiOf(version), folder };
  return withBoot(boot, async (booted) => {
    const faults: string[] = booted.refused.map((refusal) => `refused: ${refusal}`);
    if (rule !== undefined && judged.findings.some(({ id }) => id === rule.id) !== rule.isThere)
      faults.push(`${rule.id} ${rule.isThere ? 'does not find' : 'finds'} its example`);
    faults.push(...compareBoot(judged, await booted.observe()));
    if (isRestarted) {
      faults.push(...(await booted.change(restarted(objects))).map((refusal) => `refused: ${refusal}`));
      faults.push(...compareRollout(judged, await booted.observe()));
    }
    if (isDrained) {
      const stated = budgetProblems(objects);
      const [first] = nodes.filter(({ taints }) => taints.length === 0);
      const kept = first === undefined ? [] : await booted.drain(first.name);
      if (stated.length === 0) faults.push(...kept.map((one) => `the node is not drained, and no rule has it: ${one}`));
    }
    return faults;
  });
}

/** Examples are for any nodes: here three control planes that take no pods, and two workers. */
async function judgeExample(
  { judged, objects, ciliumVersion }: ExampleCluster,
  folder: string,
): Promise<readonly string[]> {
  const nodes = nodesOf(exampleTalos({ given: KINDS.usual }));
  const definitions = definitionsOf(ciliumVersion);
  return withBoot({ nodes, objects, definitions, given: gatewayApiOf(ciliumVersion), folder }, async (booted) => {
    const refused = booted.refused.map((refusal) => `refused: ${refusal}`);
    const observed = await booted.observe();
    await booted.change(restarted(objects));
    return [...refused, ...compareBoot(judged, observed), ...compareRollout(judged, await booted.observe())];
  });
}

runMain(main);
