import { mapOf, mapsIn } from '../../lib/kubernetes/json';
import type { Context } from '../../lib/cilium/context';
import { judgePredictions } from './predictions';
import { renderCilium } from '../../lib/cilium/render';
import { namespaceObject } from '../../lib/kubernetes/namespaces';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { recommendedGatewayApi } from '../../lib/resources/gateway-api/bundles';
import { standInForAgents } from './agents';
import type { Api } from './api';
import { FOREIGN } from './clusters';
import type { ClusterManifests } from './clusters';
import { certificateData } from './certificate';
import { logLines } from './log';
import { applyAll, lastError, startOperator } from './operator';
import type { RunningOperator } from './operator';
import { readTroubles } from './outcomes';
import { CiliumError } from '../../lib/rules/finding';
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

/** Runs the cases of one operator, one after the other. */
export async function runCases(
  api: Api,
  cases: readonly RuleCase[],
  folder: string,
  use: (shown: Shown) => void,
): Promise<readonly string[]> {
  const [first] = cases;
  if (first === undefined) return [];
  const made = clusterFor(first);
  if ('refused' in made) return [`the values of ${first.id} are refused: ${made.refused}`];
  const { cluster, cilium } = made;
  const restore = await api.remember();
  const operator = await startOperator(api, cluster, program('operator', first.ciliumVersion), folder);
  try {
    if (!operator.isUp) return operator.faults;
    const faults = [...operator.faults, ...(await standInForAgents(api, cluster.objects, operator))];
    const restoreCase = await api.remember(OF_CASES);
    for (const one of cases) {
      use(await runCase(api, operator, one, cilium, restoreCase));
      if (operator.container.exitCode() !== undefined)
        return [...faults, `the operator ended during ${one.id}: ${lastError(operator.container)}`];
    }
    return faults;
  } finally {
    await operator.stop();
    await restore();
  }
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

async function runCase(
  api: Api,
  { container }: RunningOperator,
  one: RuleCase,
  cilium: Context,
  restore: () => Promise<void>,
): Promise<Shown> {
  const before = container.log().length;
  const objects = [...one.beside.map(withCertificate), ...one.objects];
  const namespaces = new Set(objects.map(({ metadata }) => metadata.namespace ?? 'default'));
  await applyAll(
    api,
    [...namespaces].filter((name) => name !== 'default').map((name) => namespaceObject(name, 'privileged')),
  );
  const refused = await applyAll(api, objects);
  const taken = objects.filter((object) => !refused.some((refusal) => refusal.object === object));
  const troubles = await settled(async () => [...(await readTroubles(api, taken)), ...(await readMade(api))], 1.2, 8);
  const logged = logLines(container.log().slice(before))
    .filter(({ level }) => /^(warn|warning|error|fatal)$/.test(level))
    .map(({ level, text }) => `${level} ${text}`);
  // Only the examples of Services are whole clusters.
  const unlike = one.id.startsWith('service/') ? await judgePredictions(api, one.objects, cilium) : [];
  await restore();
  return {
    unlike,
    id: one.id,
    example: one.example,
    refused: refused.map(({ message }) => message),
    troubles,
    logged: [...new Set(logged)].slice(0, 8),
  };
}

/** What the operator made of BGP configs: the peers of each node. */
async function readMade(api: Api): Promise<readonly string[]> {
  const nodes = await api.list('cilium.io/v2', 'ciliumbgpnodeconfigs');
  return nodes.flatMap(({ metadata: { name }, spec }) =>
    mapsIn(spec?.bgpInstances).flatMap(({ name: instance, localASN, localPort, routerID, peers }) => [
      `made: ${name} instance ${String(instance)} AS ${String(localASN)} port ${String(localPort)} router ${String(routerID)}`,
      ...mapsIn(peers).map(
        (peer) =>
          `made: ${name} peer ${String(peer.name)} ${String(peer.peerAddress)} AS ${String(peer.peerASN)} from ${String(peer.localAddress)}`,
      ),
    ]),
  );
}

function withCertificate(object: KubernetesObject): KubernetesObject {
  return object.kind === 'Secret' && mapOf(object).type === 'kubernetes.io/tls'
    ? { ...object, data: certificateData() }
    : object;
}
