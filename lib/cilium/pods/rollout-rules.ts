import { canRollOut, isOnePerNode } from '../../kubernetes/scheduling';
import { problem } from '../../rules/rule';
import { exampleTalos } from '../parts/example-talos';
import { podRule } from './pod-rule';
import type { PodRule } from './pod-rule';
import { isOpen } from './workloads';
import type { Workload } from './workloads';

/** Deployments with more pods than nodes that can run them. */
export const ROLLOUT_RULES: readonly PodRule[] = [
  podRule({
    id: 'talos/too-few-nodes',
    level: 'warning',
    find: ({ workloads }) =>
      workloads.flatMap((one) => {
        const { object, spec, pod, labels, path, name } = one;
        const replicas = typeof spec.replicas === 'number' ? spec.replicas : 1;
        const nodes = nodesFor(one);
        const isBound = object.kind === 'Deployment' && isOnePerNode(pod, labels);
        if (nodes === undefined || nodes === 0 || !isBound || canRollOut(spec, replicas, nodes)) return [];
        return problem(
          [`${path}replicas`, `${path}updateStrategy`, 'talos.nodes'],
          `Each of the ${String(replicas)} replicas of ${name} needs a node to itself, and ${nodes === 1 ? '1 node' : `${String(nodes)} nodes`} can run them: the next change of its pods waits for ever for a free node, and the old pods stay.`,
          `Set ${path}replicas to ${nodes === 1 ? '1' : 'at most the number of nodes'}, or ${path}updateStrategy.rollingUpdate.maxUnavailable to 100%.`,
        );
      }),
    docs: 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#failed-deployment',
    on: exampleTalos({ given: { nodes: { controlPlanes: 1, workers: 0 }, allowSchedulingOnControlPlanes: true } }),
    bad: {},
    good: { operator: { replicas: 1 } },
  }),
];

/** The number of nodes that can run the pods; `undefined` when it is unknown. */
export function nodesFor({ places }: Workload): number | undefined {
  const counts = places.filter(isOpen).map(({ kind: { count } }) => count);
  return counts.reduce((sum, count) => (sum === undefined || count === undefined ? undefined : sum + count), 0);
}
