import { join } from 'node:path';
import { mapOf, mapsIn, valueAt } from '../../lib/kubernetes/json';
import type { JsonObject } from '../../lib/kubernetes/json';
import { identity, inInstallOrder } from '../../lib/kubernetes/order';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { readDefinitions } from '../apiserver/manifests';
import { taken } from '../apiserver/server';
import { conditionsOf } from './api';
import type { Api } from './api';
import { configOf } from './clusters';
import type { ClusterManifests, GatewayApi } from './clusters';
import { startContainer } from './container';
import type { Container } from './container';
import { errorLines } from './log';
import { NODES, registerNodes } from './nodes';
import { placementFaults } from './placement';
import { probe } from './probes';
import { moduleFolder } from './programs';
import type { Program } from './programs';
import { until } from './waiting';

/** Cilium's operator, which runs as its Deployment says, among the objects of its cluster. */
export interface RunningOperator {
  readonly container: Container;
  readonly spec: JsonObject;
  readonly namespace: string;
  readonly config: Readonly<Record<string, string>>;
  readonly isUp: boolean;
  /** What is wrong so far. */
  readonly faults: readonly string[];
  /** Probes that fail now. */
  readonly failingProbes: () => Promise<readonly string[]>;
  readonly stop: () => Promise<void>;
}

/** The kinds that a cluster has only after its operator registered them. */
const LATER = /^(cilium\.io|gateway\.networking\.k8s\.io)\//;

/** Applies a cluster's objects as Talos does, starts the operator, and applies what waited for its definitions. */
export async function startOperator(
  api: Api,
  cluster: ClusterManifests,
  { path }: Program,
  folder: string,
  patienceSeconds = 60,
): Promise<RunningOperator> {
  const { objects } = cluster;
  const faults: string[] = [];
  await registerNodes(api);
  if (cluster.gatewayApi !== undefined) await applyGatewayApi(api, cluster.gatewayApi);
  const waiting = await applyAll(api, objects);
  faults.push(...waiting.filter(({ object }) => !LATER.test(object.apiVersion)).map(describe));
  faults.push(...(await placementFaults(api, objects)));

  const deployment = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'cilium-operator');
  const pod = mapOf(valueAt(deployment, 'spec.template.spec'));
  const [spec = {}] = mapsIn(pod.containers);
  const namespace = deployment?.metadata.namespace ?? 'default';
  const [node] = NODES;
  const command = String((spec.command as readonly unknown[])[0]);
  const choice = { pod, container: spec, namespace, podName: 'cilium-operator-0', node };
  const container = await startContainer(api, { ...choice, programs: { [command]: path }, folder });
  const failingProbes = async (): Promise<readonly string[]> => probesOf(spec, node.ip);
  const stop = async (): Promise<void> => container.stop();
  const config = configOf(objects);

  const state = await until(async () => {
    if (container.exitCode() !== undefined) return 'ended';
    // The definitions are megabytes: what is cheap to ask comes first.
    if (!container.log().includes('Initialization complete')) return undefined;
    const answers = (await leads(api, namespace)) && (await failingProbes()).length === 0;
    return answers && (await hasDefinitions(api)) ? 'up' : undefined;
  }, patienceSeconds);
  const operator = { container, spec, namespace, config, faults, failingProbes, stop, isUp: state === 'up' };
  if (state === 'ended')
    faults.push(`the operator ended with ${String(container.exitCode())}: ${lastError(container)}`);
  else if (state === undefined)
    faults.push(`the operator is not up within ${String(patienceSeconds)} s: ${await whyNotUp(api, operator)}`);
  if (!operator.isUp) return operator;

  let left = waiting;
  await until(async () => {
    left = await applyAll(
      api,
      left.map(({ object }) => object),
    );
    return left.length === 0 ? true : undefined;
  }, 8);
  faults.push(...left.map(describe));
  return operator;
}

interface Refusal {
  readonly object: KubernetesObject;
  readonly message: string;
}

function describe({ object, message }: Refusal): string {
  return `${identity(object)} is refused: ${message}`;
}

/** Applies objects; returns those that the server refuses. */
export async function applyAll(api: Api, objects: readonly KubernetesObject[]): Promise<readonly Refusal[]> {
  const refused: Refusal[] = [];
  for (const object of inInstallOrder(objects)) {
    const answer = await api.apply(object);
    if (!taken(answer)) refused.push({ object, message: `${String(answer.status)} ${answer.message}` });
  }
  return refused;
}

/** Definitions of the Gateway API, each as its release has it. */
export async function applyGatewayApi(api: Api, { version, channel }: GatewayApi): Promise<void> {
  const folder = join(moduleFolder(`sigs.k8s.io/gateway-api@v${version}`), 'config', 'crd', channel);
  for (const definition of readDefinitions(folder)) {
    const answer = await api.apply(definition);
    if (!taken(answer)) throw new Error(`${identity(definition)}: ${answer.message}`);
  }
}

async function probesOf(spec: JsonObject, nodeIp: string): Promise<readonly string[]> {
  const failing: string[] = [];
  for (const name of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
    if (spec[name] === undefined) continue;
    const answer = await probe(mapOf(spec[name]), nodeIp, spec);
    if (answer !== 'ok') failing.push(`${name}: ${answer}`);
  }
  return failing;
}

async function leads(api: Api, namespace: string): Promise<boolean> {
  const metadata = { name: 'cilium-operator-resource-lock', namespace };
  const lease = await api.find({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata });
  const holder = valueAt(lease, 'spec.holderIdentity');
  return typeof holder === 'string' && holder !== '';
}

async function hasDefinitions(api: Api): Promise<boolean> {
  const all = await api.list('apiextensions.k8s.io/v1', 'customresourcedefinitions');
  const own = all.filter(({ spec }) => spec?.group === 'cilium.io');
  const isServed = ({ status }: { status?: JsonObject }): boolean =>
    conditionsOf(status?.conditions).some(({ type, status: is }) => type === 'Established' && is === 'True');
  return own.length > 0 && own.every(isServed);
}

async function whyNotUp(api: Api, { namespace, container, failingProbes }: RunningOperator): Promise<string> {
  return [
    ...(await failingProbes()),
    ...((await leads(api, namespace)) ? [] : ['it holds no lease']),
    ...((await hasDefinitions(api)) ? [] : ['definitions are missing']),
    lastError(container),
  ].join('; ');
}

/** The last error that a program logged. */
export function lastError(container: Container): string {
  const log = container.log();
  return errorLines(log).at(-1)?.text ?? log.trim().split('\n').at(-1) ?? '';
}
