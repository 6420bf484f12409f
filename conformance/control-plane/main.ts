import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMain } from '../run-main';
import type { Api } from './api';
import { readClusters } from './clusters';
import type { ClusterManifests } from './clusters';
import { writeEverything } from './everything';
import type { Everything } from './everything';
import { judgeCluster } from './judge-cluster';
import { judgeOperatorRules, rulesWithoutCases } from './judge-operator-rules';
import type { Comparison } from './judge-cluster';
import { optionFaults } from './options';
import { judgePlanted } from './planted';
import { judgePredictions } from './predictions';
import { JUDGES } from './rule-cases';
import { program } from './programs';
import { withServer } from './with-server';

/*
 * Cilium's operators of each minor, run by their own manifests on a real API server: main.ts EXAMPLES. See run.
 */

async function main(): Promise<number> {
  const isAll = process.argv.includes('--all');
  const examples = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'control-plane-'));
  let [passed, failed] = [0, 0];
  try {
    const clusters = examples === '' ? [] : readClusters(examples);
    const only = process.argv.find((argument) => argument.startsWith('--minor='))?.slice('--minor='.length);
    for (const [minor, release] of Object.entries(JUDGES)) {
      if (only !== undefined && only !== minor) continue;
      const operator = program('operator', release);
      const unlike = optionFaults(operator.path, 'operator', operator.version);
      console.log(`${unlike.length === 0 ? 'ok' : 'not ok'} options of the operator ${operator.version}`);
      for (const fault of unlike) console.log(`    ${fault}`);
      if (unlike.length === 0) passed += 1;
      else failed += 1;
      const everything = writeEverything(release, join(folder, minor));
      const isNewest = minor === Object.keys(JUDGES).at(-1);
      await withServer(async (api) => {
        if (process.argv.includes('--planted')) {
          if (!isNewest) return;
          const { found, missed } = await judgePlanted(api, everything.cluster, operator, join(folder, minor));
          for (const fault of missed) console.log(`    ${fault.slice(0, 800)}`);
          passed += found;
          failed += missed.length;
          return;
        }
        // The first one on a server meets no definitions, as on a new cluster.
        for (const [cluster, compare] of [
          [everything.cluster, predicted(everything)] as const,
          ...clusters.filter((one) => minorOf(one) === minor).map((one) => [one, undefined] as const),
        ]) {
          if (await judge(api, cluster, folder, compare)) passed += 1;
          else failed += 1;
        }
        if (!isNewest && !isAll) return;
        const { judged, faults } = await judgeOperatorRules(api, minor, join(folder, minor), isAll);
        console.log(
          `${faults.length === 0 ? 'ok' : 'not ok'} examples of rules, Cilium ${minor}: ${String(judged)} judged`,
        );
        for (const fault of faults) console.log(`    ${firstLine(fault)}`);
        passed += judged - faults.length;
        failed += faults.length;
        if (isNewest && judged === 0) failed += 1;
      });
    }
    const idle = isAll ? rulesWithoutCases() : [];
    for (const id of idle) console.log(`not ok ${id}: no example of it runs under any operator`);
    failed += idle.length;
    const foreign = clusters.filter((one) => JUDGES[minorOf(one)] === undefined);
    for (const { name, ciliumVersion } of foreign)
      console.log(`not ok ${name}: no operator of Cilium ${ciliumVersion}`);
    failed += foreign.length;
  } finally {
    if (process.env.KEEP === undefined) rmSync(folder, { recursive: true, force: true });
  }
  console.log(`conformance/control-plane: ${String(passed)} passed, ${String(failed)} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function predicted({ cluster: { objects }, cilium }: Everything): Comparison {
  return async (api) => judgePredictions(api, objects, cilium);
}

async function judge(
  api: Api,
  cluster: ClusterManifests,
  folder: string,
  compare: Comparison | undefined,
): Promise<boolean> {
  const start = Date.now();
  const operator = program('operator', cluster.ciliumVersion);
  const own = join(folder, 'runs', cluster.name.replace(/[^\w.]+/g, '_'));
  mkdirSync(own, { recursive: true });
  const first = await judgeCluster(api, cluster, operator, own, compare);
  // A busy machine makes an operator lose its lease, and shows less than there is in time: a fault is there twice.
  const faults = first.length === 0 ? first : await judgeCluster(api, cluster, operator, own, compare);
  const instead =
    operator.version === cluster.ciliumVersion ? '' : ` (by ${operator.version}, the nearest that is served)`;
  const seconds = ((Date.now() - start) / 1000).toFixed(0);
  console.log(
    `${faults.length === 0 ? 'ok' : 'not ok'} ${cluster.name}, Cilium ${cluster.ciliumVersion}${instead}, ${seconds}s`,
  );
  for (const fault of faults) console.log(`    ${firstLine(fault)}`);
  return faults.length === 0;
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, 500);
}

function minorOf({ ciliumVersion }: ClusterManifests): string {
  return ciliumVersion.split('.').slice(0, 2).join('.');
}

runMain(main);
