import { NODE_PORTS } from './node-ports';

/** The clients of a service on nodes. `nodes` and `probes` include the nodes of other clusters in a mesh. */
export type Clients =
  | 'everywhere'
  | 'the link'
  | 'administrators'
  | 'administrators and joining nodes'
  | 'joining nodes'
  | 'control planes'
  | 'cluster'
  | 'nodes'
  | 'probes'
  | 'pods'
  | 'peers';

/** Names of the `NetworkRuleConfig` documents of services. */
export const SERVICE_RULES = [
  'apid-ingress',
  'trustd-ingress',
  'kubernetes-api-ingress',
  'etcd-ingress',
  'kubelet-ingress',
  'kubespan-ingress',
  'dhcp-ingress',
  'dhcpv6-ingress',
  'host-dns-ingress',
  'cni-vxlan',
  'cni-geneve',
  'cilium-wireguard',
  'cilium-mutual-authentication',
  'cilium-health',
  'cilium-hubble',
  'cilium-metrics',
  'cilium-cluster-mesh',
  'bgp-ingress',
  'bgp-workload-ingress',
  'bfd-ingress',
] as const;

export type ServiceRule = (typeof SERVICE_RULES)[number];

/** A service on nodes that a cluster needs. */
export interface NodeService {
  readonly what: string;
  /** Name of its `NetworkRuleConfig`; services with one name share the document. */
  readonly rule: ServiceRule;
  readonly where: 'all nodes' | 'control planes' | 'workers';
  readonly clients: Clients;
  /** CIDRs of the clients `peers`. */
  readonly peers?: readonly string[];
  /** `50000/TCP`, `2379-2380/TCP`. */
  readonly ports: readonly string[];
  /** Without it nodes become unreachable, or pods of different nodes cannot reach each other. */
  readonly vital: boolean;
}

/** What is known about the nodes. */
export interface Nodes {
  /** Whether they use KubeSpan; `undefined` when unknown. */
  readonly kubeSpan: boolean | undefined;
  /** @default 6443 */
  readonly kubernetesApiPort?: number | undefined;
}

/** The services of Talos and Kubernetes, with their clients. Rules have the names of Talos' own examples. */
export function talosServices({ kubeSpan, kubernetesApiPort = 6443 }: Nodes): readonly NodeService[] {
  const api = {
    what: 'the API server',
    rule: 'kubernetes-api-ingress',
    where: 'control planes',
    ports: [`${String(kubernetesApiPort)}/TCP`],
    vital: true,
  } as const;
  const span: NodeService = {
    what: 'KubeSpan',
    rule: 'kubespan-ingress',
    where: 'all nodes',
    clients: 'everywhere',
    ports: ['51820/UDP'],
    vital: kubeSpan === true,
  };
  return [
    {
      what: "Talos' API",
      rule: 'apid-ingress',
      where: 'all nodes',
      clients: 'administrators',
      ports: portsOf("Talos' API (apid)"),
      vital: true,
    },
    {
      what: 'trustd',
      rule: 'trustd-ingress',
      where: 'control planes',
      clients: 'joining nodes',
      ports: portsOf("Talos' trustd"),
      vital: true,
    },
    { ...api, clients: 'administrators and joining nodes' },
    { ...api, clients: 'cluster' },
    {
      what: 'etcd',
      rule: 'etcd-ingress',
      where: 'control planes',
      clients: 'control planes',
      ports: ['2379-2380/TCP'],
      vital: true,
    },
    {
      what: 'the kubelet',
      rule: 'kubelet-ingress',
      where: 'all nodes',
      clients: 'cluster',
      ports: ['10250/TCP'],
      vital: true,
    },
    ...(kubeSpan === false ? [] : [span]),
    ...DHCP,
  ];
}

/** Replies come from another address than the broadcast that was sent to, so they match no tracked connection. */
const DHCP: readonly NodeService[] = [
  { what: 'DHCP', rule: 'dhcp-ingress', where: 'all nodes', clients: 'everywhere', ports: ['68/UDP'], vital: false },
  { what: 'DHCPv6', rule: 'dhcpv6-ingress', where: 'all nodes', clients: 'the link', ports: ['546/UDP'], vital: false },
];

/** The Flannel that Talos deploys where it installs the CNI. */
export const FLANNEL_SERVICES: readonly NodeService[] = [
  { what: 'Flannel', rule: 'cni-vxlan', where: 'all nodes', clients: 'nodes', ports: ['4789/UDP'], vital: true },
];

function portsOf(who: string): readonly string[] {
  return NODE_PORTS.filter((service) => service.who === who).map(({ port }) => `${String(port)}/TCP`);
}
