import { setTimeout as pause } from 'node:timers/promises';
import { mapOf, valueAt } from '../../lib/kubernetes/json';
import { compareText, identity } from '../../lib/kubernetes/order';
import { podSpecOf } from '../../lib/kubernetes/pods';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { taken } from '../apiserver/server';
import { conditionsOf } from '../control-plane/api';
import type { Api, StoredObject } from '../control-plane/api';
import { settled } from '../control-plane/waiting';
import { startControlPlane } from './cluster';
import { ownerOf, standInForKubelets } from './kubelets';
import type { Kubelets, Wait } from './kubelets';
import { registerNodes } from './nodes';
import type { BootNode } from './nodes';

/** A workload at the end of a boot or of a change. */
export interface Observed {
  /** `apps/Deployment kube-system/cilium-operator`. */
  readonly object: string;
  /** How many of its pods run, or have run to their end. */
  readonly ready: number;
  /** Pods that do not run, with their reasons. */
  readonly waiting: readonly Wait[];
  /** Why its controller can make no pods. */
  readonly refused: string | undefined;
  /** Nodes on which a DaemonSet has no pod. */
  readonly without: readonly string[];
  /** Changes with the template of its pods; `undefined` for a Job. */
  readonly revision: string | undefined;
  /** How a change does not come to its end; `undefined` when it has. */
  readonly unfinished: string | undefined;
}

/** A cluster that has booted. */
export interface Booted {
  readonly observe: () => Promise<readonly Observed[]>;
  /** Applies other objects over those that are there; returns what the server refuses, once it has settled. */
  readonly change: (objects: readonly KubernetesObject[]) => Promise<readonly string[]>;
  /** Cordons a node and evicts what is not a DaemonSet's; returns the pods that a budget keeps there. */
  readonly drain: (node: string) => Promise<readonly string[]>;
  /** What the server refused at boot. */
  readonly refused: readonly string[];
  readonly api: Api;
}

/** What boots. */
export interface BootInput {
  readonly nodes: readonly BootNode[];
  readonly objects: readonly KubernetesObject[];
  /** What Cilium's operator registers. */
  readonly definitions: readonly KubernetesObject[];
  /** Definitions that are there from the beginning, such as those of the Gateway API. */
  readonly given?: readonly KubernetesObject[];
  readonly folder: string;
}

/** Boots a cluster from nothing, uses it, and ends it. */
export async function withBoot<T>(input: BootInput, use: (booted: Booted) => Promise<T>): Promise<T> {
  const { api, stop } = await startControlPlane(input.folder);
  try {
    return await use(await boot(api, input));
  } finally {
    await stop();
  }
}

async function boot(api: Api, { nodes, objects, definitions, given = [] }: BootInput): Promise<Booted> {
  await registerNodes(api, nodes);
  for (const definition of given) await api.define(definition);
  const kubelets = standInForKubelets(api, nodes.length, objects, definitions);
  const settle = async (): Promise<void> => {
    await settled(async () => progressOf(api, kubelets), 4, 90);
  };
  // Talos tries again what is refused, until it is taken.
  const applyUntilTaken = async (all: readonly KubernetesObject[]): Promise<readonly string[]> => {
    let left = all;
    let refused: readonly string[] = [];
    for (let round = 0; round < 3 && (round === 0 || left.length > 0); round++) {
      const again = await applyInOrder(api, left);
      left = again.map(({ object }) => object);
      refused = again.map(({ object, message }) => `${identity(object)}: ${message}`);
      await settle();
    }
    return refused;
  };
  const refused = await applyUntilTaken([...objects, ...OF_TALOS]);
  return {
    api,
    refused,
    observe: async () => observe(api, kubelets, nodes),
    change: applyUntilTaken,
    drain: async (node) => drain(api, kubelets, node),
  };
}

