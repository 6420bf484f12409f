import { isTruthy, defaultTo } from '../../helm/truth';
import { talosServices } from '../../talos/cluster/node-services';
import type { Clients, NodeService, Nodes, ServiceRule } from '../../talos/cluster/node-services';
import type { Context } from '../context';

const TUNNEL_PORTS: Readonly<Record<string, number>> = { vxlan: 8472, geneve: 6081 };
const WIREGUARD = '51871/UDP';

/**
 * The services of Talos, Kubernetes and Cilium in the host network, with their clients.
 * @param cilium the Cilium on the nodes; `undefined` when only its release is known: then all that it may serve is included.
 */
export function nodeServices({
  cilium,
  ...nodes
}: Nodes & { readonly cilium: Context | undefined }): readonly NodeService[] {
  return [...talosServices(nodes), ...(cilium === undefined ? ANY_CILIUM : ciliumServices(cilium))];
}

/** What only kube-proxy serves on ports of nodes: the cluster mesh's API server for other clusters. Cilium serves it before netfilter sees it. */
export function keptProxyServices({ v, facts }: Context): readonly NodeService[] {
  const { useAPIServer, apiserver } = v.clustermesh;
  const { type, nodePort } = apiserver.service;
  if (!isTruthy(useAPIServer) || facts.kubeProxyReplacement === 'true' || type !== 'NodePort') return [];
  return onAllNodes(
    'the API server of the mesh',
    'cilium-cluster-mesh',
    'nodes',
    isTruthy(nodePort) ? [`${String(nodePort)}/TCP`] : [],
  );
}

function onAllNodes(
  what: string,
  rule: ServiceRule,
  clients: Clients,
  ports: readonly string[],
  vital = false,
): readonly NodeService[] {
  return ports.length === 0 ? [] : [{ what, rule, where: 'all nodes', clients, ports, vital }];
}

function tunnels(protocol: string, ports: readonly string[]): readonly NodeService[] {
  const rule = protocol === 'geneve' ? 'cni-geneve' : 'cni-vxlan';
  return onAllNodes('tunnels between nodes', rule, 'nodes', ports, true);
}

function wireGuard(what: string, ports: readonly string[]): readonly NodeService[] {
  return onAllNodes(what, 'cilium-wireguard', 'nodes', ports, true);
}

/** The ports of Cilium's pods where its values are unknown. */
const ANY_CILIUM: readonly NodeService[] = [
  ...Object.entries(TUNNEL_PORTS).flatMap(([protocol, port]) => tunnels(protocol, [`${String(port)}/UDP`])),
  ...wireGuard('tunnels between nodes', [WIREGUARD]),
  ...onAllNodes('mutual authentication', 'cilium-mutual-authentication', 'nodes', ['4250/TCP']),
  ...onAllNodes("Cilium's health probes", 'cilium-health', 'probes', ['4240/TCP']),
  ...onAllNodes('Hubble', 'cilium-hubble', 'cluster', ['4244/TCP']),
  ...onAllNodes('metrics', 'cilium-metrics', 'cluster', ['9962-9965/TCP']),
];

function ciliumServices({ v, facts }: Context): readonly NodeService[] {
  const port = (number: unknown, protocol: 'TCP' | 'UDP', when: boolean): readonly string[] =>
    when && isTruthy(number) ? [`${String(number)}/${protocol}`] : [];
  const protocol = defaultTo(v.tunnelProtocol, 'vxlan');
  const tunnel = defaultTo(v.tunnelPort, TUNNEL_PORTS[protocol]);
  const needsTunnel = facts.routingMode === 'tunnel' || v.loadBalancer.dsrDispatch === 'geneve';
  const encrypts = isTruthy(v.encryption.enabled) && v.encryption.type === 'wireguard';
  const proves = isTruthy(v.authentication.enabled) && isTruthy(v.authentication.mutual.spire.enabled);
  const hubble = /:(\d+)$/.exec(v.hubble.listenAddress ?? '')?.[1];
  const { mutual } = v.authentication;
  const health = port(defaultTo(v.clusterHealthPort, 4240), 'TCP', isTruthy(v.healthChecking));
  return [
    ...tunnels(protocol, port(tunnel, 'UDP', needsTunnel)),
    ...wireGuard("Cilium's WireGuard", encrypts ? [WIREGUARD] : []),
    ...onAllNodes('mutual authentication', 'cilium-mutual-authentication', 'nodes', port(mutual.port, 'TCP', proves)),
    ...onAllNodes("Cilium's health probes", 'cilium-health', 'probes', health),
    ...onAllNodes('Hubble', 'cilium-hubble', 'cluster', port(hubble, 'TCP', isTruthy(v.hubble.enabled))),
    ...onAllNodes('metrics', 'cilium-metrics', 'cluster', [
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
