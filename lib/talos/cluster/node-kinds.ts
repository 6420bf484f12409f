import { CONTROL_PLANE_LABEL, EXCLUDE_FROM_LOAD_BALANCERS } from '../../kubernetes/node-labels';
import { HOSTNAME_LABEL } from '../../kubernetes/scheduling';
import type { SchedulableNodes, Taint } from '../../kubernetes/scheduling';
import type { TalosFacts } from './facts';
import { DEFAULT_MAX_PODS } from './max-pods';
import { talosHas } from './versions';

/** Nodes of one kind, as Talos registers and labels them. */
export interface NodeKind extends SchedulableNodes {
  readonly name: 'control planes' | 'workers';
  /** `undefined` when it is unknown: at least one control plane, maybe no worker. */
  readonly count: number | undefined;
  /** How many pods the kubelet runs. */
  readonly maxPods: number;
  /** Names of links that they have; `undefined` when unknown. */
  readonly links: readonly string[] | undefined;
}

/** The kinds of nodes that a cluster has or can have. */
export function nodeKindsOf(talos: TalosFacts): readonly NodeKind[] {
  const {
    nodes = {},
    nodeTaints: taints,
    maxPods = DEFAULT_MAX_PODS,
    controlPlanes = {},
    workers = {},
  } = talos.given ?? {};
  const labels = { ...talos.nodeLabels, ...talos.given?.nodeLabels };
  const own = talos.given?.allowSchedulingOnControlPlanes === true ? [] : [CONTROL_PLANE_TAINT];
  const kinds: readonly NodeKind[] = [
    {
      name: 'control planes',
      count: nodes.controlPlanes,
      maxPods: controlPlanes.maxPods ?? maxPods,
      links: controlPlanes.links ?? talos.given?.links,
      taints: [...own, ...taintsOf({ ...taints, ...controlPlanes.nodeTaints })],
      labels: labelsWith({ ...labels, ...controlPlanes.nodeLabels }, [
        [CONTROL_PLANE_LABEL, ['']],
        [EXCLUDE_FROM_LOAD_BALANCERS, ['', undefined]],
      ]),
    },
    {
      name: 'workers',
      count: nodes.workers,
      maxPods: workers.maxPods ?? maxPods,
      links: workers.links ?? talos.given?.links,
      // Before, Kubernetes refuses what workers write into their own Node objects.
      taints: talosHas(talos.talosVersion, 'register-with-taints')
        ? taintsOf({ ...taints, ...workers.nodeTaints })
        : [],
      labels: labelsWith({ ...labels, ...workers.nodeLabels }, [[CONTROL_PLANE_LABEL, [undefined]]]),
    },
  ];
  return kinds.filter(({ count }) => count !== 0);
}

/** The taint of control planes that take no workloads. */
export const CONTROL_PLANE_TAINT: Taint = { key: CONTROL_PLANE_LABEL, value: '', effect: 'NoSchedule' };

type Row = readonly [key: string, values: readonly (string | undefined)[]];

/** Labels that every kubelet sets. Talos runs on two architectures. */
const OF_KUBELETS: readonly Row[] = ['', 'beta.'].flatMap((prefix): readonly Row[] => [
  [`${prefix}kubernetes.io/os`, ['linux']],
  [`${prefix}kubernetes.io/arch`, ['amd64', 'arm64']],
]);

function labelsWith(given: Readonly<Record<string, string | null>>, known: readonly Row[]): NodeKind['labels'] {
  const own = Object.entries(given).map(([key, value]): Row => [key, [value ?? undefined]]);
  return new Map([...OF_KUBELETS, ...known, ...own].filter(([key]) => key !== HOSTNAME_LABEL));
}

/** `{ gpu: 'yes:NoSchedule', dedicated: 'NoExecute' }`. */
function taintsOf(taints: Readonly<Record<string, string>>): readonly Taint[] {
  return Object.entries(taints).map(([key, taint]) => {
    const colon = taint.indexOf(':');
    return { key, value: colon === -1 ? '' : taint.slice(0, colon), effect: taint.slice(colon + 1) };
  });
}