/** What runs on every Talos cluster beside Cilium. */
const OF_TALOS: readonly KubernetesObject[] = [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'coredns', namespace: 'kube-system' },
    spec: {
      replicas: 2,
      selector: { matchLabels: { 'k8s-app': 'kube-dns' } },
      template: {
        metadata: { labels: { 'k8s-app': 'kube-dns' } },
        spec: {
          priorityClassName: 'system-cluster-critical',
          tolerations: ['node-role.kubernetes.io/control-plane', 'node.cloudprovider.kubernetes.io/uninitialized'].map(
            (key) => ({ key, operator: 'Exists', effect: 'NoSchedule' }),
          ),
          containers: [{ name: 'coredns', image: 'registry.k8s.io/coredns/coredns' }],
        },
      },
    },
  },
];

interface Refusal {
  readonly object: KubernetesObject;
  readonly message: string;
}

/** Talos' order: namespaces, definitions, and the rest as written. */
async function applyInOrder(api: Api, objects: readonly KubernetesObject[]): Promise<readonly Refusal[]> {
  const rank = ({ kind }: KubernetesObject): number =>
    kind === 'Namespace' ? 0 : kind === 'CustomResourceDefinition' ? 1 : 2;
  const refused: Refusal[] = [];
  for (const object of [...objects].sort((a, b) => rank(a) - rank(b))) {
    const answer = await api.apply(object);
    if (!taken(answer)) refused.push({ object, message: answer.message });
  }
  return refused;
}

/** A turn of the kubelets, and what changes while anything goes on. */
async function progressOf(api: Api, kubelets: Kubelets): Promise<unknown> {
  await kubelets.turn();
  const jobs = await api.list('batch/v1', 'jobs');
  return [
    kubelets.pods().map((pod) => [pod.metadata.uid, pod.spec?.nodeName, kubelets.waits(pod)?.for]),
    jobs.map(({ metadata: { uid }, status }) => [uid, status?.succeeded]),
  ];
}

const WORKLOADS = [
  ['apps/v1', 'daemonsets', 'DaemonSet'],
  ['apps/v1', 'deployments', 'Deployment'],
  ['apps/v1', 'statefulsets', 'StatefulSet'],
  ['batch/v1', 'jobs', 'Job'],
] as const;

async function workloads(api: Api): Promise<readonly StoredObject[]> {
  const lists = await Promise.all(
    WORKLOADS.map(async ([apiVersion, resource, kind]) =>
      (await api.list(apiVersion, resource)).map((object) => ({ ...object, apiVersion, kind })),
    ),
  );
  return lists.flat();
}

async function observe(api: Api, kubelets: Kubelets, nodes: readonly BootNode[]): Promise<readonly Observed[]> {
  const [all, replicaSets, events] = await Promise.all([
    workloads(api),
    api.list('apps/v1', 'replicasets'),
    api.list('v1', 'events'),
  ]);
  const owned = kubelets.pods().map((pod) => ({ pod, owner: ownerOf(pod, replicaSets).uid }));
  return all
    .map((workload) => {
      const pods = owned.filter(({ owner }) => owner === workload.metadata.uid).map(({ pod }) => pod);
      const waiting = pods.flatMap((pod) => kubelets.waits(pod) ?? []);
      const on = new Set(pods.map(nodeOf));
      return {
        object: identity(workload),
        ready: pods.length - waiting.length,
        waiting,
        refused: refusalOf(workload, replicaSets, events),
        without: workload.kind === 'DaemonSet' ? nodes.map(({ name }) => name).filter((name) => !on.has(name)) : [],
        revision: REVISIONS.map((key) => workload.metadata.annotations?.[key]).find((one) => typeof one === 'string'),
        unfinished: unfinished(workload),
      };
    })
    .sort((a, b) => compareText(a.object, b.object));
}

const REVISIONS = ['deployment.kubernetes.io/revision', 'deprecated.daemonset.template.generation'];

/** The node of a pod; a DaemonSet names it in the affinity of its pods. */
function nodeOf(pod: StoredObject): string {
  const [, name] = /"metadata\.name","operator":"In","values":\["([^"]+)"\]/.exec(JSON.stringify(pod.spec)) ?? [];
  return name ?? String(pod.spec?.nodeName);
}

