import { mapOf, mapsIn, valueAt } from '../../lib/kubernetes/json';
import type { JsonObject } from '../../lib/kubernetes/json';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { conditionsOf } from '../control-plane/api';
import type { Api, StoredObject } from '../control-plane/api';
import { runCertgen } from '../control-plane/certgen';
import { configOf } from '../control-plane/clusters';
import { environmentOf, filesOfVolume } from '../control-plane/pod-inputs';
import { removeTaint, setReady } from './nodes';

/** Why a pod does not start. */
export interface Wait {
  /** `network` and `definitions`: it waits for an agent, or for the operator, whose own pods have the reason. */
  readonly for: 'scheduler' | 'objects' | 'network' | 'definitions' | 'itself';
  readonly why: string;
}

/** A stand-in for the kubelets of all nodes, and for what Cilium's programs do that other pods wait for. */
export interface Kubelets {
  /** Looks at every pod once, and starts those that can start. */
  readonly turn: () => Promise<void>;
  /** The pods that there are, as of the last turn. */
  readonly pods: () => readonly StoredObject[];
  /** Why a pod does not run; `undefined` for one that runs or has ended. */
  readonly waits: (pod: StoredObject) => Wait | undefined;
}

/** The agent's and the operator's own labels, which the chart sets. */
const isAgent = (pod: StoredObject): boolean => pod.metadata.labels?.['k8s-app'] === 'cilium';
const isOperator = (pod: StoredObject): boolean => pod.metadata.labels?.['io.cilium/app'] === 'operator';

/**
 * @param nodes how many nodes there are.
 * @param definitions what the operator registers when it runs.
 */
export function standInForKubelets(
  api: Api,
  nodes: number,
  objects: readonly KubernetesObject[],
  definitions: readonly KubernetesObject[],
): Kubelets {
  const config = configOf(objects);
  const running = new Set<string>();
  const ready = new Set<string>();
  const waiting = new Map<string, Wait>();
  let pods: readonly StoredObject[] = [];
  let isOperatorUp = false;

  /** What a kubelet looks up before it starts containers. */
  const missingFor = async (pod: StoredObject): Promise<string | undefined> => {
    const spec = pod.spec ?? {};
    const { name: podName, namespace = 'default' } = pod.metadata;
    const account = String(spec.serviceAccountName ?? 'default');
    // Admission does it, where the plugin ServiceAccount is on.
    if (
      (await api.find({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account, namespace } })) ===
      undefined
    )
      return `error looking up service account ${namespace}/${account}`;
    const context = { pod: spec, namespace, podName, node: { name: String(spec.nodeName), ip: '10.0.10.10' } };
    try {
      for (const volume of mapsIn(spec.volumes)) await filesOfVolume(api, volume, { ...context, container: {} });
      for (const container of [spec.initContainers, spec.containers].flatMap(mapsIn))
        await environmentOf(api, { ...context, container });
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
  const waitOf = async (pod: StoredObject): Promise<Wait | undefined> => {
    const node = pod.spec?.nodeName;
    if (typeof node !== 'string') {
      const scheduled = conditionsOf(pod.status?.conditions).find(({ type }) => type === 'PodScheduled');
      const why = scheduled?.message ?? 'the scheduler has not looked at it';
      // Nodes without an agent keep the taint of nodes that are not ready.
      const isTainted = ready.size === 0 || (ready.size < nodes && why.includes('untolerated taint'));
      if (isTainted && pod.spec?.hostNetwork !== true) return { for: 'network', why: `no network: ${why}` };
      // Envoy and Hubble Relay must be where agents are.
      return { for: why.includes("didn't match pod affinity rules") ? 'network' : 'scheduler', why };
    }
    if (pod.spec?.hostNetwork !== true && !ready.has(node)) return { for: 'network', why: `${node} has no network` };
    const missing = await missingFor(pod);
    if (missing !== undefined) return { for: 'objects', why: missing };
    if (isAgent(pod) && !isOperatorUp) return { for: 'definitions', why: 'no operator has registered the definitions' };
    return undefined;
  };
  const start = async (pod: StoredObject): Promise<Wait | undefined> => {
    const now = new Date().toISOString();
    if ((pod.metadata.ownerReferences ?? []).some(({ kind }) => kind === 'Job')) {
      const refused = JSON.stringify(pod.spec).includes('CILIUM_CERTGEN_CONFIG')
        ? await runCertgen(api, pod.spec ?? {}, pod.metadata.namespace ?? 'default')
        : undefined;
      if (refused !== undefined) return { for: 'itself', why: `it ends with 1: ${refused}` };
      await api.setStatus(podOf(pod), {
        phase: 'Succeeded',
        conditions: [{ type: 'Ready', status: 'False', reason: 'PodCompleted', lastTransitionTime: now }],
      });
      return undefined;
    }
    await api.setStatus(podOf(pod), {
      phase: 'Running',
      conditions: ['Ready', 'ContainersReady'].map((type) => ({ type, status: 'True', lastTransitionTime: now })),
    });
    const node = String(pod.spec?.nodeName);
    if (isOperator(pod) && !isOperatorUp) {
      isOperatorUp = true;
      for (const definition of definitions) await api.define(definition);
    }
    if (isAgent(pod) && !ready.has(node)) {
      ready.add(node);
      await setReady(api, node, true);
    }
    // The operator removes it, also from nodes whose agents were there first.
    if (isOperatorUp && config['remove-cilium-node-taints'] !== 'false')
      for (const name of ready) await removeTaint(api, name, agentTaint(config));
    return undefined;
  };
  const turn = async (): Promise<void> => {
    pods = (await api.list('v1', 'pods')).map((pod) => ({ ...pod, apiVersion: 'v1', kind: 'Pod' }));
    // The operator first: agents wait for it.
    for (const pod of [...pods.filter(isOperator), ...pods.filter((one) => !isOperator(one))]) {
      const id = idOf(pod);
      if (valueAt(pod, 'metadata.deletionTimestamp') !== undefined) {
        await api.remove(pod);
        running.delete(id);
        continue;
      }
      if (running.has(id)) continue;
      const wait = (await waitOf(pod)) ?? (await start(pod));
      if (wait === undefined) {
        waiting.delete(id);
        running.add(id);
      } else waiting.set(id, wait);
    }
  };
  return { turn, pods: () => pods, waits: (pod) => waiting.get(idOf(pod)) };
}

function agentTaint(config: Readonly<Record<string, string>>): string {
  return config['agent-not-ready-taint-key'] ?? 'node.cilium.io/agent-not-ready';
}

function idOf({ metadata }: StoredObject): string {
  return metadata.uid ?? '';
}

function podOf({ metadata: { name, namespace } }: StoredObject): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace } };
}

/** The object that a pod is of: a Deployment, a DaemonSet, a StatefulSet, a Job. */
export function ownerOf(pod: StoredObject, replicaSets: readonly StoredObject[]): JsonObject {
  const [owner = {}] = mapsIn(pod.metadata.ownerReferences);
  const set = replicaSets.find(({ metadata }) => metadata.uid === owner.uid);
  const [above] = mapsIn(set?.metadata.ownerReferences);
  return mapOf(above ?? owner);
}
