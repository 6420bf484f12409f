/**
 * `conformance/apiserver/run --sweep VERSION...`: every value of a release is set once to each of its alternatives, over the defaults and
 * over values where everything is on. What the server refuses, and no finding reports at that value, is missed (exit code 1).
 * On demand: two minutes per minor.
 */
import type { CiliumValues } from '../../imports/cilium-chart';
import { renderCilium } from '../../lib/cilium/render';
import { identity } from '../../lib/kubernetes/order';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { CiliumError } from '../../lib/rules/finding';
import type { Finding } from '../../lib/rules/finding';
import { withLeaf } from '../../lib/releases/declared-differences';
import { caseOf } from '../helm/cases';
import type { Case } from '../helm/cases';
import { alternatives, everythingOn, leavesOfVersion } from '../helm/variations';
import { define, environment } from './definitions';
import { podOf } from './manifests';
import { startServer, taken } from './server';
import type { Server } from './server';

/** One value that differs from the base. */
interface Trial extends Case {
  readonly path: string;
}

interface Rendered {
  readonly objects: readonly KubernetesObject[];
  readonly findings: readonly Finding[];
}

/** What the values of the sweep name, and the chart does not make. */
const OUTSIDE: readonly KubernetesObject[] = [
  ...['cilium-secrets', 'cilium-spire', 'sweep'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
  })),
  {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'sweep' },
    value: 1,
  } as KubernetesObject,
];

/** The refusals of a release that no finding reports, and the number of values and objects that were tried. */
export async function judgeSweep(
  version: string,
): Promise<{ readonly values: number; readonly objects: number; readonly missed: readonly string[] }> {
  const minor = version.split('.').slice(0, 2).join('.');
  const server = await startServer(environment('SERVER'));
  try {
    await define(server, minor);
    for (const object of OUTSIDE) await server.apply(object);
    const refusalOf = rememberingRefusals(server);
    const missed: string[] = [];
    let [values, objects] = [0, 0];
    for (const base of [caseOf('defaults', {}), caseOf('everything on', everythingOn())]) {
      const known = new Set(rendered(version, base).objects.map((object) => JSON.stringify(object)));
      for (const trial of trialsOf(version, base)) {
        values++;
        const { objects: made, findings } = rendered(version, trial);
        for (const object of made.filter((one) => !known.has(JSON.stringify(one)))) {
          objects++;
          const refusal = await refusalOf(object);
          if (refusal === undefined || findings.some((finding) => concerns(finding, trial.path))) continue;
          missed.push(`${trial.id}: ${identity(object)}: ${refusal}`);
        }
      }
    }
    return { values, objects, missed };
  } finally {
    await server.stop();
  }
}

function trialsOf(version: string, base: Case): readonly Trial[] {
  return leavesOfVersion(version).flatMap((leaf) =>
    alternatives(leaf).map((value) => {
      const path = leaf.path.join('.');
      return {
        ...base,
        path,
        id: `${base.id}: ${path}=${JSON.stringify(value)}`,
        values: withLeaf(base.values, leaf.path, value),
      };
    }),
  );
}

function rendered(version: string, { values, namespace, kubeVersion, apiVersions }: Case): Rendered {
  try {
    const input = { version, values: values as CiliumValues, namespace, kubeVersion, apiVersions };
    return renderCilium({ ...input, unknownValues: 'warn' });
  } catch (error) {
    if (error instanceof CiliumError) return { objects: [], findings: error.findings };
    throw error;
  }
}

/** Whether a finding is at a value, below or above it, or names it beside a sibling that it excludes. */
function concerns({ paths, message }: Finding, path: string): boolean {
  const [section, name] = [path.slice(0, path.lastIndexOf('.') + 1), path.slice(path.lastIndexOf('.') + 1)];
  return paths.some(
    (at) =>
      at === path ||
      at.startsWith(`${path}.`) ||
      at.startsWith(`${path}[`) ||
      path.startsWith(`${at}.`) ||
      (section !== '' && at.startsWith(section) && message.includes(name)),
  );
}

/** Tries an object, and the pod of a workload, once. */
function rememberingRefusals(server: Server): (object: KubernetesObject) => Promise<string | undefined> {
  const known = new Map<string, string | undefined>();
  return async (object) => {
    const text = JSON.stringify(object);
    if (!known.has(text)) {
      const pod = podOf(object);
      const answers = [
        await server.apply(object, { text, dryRun: true }),
        ...(pod === undefined ? [] : [await server.apply(pod, { dryRun: true })]),
      ];
      known.set(text, answers.find((answer) => !taken(answer))?.message);
    }
    return known.get(text);
  };
}

async function main(): Promise<number> {
  let failed = 0;
  for (const version of process.argv.slice(2)) {
    const { values, objects, missed } = await judgeSweep(version);
    console.log(
      `${version}: ${String(values)} values, ${String(objects)} objects, ${String(missed.length)} refusals without a finding`,
    );
    for (const line of missed) console.log(`    ${line}`);
    failed += missed.length;
  }
  return failed === 0 ? 0 : 1;
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error);
    process.exit(2);
  },
);
