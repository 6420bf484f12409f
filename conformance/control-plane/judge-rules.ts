import type { Context } from '../../lib/cilium/context';
import { renderCilium } from '../../lib/cilium/render';
import { namespaceObject } from '../../lib/kubernetes/namespaces';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { recommendedGatewayApi } from '../../lib/resources/gateway-api/bundles';
import { CiliumError } from '../../lib/rules/finding';
import { standInForAgents } from './agents';
import type { Api } from './api';
import { FOREIGN } from './clusters';
import type { ClusterManifests } from './clusters';
import { logLines } from './log';
import { readMade } from './made';
import type { MadeLine } from './made';
import { applyAll, lastError, startOperator } from './operator';
import type { RunningOperator } from './operator';
import { readTroubles } from './outcomes';
import { batchesOf, place } from './placing';
import type { PlacedCase } from './placing';
import { judgePredictions } from './predictions';
import { program } from './programs';
import type { RuleCase } from './rule-cases';
import { settled } from './waiting';

/** What an example showed under the real operator. */
export interface Shown {
  readonly id: string;
  readonly example: 'bad' | 'good';
  /** What the API server refuses. */
  readonly refused: readonly string[];
  /** What the operator does not do, or states to be wrong. */
  readonly troubles: readonly string[];
  /** What the operator makes of the example. */
  readonly made: readonly string[];
  /** Warnings and errors that the operator logs. */
  readonly logged: readonly string[];
  /** Where Services differ from what the library predicts for the objects of the example. */
  readonly unlike: readonly string[];
}

/** Cases after which the operator does nothing more: with a selector that it cannot read it gives no addresses to any Service. */
const LAST = /^ip-pool\/selector$/;

/** Cases by the Cilium that they need: one operator runs many. */
export function groupsOf(cases: readonly RuleCase[]): readonly (readonly RuleCase[])[] {
  const groups = new Map<string, RuleCase[]>();
  const ends = ({ id, example }: RuleCase): number => (LAST.test(id) && example === 'bad' ? 1 : 0);
  for (const one of [...cases].sort((a, b) => ends(a) - ends(b))) {
    const key = JSON.stringify([one.ciliumVersion, one.values]);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(one);
  }
  return [...groups.values()].sort((a, b) => b.length - a.length);
}

/** Which of some results are looked at once more, each alone: a busy machine may show less than there is. */
export type Doubt = (shown: readonly Shown[]) => readonly Shown[];

/** Runs the cases of one operator: those that disturb no other at the same time, the others one after the other. */
export async function runCases(
  api: Api,
  cases: readonly RuleCase[],
  folder: string,
  use: (shown: Shown) => void,
  doubt: Doubt = () => [],
): Promise<readonly string[]> {
  const [first] = cases;
  if (first === undefined) return [];
  const made = clusterFor(first);
  if ('refused' in made) return [`the values of ${first.id} are refused: ${made.refused}`];
  const { cluster, cilium } = made;
  const restore = await api.remember();
  const start = async (): Promise<RunningOperator> =>
    startOperator(api, cluster, program('operator', first.ciliumVersion), folder);
  let operator = await start();
  try {
    if (!operator.isUp) return operator.faults;
    const faults = [...operator.faults, ...(await standInForAgents(api, cluster.objects, operator))];
    const restoreCases = await api.remember(OF_CASES, true);
    const results = new Map<string, Shown>();
    let restarts = 0;
    const runAll = async (batches: readonly (readonly RuleCase[])[]): Promise<string | undefined> => {
      for (let i = 0; i < batches.length;) {
        const batch = batches[i] ?? [];
        const shown = await runBatch(api, operator, batch, cilium);
        await restoreCases();
        if (operator.container.exitCode() === undefined) {
          for (const one of shown) results.set(keyOf(one), one);
          i += 1;
          continue;
        }
        const reason = lastError(operator.container);
        // On a busy machine the server may not answer in time for its lease; a kubelet starts it again.
        if (!reason.includes('Leader election lost') || restarts === MOST_RESTARTS)
          return `the operator ended during ${batch.map(keyOf).join(', ')}: ${reason}`;
        restarts += 1;
        await operator.stop();
        operator = await start();
        if (!operator.isUp) return `the operator does not start again: ${operator.faults.join('; ')}`;
      }
      return undefined;
    };
    const end = await runAll(batchesOf(cases));
    const doubtful = new Set(doubt([...results.values()]).map(keyOf));
    const endAgain = end ?? (await runAll(cases.filter((one) => doubtful.has(keyOf(one))).map((one) => [one])));
    for (const shown of results.values()) use(shown);
    return endAgain === undefined ? faults : [...faults, endAgain];
  } finally {
    await operator.stop();
    await restore();
  }
}