function refusalOf(
  { kind, metadata, status }: StoredObject,
  replicaSets: readonly StoredObject[],
  events: readonly StoredObject[],
): string | undefined {
  const conditions = conditionsOf(status?.conditions);
  const failure = conditions.find(({ type, status: is }) => type === 'ReplicaFailure' && is === 'True');
  if (failure !== undefined || kind === 'Deployment') return failure?.message;
  const own = [metadata, ...replicaSets.map((set) => set.metadata)].map(({ uid }) => uid);
  const failed = events.find((event) => {
    const { reason, involvedObject } = event as unknown as Readonly<Record<string, unknown>>;
    return reason === 'FailedCreate' && mapOf(involvedObject).uid === own[0];
  });
  return failed === undefined ? undefined : String((failed as unknown as Readonly<Record<string, unknown>>).message);
}

/** How a rollout of a workload is not at its end. */
function unfinished({ kind, spec, status }: StoredObject): string | undefined {
  const count = (name: string): number => Number(status?.[name] ?? 0);
  const replicas = Number(spec?.replicas ?? 1);
  switch (kind) {
    case 'Deployment':
      return count('updatedReplicas') < replicas ||
        count('replicas') > count('updatedReplicas') ||
        count('observedGeneration') === 0
        ? `${String(count('updatedReplicas'))} new of ${String(replicas)}, ${String(count('replicas'))} in all, ${String(count('readyReplicas'))} ready`
        : undefined;
    case 'DaemonSet':
      return count('updatedNumberScheduled') < count('desiredNumberScheduled')
        ? `${String(count('updatedNumberScheduled'))} new of ${String(count('desiredNumberScheduled'))}`
        : undefined;
    case 'StatefulSet':
      return count('updatedReplicas') < replicas
        ? `${String(count('updatedReplicas'))} new of ${String(replicas)}`
        : undefined;
    default:
      return undefined;
  }
}

async function drain(api: Api, kubelets: Kubelets, node: string): Promise<readonly string[]> {
  const cordon = JSON.stringify({ spec: { unschedulable: true } });
  await api.call('PATCH', `/api/v1/nodes/${node}`, cordon, 'application/merge-patch+json');
  let left: readonly string[] = [];
  const evict = async (): Promise<readonly string[]> => {
    await kubelets.turn();
    const kept: string[] = [];
    for (const { metadata, spec } of kubelets.pods()) {
      const isOfDaemonSet = (metadata.ownerReferences ?? []).some(({ kind }) => kind === 'DaemonSet');
      if (spec?.nodeName !== node || isOfDaemonSet) continue;
      const { name, namespace = '' } = metadata;
      const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
      const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
      const answer = await api.call('POST', path, JSON.stringify(eviction));
      if (answer.status === 429) kept.push(`${namespace}/${name}: ${answer.message}`);
    }
    return kept;
  };
  await settled(
    async () => {
      left = await evict();
      await pause(300);
      return [left, kubelets.pods().map(({ metadata }) => metadata.uid)];
    },
    5,
    40,
  );
  const uncordon = JSON.stringify({ spec: { unschedulable: false } });
  await api.call('PATCH', `/api/v1/nodes/${node}`, uncordon, 'application/merge-patch+json');
  return left;
}

/** The same objects with an annotation in the templates of their pods, as `kubectl rollout restart` writes it. */
export function restarted(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return objects.flatMap((object) => {
    const template = valueAt(object, 'spec.template');
    if (podSpecOf(object) === undefined || template === undefined || object.kind === 'Job') return [];
    const metadata = mapOf(mapOf(template).metadata);
    const annotations = { ...mapOf(metadata.annotations), 'kubectl.kubernetes.io/restartedAt': 'now' };
    const spec = { ...mapOf(object.spec), template: { ...mapOf(template), metadata: { ...metadata, annotations } } };
    return [{ ...object, spec }];
  });
}
