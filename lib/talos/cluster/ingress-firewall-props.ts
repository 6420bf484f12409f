import type { KubeSpanMembers, KubeSpanSetting } from './kubespan';
import type { NodeCountsSetting } from './node-counts';
import type { NodeIPSetting } from './node-ip';
import type { ClusterWith, OnNodes, Output } from './setting';
import type { SubnetsCluster } from './subnets';

/** Ports that are opened besides those of Talos, Kubernetes and Cilium: one `NetworkRuleConfig` for each protocol. */
export interface IngressFirewallRule {
  /** Name of the document, unique in the config: `node-exporter`. */
  readonly name: string;
  /** `9100/TCP`, `30000-32767/UDP`. */
  readonly ports: readonly string[];
  /** CIDRs of the clients, and `cluster` for nodes and pods of the cluster. @default - everywhere */
  readonly from?: readonly string[];
}

/**
 * Talos' ingress firewall in `block` mode: nodes accept what Talos, Kubernetes, Cilium and KubeSpan need, and drop all other ingress to the
 * nodes themselves. What Cilium forwards to pods before netfilter sees it, NodePorts and load balancer addresses among them, is not
 * filtered; what it redirects to Envoy is. `HostFirewall` reads the same props.
 */
export interface IngressFirewallProps {
  /** CIDRs of all nodes. Empty where nodes reach each other over KubeSpan only. */
  readonly nodeNetworks: readonly string[];
  /** CIDRs of the control planes, which alone reach etcd: `['192.168.10.2/32']`. @default - `nodeNetworks` */
  readonly controlPlaneNetworks?: readonly string[];
  /** CIDRs outside the cluster that may reach the Talos API and the Kubernetes API. @default - everywhere */
  readonly apiFrom?: readonly string[];
  /** CIDRs of the nodes of other clusters in the mesh: tunnels, WireGuard and health probes. @default - none */
  readonly meshNodeNetworks?: readonly string[];
  /** Port of the Kubernetes API on control planes. @default 6443 */
  readonly kubernetesApiPort?: number;
  /** Pods may scrape the metrics that Cilium's own pods serve on nodes. @default true */
  readonly metrics?: boolean;
  /** More ports on every node: gateways in host network mode, node exporters. @default - none */
  readonly extra?: readonly IngressFirewallRule[];
  /** More ports on control planes. @default - none */
  readonly extraOnControlPlanes?: readonly IngressFirewallRule[];
  /** More ports on workers. @default - none */
  readonly extraOnWorkers?: readonly IngressFirewallRule[];
}

export interface IngressFirewallSetting {
  /** @default - nodes accept all ingress */
  readonly ingressFirewall?: IngressFirewallProps;
}

/** What the firewall reads of other settings. */
export type BesideFirewall = ClusterWith<
  KubeSpanSetting & NodeCountsSetting & OnNodes<NodeIPSetting>,
  KubeSpanMembers
> &
  SubnetsCluster;

/** A cluster with its firewall. */
export type FirewallCluster = ClusterWith<IngressFirewallSetting> & BesideFirewall;

/** The lists of more ports, with the nodes that they are for. */
export const EXTRA = [
  ['extra', 'all'],
  ['extraOnControlPlanes', 'controlplane'],
  ['extraOnWorkers', 'worker'],
] as const satisfies readonly (readonly [keyof IngressFirewallProps, Output])[];

/** Ports of one protocol. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
  readonly protocol: 'tcp' | 'udp';
}

/** `9100/TCP`, `30000-32767/UDP`; `undefined` for anything else. */
export function portRange(ports: string): PortRange | undefined {
  const [, from = '', to = from, protocol = ''] = /^(\d{1,5})(?:-(\d{1,5}))?\/(TCP|UDP)$/.exec(ports) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (from === '' || first < 1 || last > 65535 || first > last) return undefined;
  return { first, last, protocol: protocol === 'UDP' ? 'udp' : 'tcp' };
}

/** Name and ports of each document of a rule: one for each protocol. */
export function namedPorts({
  name,
  ports,
}: Pick<IngressFirewallRule, 'name' | 'ports'>): readonly (readonly [name: string, ports: readonly PortRange[]])[] {
  const read = ports.flatMap((port) => portRange(port) ?? []);
  const byProtocol = (['tcp', 'udp'] as const)
    .map((protocol) => [protocol, read.filter((one) => one.protocol === protocol)] as const)
    .filter(([, own]) => own.length > 0);
  return byProtocol.map(([protocol, own]) => [byProtocol.length === 1 ? name : `${name}-${protocol}`, own] as const);
}
