import { mapOf, valueAt } from '../../lib/kubernetes/json';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import type { TalosFacts } from '../../lib/talos/cluster/facts';
import type { Api } from '../control-plane/api';

/** A node as Talos and its kubelet register it. */
export interface BootNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
}

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';
const EXCLUDED = 'node.kubernetes.io/exclude-from-external-load-balancers';

/** The nodes of a cluster; where their number is not given, three control planes and two workers. */
export function nodesOf({ talosVersion, nodeLabels, given = {} }: TalosFacts): readonly BootNode[] {
  const { nodes = {}, allowSchedulingOnControlPlanes = false, controlPlanes = {}, workers = {} } = given;
  const node = (name: string, own: typeof workers, isControlPlane: boolean): BootNode => {
    const labels: Readonly<Record<string, string | null>> = {
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/hostname': name,
      'kubernetes.io/os': 'linux',
      ...(isControlPlane ? { [CONTROL_PLANE]: '', [EXCLUDED]: '' } : {}),
      ...nodeLabels,
      ...given.nodeLabels,
      ...own.nodeLabels,
    };
    // Before 1.14 NodeRestriction refuses the taints of workers.
    const taints = isControlPlane || atLeast(talosVersion, 14) ? { ...given.nodeTaints, ...own.nodeTaints } : {};
    return {
      name,
      labels: Object.fromEntries(
        Object.entries(labels).filter((entry): entry is [string, string] => entry[1] !== null),
      ),
      taints: [
        ...(isControlPlane && !allowSchedulingOnControlPlanes ? [{ key: CONTROL_PLANE, effect: 'NoSchedule' }] : []),
        ...Object.entries(taints).map(([key, taint]) => {
          const [value = '', effect] = taint.includes(':') ? taint.split(':') : ['', taint];
          return { key, value, effect: effect ?? '' };
        }),
      ],
    };
  };
  const some = (count: number, one: (i: number) => BootNode): readonly BootNode[] =>
    Array.from({ length: count }, (_, i) => one(i + 1));
  return [
    ...some(nodes.controlPlanes ?? 3, (i) => node(`cp-${String(i)}`, controlPlanes, true)),
    ...some(nodes.workers ?? 2, (i) => node(`worker-${String(i)}`, workers, false)),
  ];
}

function atLeast(version: string, minor: number): boolean {
  return Number(version.split('.')[1]) >= minor;
}

/** Registers nodes that are not ready: they have no network. */
export async function registerNodes(api: Api, nodes: readonly BootNode[]): Promise<void> {
  for (const { name, labels, taints } of nodes) {
    const object: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels },
      spec: { taints: [...taints] },
    };
    await api.apply(object);
    await setReady(api, name, false);
  }
}

/** Sets what the kubelet of a node states: its resources, and whether its network is ready. */
export async function setReady(api: Api, name: string, isReady: boolean): Promise<void> {
  const resources = { cpu: '8', memory: '16Gi', pods: '110', 'ephemeral-storage': '50Gi' };
  const now = new Date().toISOString();
  const conditions = [
    {
      type: 'Ready',
      status: isReady ? 'True' : 'False',
      reason: isReady ? 'KubeletReady' : 'KubeletNotReady',
      message: isReady ? '' : 'container runtime network not ready: cni plugin not initialized',
      lastHeartbeatTime: now,
      lastTransitionTime: now,
    },
  ];
  await api.setStatus(nodeOf(name), { capacity: resources, allocatable: resources, conditions });
}

/** Removes the taint that waits for an agent, as Cilium's operator does. */
export async function removeTaint(api: Api, name: string, key: string): Promise<void> {
  const node = await api.find(nodeOf(name));
  const all = valueAt(node, 'spec.taints');
  const taints = Array.isArray(all) ? all.filter((taint) => mapOf(taint).key !== key) : [];
  await api.call(
    'PATCH',
    `/api/v1/nodes/${name}`,
    JSON.stringify({ spec: { taints } }),
    'application/merge-patch+json',
  );
}

function nodeOf(name: string): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name } };
}
