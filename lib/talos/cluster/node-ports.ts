/** A port of nodes and the program that listens on it. */
export interface NodePortOwner {
  readonly who: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  readonly where: 'all nodes' | 'control planes';
}

type Row = readonly [
  who: string,
  where: NodePortOwner['where'],
  protocol: NodePortOwner['protocol'],
  ports: readonly number[],
];

const ROWS: readonly Row[] = [
  ["Talos' API (apid)", 'all nodes', 'TCP', [50000]],
  ["Talos' trustd", 'control planes', 'TCP', [50001]],
  ['the kubelet', 'all nodes', 'TCP', [10248, 10250]],
  ['kube-proxy', 'all nodes', 'TCP', [10249, 10256]],
  ['the API server', 'control planes', 'TCP', [6443]],
  ['etcd', 'control planes', 'TCP', [2379, 2380]],
  ['kube-controller-manager', 'control planes', 'TCP', [10257]],
  ['kube-scheduler', 'control planes', 'TCP', [10259]],
  ['KubeSpan', 'all nodes', 'UDP', [51820]],
];

/**
 * Ports on which Talos and Kubernetes listen in the network of nodes: kube-proxy unless it is disabled, KubeSpan where it is on.
 * KubePrism, whose port is a setting, is not included.
 */
export const NODE_PORTS: readonly NodePortOwner[] = ROWS.flatMap(([who, where, protocol, ports]) =>
  ports.map((port) => ({ who, port, protocol, where })),
);