const MOST_RESTARTS = 3;

function keyOf({ id, example }: Pick<Shown, 'id' | 'example'>): string {
  return `${id} (${example})`;
}

/** A cluster, and the Cilium of its values. */
interface Made {
  readonly cluster: ClusterManifests;
  readonly cilium: Context;
}

function clusterFor({ ciliumVersion, values }: RuleCase): Made | { readonly refused: string } {
  const version = recommendedGatewayApi(ciliumVersion);
  const apiVersions = ['gateway.networking.k8s.io/v1/GatewayClass'];
  let objects: readonly KubernetesObject[];
  let context: Context;
  try {
    ({ objects, context } = renderCilium({ version: ciliumVersion, values, apiVersions }));
  } catch (error) {
    if (error instanceof CiliumError) return { refused: error.findings.map(({ id }) => id).join(', ') };
    throw error;
  }
  const cluster = {
    name: 'rules',
    ciliumVersion,
    objects: objects.filter(({ apiVersion }) => !FOREIGN.test(apiVersion)),
    gatewayApi: version === undefined ? undefined : ({ version, channel: 'experimental' } as const),
  };
  return { cluster, cilium: context };
}

/** Kinds of the examples, and of what the operator makes of them. */
const OF_CASES =
  /^(CiliumBGP\w+|CiliumCIDRGroup|Cilium\w*EnvoyConfig|Cilium\w+Policy|CiliumGatewayClassConfig|Cilium\w+Pool|ConfigMap|EndpointSlice|Endpoints|Ingress|Namespace|Secret|Service|BackendTLSPolicy|Gateway|GatewayClass|ListenerSet|ReferenceGrant|\w+Route)$/;

/** Numbers are never used again: the operator may still log about namespaces that are gone. */
let placedCases = 0;

interface RunningCase {
  readonly placed: PlacedCase;
  /** What the server accepted. */
  readonly taken: readonly KubernetesObject[];
  readonly refused: readonly string[];
}

async function runBatch(
  api: Api,
  { container }: RunningOperator,
  batch: readonly RuleCase[],
  cilium: Context,
): Promise<readonly Shown[]> {
  const before = container.log().length;
  const isAlone = batch.length === 1;
  const running: RunningCase[] = [];
  for (const placed of batch.map((one) => place(one, isAlone ? undefined : (placedCases += 1)))) {
    const { objects } = placed;
    const namespaces = new Set(objects.map(({ metadata }) => metadata.namespace ?? 'default'));
    await applyAll(
      api,
      [...namespaces].filter((name) => name !== 'default').map((name) => namespaceObject(name, 'privileged')),
    );
    const refused = await applyAll(api, objects);
    const taken = objects.filter((object) => !refused.some((refusal) => refusal.object === object));
    running.push({ placed, taken, refused: refused.map(({ message }) => message) });
  }
  const view = async (): Promise<readonly [readonly (readonly string[])[], readonly MadeLine[]]> => [
    await Promise.all(running.map(async ({ taken }) => readTroubles(api, taken))),
    await readMade(api),
  ];
  const [troubles, made] = await settled(view, isAlone ? 1.2 : 3, isAlone ? 8 : 60);
  const logged = logLines(container.log().slice(before))
    .filter(({ level }) => /^(warn|warning|error|fatal)$/.test(level))
    .map(({ level, text }) => `${level} ${text}`);
  return Promise.all(
    running.map(async ({ placed, refused }, i) => {
      const { of } = placed;
      const own = (lines: readonly string[]): readonly string[] => [...new Set(lines.map(placed.original))];
      return {
        id: of.id,
        example: of.example,
        refused: own(refused),
        troubles: own(troubles[i] ?? []),
        made: own(made.filter(({ namespace }) => placed.isMine(namespace)).map(({ text }) => text)),
        logged: own(logged.filter(placed.isAbout)).slice(0, 12),
        // Only the examples of Services are whole clusters.
        unlike: of.id.startsWith('service/') ? await judgePredictions(api, of.objects, cilium) : [],
      };
    }),
  );
}
