import { isOfCilium } from '../../kubernetes/cilium-api';
import type { PodPrediction } from '../../app/predictions';
import { neededBy } from '../../kubernetes/makers';
import { identity } from '../../kubernetes/order';
import { enforcedLevel, isRejected } from '../../kubernetes/pod-security';
import { hostPortsOf, isOnePerNode } from '../../kubernetes/scheduling';
import type { KubernetesObject } from '../../kubernetes/types';
import { listed } from '../../rules/words';
import type { Context } from '../context';
import { deadlockOf } from './first-boot-rules';
import { madeByJob, missingClassFor, missingFor, tooLateFor } from './missing-rules';
import { nodesFor } from './rollout-rules';
import { isOpen, obstacles, readPods } from './workloads';
import type { Workload } from './workloads';

/**
 * The pods of a cluster that cannot start, with reasons, by the same reading that the rules use; none without a Talos cluster.
 * @param cluster path of the Cilium.
 * @param objects all that the cluster gets, as written; there may be more outside.
 */
export function predictPods(
  cluster: string,
  objects: readonly KubernetesObject[],
  cilium: Context,
): readonly PodPrediction[] {
  if (cilium.talos === undefined) return [];
  const missing = missingFor(cilium, objects);
  const missingClass = missingClassFor(objects);
  const pods = readPods(cilium, objects);
  const { workloads } = pods;
  return workloads.flatMap((workload) => {
    const { places, object, pod } = workload;
    const replicas = replicasOf(workload);
    if (replicas === 0) return [];
    const needed = missing(workload).map(({ kind, name }) => `the ${kind} ${name}`);
    // Classes of other pods may be made outside of the app.
    const priorityClass = isOfCilium(object) ? missingClass(workload) : undefined;
    const lacking = [...needed, ...(priorityClass === undefined ? [] : [`the PriorityClass ${priorityClass}`])];
    const reasons = [
      ...(isShutOut(workload) ? [`No node can run them (${obstacles(places)}).`] : []),
      ...(lacking.length === 0 ? [] : [`They need ${listed(lacking)}, which no object here makes.`]),
      ...neverMade(workload, workloads),
      ...takenPorts(workload, workloads),
      ...rejection(workload, objects, cilium),
      ...deadlockOf(pods, workload),
      ...madeTooLateFor(workload, objects, cilium.namespace),
    ];
    if (reasons.length > 0) return [{ cluster, object: identity(object), reasons }];
    const nodes = nodesFor(workload);
    const isBound = replicas !== undefined && nodes !== undefined && isOnePerNode(pod, workload.labels);
    if (!isBound || nodes >= replicas) return [];
    const fits = `Each of the ${String(replicas)} replicas needs a node to itself, and ${nodes === 1 ? '1 node' : `${String(nodes)} nodes`} can run them.`;
    return [{ cluster, object: identity(object), pending: replicas - nodes, reasons: [fits] }];
  });
}

/** How many pods run at a time; `undefined` for one on each node. */
function replicasOf({ object, spec }: Workload): number | undefined {
  if (object.kind === 'DaemonSet') return undefined;
  return typeof spec.replicas === 'number' ? spec.replicas : 1;
}

function isShutOut({ places }: Workload): boolean {
  return places.length > 0 && !places.some(isOpen);
}

/** Secrets of certgen's Jobs whose own pods cannot run. */
function neverMade({ pod }: Workload, workloads: readonly Workload[]): readonly string[] {
  const needed = neededBy(pod);
  return workloads
    .filter((one) => one.object.kind === 'Job' && isShutOut(one))
    .flatMap(({ object, name }) => {
      const secrets = madeByJob(object, needed).map((secret) => `the Secret ${secret.name}`);
      return secrets.length === 0 ? [] : [`They need ${listed(secrets)}, which ${name} makes, and no node can run it.`];
    });
}

/** What a controller makes on the network that these pods set up. */
function madeTooLateFor(
  workload: Workload,
  objects: readonly KubernetesObject[],
  namespace: string,
): readonly string[] {
  const late = tooLateFor(objects, namespace)(workload).map(({ object: { kind, name } }) => `the ${kind} ${name}`);
  return late.length === 0
    ? []
    : [`They need ${listed(late)}, which a controller makes on the network that Cilium sets up.`];
}

/** Ports that agents, which are first on each node, take from others. */
function takenPorts(workload: Workload, workloads: readonly Workload[]): readonly string[] {
  const agent = workloads.find(({ role }) => role === 'agent');
  if (agent === undefined || agent === workload) return [];
  const own = hostPortsOf(workload.pod);
  const taken = hostPortsOf(agent.pod).filter((port) => own.includes(port));
  // Agents may be on some nodes only.
  const isEverywhere = workload.places.every((place, i) => !isOpen(place) || isOpen(agent.places[i] ?? place));
  if (taken.length === 0 || !isEverywhere) return [];
  return [`The agents listen on ${listed(taken.map((port) => port.replace(' ', ' port ')))} of all nodes.`];
}

/** A Namespace among the objects whose level of Pod Security rejects the pods; one that is made elsewhere may have any. */
function rejection({ object }: Workload, objects: readonly KubernetesObject[], { talos }: Context): readonly string[] {
  const { namespace = '' } = object.metadata;
  const { enforce = 'baseline', exemptNamespaces = [] } = talos?.given?.podSecurity ?? {};
  const isWritten = objects.some(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace);
  if (!isWritten || ['kube-system', ...exemptNamespaces].includes(namespace)) return [];
  const level = enforcedLevel(objects, namespace) ?? enforce;
  return isRejected(object, level)
    ? [`Pod Security (${String(level)}) rejects them in the namespace ${namespace}.`]
    : [];
}
