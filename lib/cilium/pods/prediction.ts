import { isOfCilium } from '../../kubernetes/cilium-api';
import type { PodPrediction } from '../../app/predictions';
import { identity } from '../../kubernetes/order';
import { isOnePerNode } from '../../kubernetes/scheduling';
import type { KubernetesObject } from '../../kubernetes/types';
import { listed } from '../../rules/words';
import type { Context } from '../context';
import { missingClassFor, missingFor } from './missing-rules';
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
  return readPods(cilium, objects).workloads.flatMap((workload) => {
    const { places, object, pod } = workload;
    const replicas = replicasOf(workload);
    if (replicas === 0) return [];
    const needed = missing(workload).map(({ kind, name }) => `the ${kind} ${name}`);
    // Classes of other pods may be made outside of the app.
    const priorityClass = isOfCilium(object) ? missingClass(workload) : undefined;
    const lacking = [...needed, ...(priorityClass === undefined ? [] : [`the PriorityClass ${priorityClass}`])];
    const isShutOut = places.length > 0 && !places.some(isOpen);
    const reasons = [
      ...(isShutOut ? [`No node can run them (${obstacles(places)}).`] : []),
      ...(lacking.length === 0 ? [] : [`They need ${listed(lacking)}, which no object here makes.`]),
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
