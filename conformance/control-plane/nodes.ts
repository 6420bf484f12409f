import type { KubernetesObject } from '../../lib/kubernetes/types';
import type { Api } from './api';

/** A node of the judge's cluster. */
export interface LabNode {
  readonly name: string;
  readonly ip: string;
  readonly podCidr: string;
  readonly isControlPlane: boolean;
  /** A label that users give. */
  readonly rack: string;
}

/** The first one is where programs run. */
export const NODES = [
  { name: 'cp-1', ip: '10.0.10.10', podCidr: '10.244.0.0/24', isControlPlane: true, rack: 'zero' },
  { name: 'worker-1', ip: '10.0.10.11', podCidr: '10.244.1.0/24', isControlPlane: false, rack: 'one' },
  { name: 'worker-2', ip: '10.0.10.12', podCidr: '10.244.2.0/24', isControlPlane: false, rack: 'two' },
] as const satisfies readonly LabNode[];

const NOT_READY = 'node.cilium.io/agent-not-ready';

/** Registers nodes as the kubelets of Talos do, with the taint that waits for Cilium's agent. */
export async function registerNodes(api: Api): Promise<void> {
  for (const [i, node] of NODES.entries()) {
    const object = nodeObject(node, i);
    await api.apply(object);
    await api.setStatus(object, {
      addresses: [
        { type: 'InternalIP', address: node.ip },
        { type: 'InternalIP', address: `fd00:10::1${String(i)}` },
        { type: 'Hostname', address: node.name },
      ],
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: '' }],
    });
  }
}

/** The labels that a kubelet of Talos gives its node; Cilium's agent copies them to its CiliumNode. */
export function labelsOf({ name, isControlPlane, rack }: LabNode): Readonly<Record<string, string>> {
  return {
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    rack,
    ...(isControlPlane
      ? { 'node-role.kubernetes.io/control-plane': '', 'node.kubernetes.io/exclude-from-external-load-balancers': '' }
      : {}),
  };
}

function nodeObject(node: LabNode, i: number): KubernetesObject {
  const { name, podCidr, isControlPlane } = node;
  const labels = labelsOf(node);
  const taints = [
    { key: NOT_READY, value: 'true', effect: 'NoSchedule' },
    ...(isControlPlane ? [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] : []),
  ];
  const podCIDRs = [podCidr, `fd00:10:244:${String(i)}::/64`];
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: { podCIDR: podCidr, podCIDRs, taints } };
}
