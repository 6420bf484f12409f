import type { Context } from '../../cilium/context';
import { isTruthy, defaultTo } from '../../helm/truth';
import { NODE_PORTS } from '../../talos/cluster/node-ports';

/** The clients of a service on nodes. */
export type Clients =
  | 'everywhere'
  | 'administrators'
  | 'administrators and joining nodes'
  | 'joining nodes'
  | 'cluster'
  | 'nodes'
  | 'probes';

/** A service on nodes that a cluster needs. */
export interface NodeService {
  readonly what: string;
  readonly where: 'all nodes' | 'control planes';
  readonly clients: Clients;
  /** `50000/TCP`, `2379-2380/TCP`. */
  readonly ports: readonly string[];
  /** Without it nodes become unreachable, or pods of different nodes cannot reach each other. */
  readonly vital: boolean;
}

/** What is known about the nodes. */
export interface Nodes {
  /** The Cilium on them; `undefined` when only its release is known: then all that it may serve is included. */
  readonly cilium: Context | undefined;
  /** Whether they use KubeSpan; `undefined` when unknown. */
  readonly kubeSpan: boolean | undefined;
  /** @default 6443 */
  readonly kubernetesApiPort?: number | undefined;
}

const ETCD = '2379-2380/TCP';
const WIREGUARD = '51871/UDP';
const TUNNEL_PORTS: Readonly<Record<string, number>> = { vxlan: 8472, geneve: 6081 };

/** The services of Talos, Kubernetes and Cilium in the host network, with their clients. */
export function nodeServices({ cilium, kubeSpan, kubernetesApiPort = 6443 }: Nodes): readonly NodeService[] {
  const api = {
    what: 'the API server',
    where: 'control planes',
    ports: [`${String(kubernetesApiPort)}/TCP`],
    vital: true,
  } as const;
  const talos: readonly NodeService[] = [
    {
      what: "Talos' API",
      where: 'all nodes',
      clients: 'administrators',
      ports: [tcp("Talos' API (apid)")],
      vital: true,
    },
    { what: 'trustd', where: 'control planes', clients: 'joining nodes', ports: [tcp("Talos' trustd")], vital: true },
    { ...api, clients: 'administrators and joining nodes' },
    { ...api, clients: 'cluster' },
    { what: 'etcd', where: 'control planes', clients: 'nodes', ports: [ETCD], vital: true },
    { what: 'the kubelet', where: 'all nodes', clients: 'cluster', ports: ['10250/TCP'], vital: true },
  ];
  const span: NodeService = {
    what: 'KubeSpan',
    where: 'all nodes',
    clients: 'everywhere',
    ports: ['51820/UDP'],
    vital: kubeSpan === true,
  };
  // Replies come from another address than the broadcast that was sent to, so they match no tracked connection.
  const dhcp: NodeService = {
    what: 'DHCP',
    where: 'all nodes',
    clients: 'everywhere',
    ports: ['68/UDP', '546/UDP'],
    vital: false,
  };
  return [
    ...talos,
    ...(kubeSpan === false ? [] : [span]),
    dhcp,
    ...(cilium === undefined ? ANY_CILIUM : ciliumServices(cilium)),
  ];
}

/** A TCP port of a Talos service. */
function tcp(who: string): string {
  return NODE_PORTS.filter((service) => service.who === who)
    .map(({ port }) => `${String(port)}/TCP`)
    .join();
}

function onAllNodes(what: string, clients: Clients, ports: readonly string[], vital = false): readonly NodeService[] {
  return ports.length === 0 ? [] : [{ what, where: 'all nodes', clients, ports, vital }];
}

/** The ports of Cilium's pods where its values are unknown. */
const ANY_CILIUM: readonly NodeService[] = [
  ...onAllNodes(
    'tunnels between nodes',
    'nodes',
    [...Object.values(TUNNEL_PORTS).map((port) => `${String(port)}/UDP`), WIREGUARD],
    true,
  ),
  ...onAllNodes('mutual authentication', 'nodes', ['4250/TCP']),
  ...onAllNodes("Cilium's health probes", 'probes', ['4240/TCP']),
  ...onAllNodes('Hubble', 'cluster', ['4244/TCP']),
  ...onAllNodes('metrics', 'cluster', ['9962-9965/TCP']),
];

function ciliumServices({ v, facts }: Context): readonly NodeService[] {
  const port = (number: unknown, protocol: 'TCP' | 'UDP', when: boolean): readonly string[] =>
    when && isTruthy(number) ? [`${String(number)}/${protocol}`] : [];
  const tunnel = defaultTo(v.tunnelPort, TUNNEL_PORTS[defaultTo(v.tunnelProtocol, 'vxlan')]);
  const needsTunnel = facts.routingMode === 'tunnel' || v.loadBalancer.dsrDispatch === 'geneve';
  const encrypts = isTruthy(v.encryption.enabled) && v.encryption.type === 'wireguard';
  const proves = isTruthy(v.authentication.enabled) && isTruthy(v.authentication.mutual.spire.enabled);
  const hubble = /:(\d+)$/.exec(v.hubble.listenAddress ?? '')?.[1];
  return [
    ...onAllNodes('tunnels between nodes', 'nodes', port(tunnel, 'UDP', needsTunnel), true),
    ...onAllNodes("Cilium's WireGuard", 'nodes', encrypts ? [WIREGUARD] : [], true),
    ...onAllNodes('mutual authentication', 'nodes', port(v.authentication.mutual.port, 'TCP', proves)),
    ...onAllNodes(
      "Cilium's health probes",
      'probes',
      port(defaultTo(v.clusterHealthPort, 4240), 'TCP', isTruthy(v.healthChecking)),
    ),
    ...onAllNodes('Hubble', 'cluster', port(hubble, 'TCP', isTruthy(v.hubble.enabled))),
    ...onAllNodes('metrics', 'cluster', [
      ...port(v.prometheus.port, 'TCP', isTruthy(v.prometheus.enabled)),
      ...port(
        v.operator.prometheus.port,
        'TCP',
        isTruthy(v.operator.enabled) && isTruthy(v.operator.prometheus.enabled),
      ),
      ...port(v.envoy.prometheus.port, 'TCP', isTruthy(v.l7Proxy) && isTruthy(v.envoy.prometheus.enabled)),
      ...port(v.hubble.metrics.port, 'TCP', facts.hubbleMetrics),
    ]),
  ];
}
