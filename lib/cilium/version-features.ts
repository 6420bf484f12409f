/**
 * Behaviours that came or went with a Cilium release and that no value tells apart (a value that a version does not
 * know is absent, and its key drops out by itself). Per minor the first patch that has it, or a list of
 * `[first, end)` ranges where it left again. A minor that is not named does not have it.
 * Cilium versions appear here and nowhere else.
 */
const VERSION_FEATURES = {
  /** Objects and pods carry the name and version of the chart as a label. */
  'chart-label': { '1.20': 0 },
  /** Without a value, kube-proxy replacement is what it was in the release named by `upgradeCompatibility`: `probe` or `disabled`. */
  'kube-proxy-replacement-words': { '1.18': 0 },
  /** ztunnel is one of the kinds of encryption. */
  'ztunnel-encryption': { '1.19': 0, '1.20': 0 },
  /** IPsec may be bound to one interface. */
  'ipsec-interface': { '1.18': 0, '1.19': 0 },
  /** Refusal of what is not encrypted is said by direction. */
  'strict-mode-by-direction': { '1.19': 0, '1.20': 0 },
  /** The agent is told of the host firewall even when it is off. */
  'host-firewall-written-when-off': { '1.19': 6, '1.20': 0 },
  /** Gateway API weighs the backends of TCP and UDP routes, for which Services are balanced outside of pods' sockets. */
  'gateway-weights': { '1.20': 0 },
  /** The BPF transparent proxy is refused together with netkit devices. */
  'tproxy-without-netkit': { '1.19': 0, '1.20': 0 },
  /** The IPAM mode `eni` alone does not switch ENI on, and is refused. */
  'eni-mode-needs-eni': { '1.20': 0 },
  /** Without a routing mode, ENI routes natively. */
  'eni-routes-natively': { '1.19': 0, '1.20': 0 },
  /** ENI needs no IPAM mode beside it: whatever the mode says, it is `eni`. */
  'eni-forces-ipam-mode': { '1.19': 0, '1.20': 0 },
  /** Envoy asks the agent over one aggregated stream (ADS) instead of one stream per resource type. */
  'envoy-ads': { '1.20': 0 },
  /** On AKS with one's own CNI the IPAM mode may be `multi-pool` too. */
  'aksbyocni-multi-pool': { '1.19': 0, '1.20': 0 },
  /** Pools of `multi-pool` say whether their first and last address may be handed out. */
  'pod-pool-edge-addresses': { '1.20': 0 },
  /** Reading EndpointSlices is a switch. */
  'endpoint-slice-switch': { '1.18': 0 },
  /** Pods are announced on the interface that `l2podAnnouncements.interface` names. */
  'l2-pod-announcements-interface': { '1.18': 0, '1.19': [[0, 5]] },
  /** The Multi-Cluster Services API is switched on in its own section alone. */
  'mcs-api-only-in-section': { '1.20': 0 },
  /** Internal traffic policies are a switch. */
  'internal-traffic-policy-switch': { '1.18': 0 },
  /** The interval of the watcher of unmanaged pods is written with its unit. */
  'unmanaged-pod-interval-unit': { '1.19': 0, '1.20': 0 },
  /** Where the interval was taken away it is 0 seconds, instead of left to the operator. */
  'no-unmanaged-pod-interval-is-zero': { '1.19': 2, '1.20': 0 },
  /** The idle timeout of HTTP streams is told to the agent beside the bootstrap. */
  'http-stream-idle-timeout': { '1.18': 4, '1.19': 0, '1.20': 0 },
  /** Envoy's bootstrap is there in the check before an upgrade, without an Envoy to read it. */
  'envoy-config-in-preflight': { '1.18': [[1, 6]] },
  /** The check before an upgrade mounts Envoy's bootstrap. */
  'preflight-mounts-envoy-config': { '1.18': [[0, 6]] },
  /** The check before an upgrade can look names up beforehand. */
  'preflight-dns-pre-cache': { '1.18': 0, '1.19': 0 },
  /** Envoy's admin socket has a file mode. */
  'envoy-admin-socket-mode': { '1.18': 8, '1.19': 2, '1.20': 0 },
  /** Envoy's bootstrap limits connections to the agent too. */
  'envoy-agent-cluster-limits': { '1.20': 0 },
  /** The Service of Envoy's metrics names its port by number. */
  'envoy-metrics-target-number': { '1.19': 0, '1.20': 0 },
  /** Delays and timeouts of Envoy's probes are values. */
  'envoy-probe-timings': { '1.20': 0 },
  /** Envoy's bootstrap limits connections and requests per cluster. */
  'envoy-cluster-limits': { '1.19': 2, '1.20': 0 },
  /** Health and peer ports are named on the agent and probes refer to the names. */
  'agent-named-ports': { '1.19': 0, '1.20': 0 },
  /** Remote clusters are a list or a map by name, may be switched off one by one, and are sorted by name. */
  'clusters-by-name': { '1.19': 0, '1.20': 0 },
  /** Every ServiceMonitor is labelled as part of Cilium and with its name; before, only those of operator and Envoy. */
  'service-monitor-names': { '1.18': 2, '1.19': 0, '1.20': 0 },
  /** Agents still read Endpoints beside EndpointSlices. */
  'agent-watches-endpoints': { '1.18': 0, '1.19': 0 },
  /** Agents that may read the Secrets of all namespaces follow them instead of fetching one by one. */
  'agent-watches-secrets': { '1.18': 5, '1.19': 0, '1.20': 0 },
  /** Tunnels are made for the family that is on, and not for IPv4 in any case. */
  'underlay-by-family': { '1.20': 0 },
  /** The agent's own capabilities hold SYSLOG: it reads the kernel's log and pointers. */
  'agent-syslog': { '1.19': 0, '1.20': 0 },
  /** Scripts of the init containers are run by bash instead of sh. */
  'bash-in-init-containers': { '1.19': 3, '1.20': 0 },
  /** Pods may read the resource of the first BGP control plane; it went, came back, and went for good. */
  'bgp-peering-policies': { '1.18': 0, '1.19': 4 },
  /** The init container that collects the configuration is confined like the others. */
  'config-init-confined': { '1.19': 0, '1.20': 0 },
  /** The init container that collects the configuration is told the API servers. */
  'config-init-api-servers': { '1.18': 2, '1.19': 0, '1.20': 0 },
  /** With a single ConfigMap as source nothing is collected: the agent mounts it. */
  'config-without-init': { '1.19': 0, '1.20': 0 },
  /** Pods say whether they run in the host's user namespace. */
  'host-users': { '1.20': 0 },
  /** The cgroup init container takes the resources of all init containers when it has none of its own. */
  'mount-cgroup-init-resources': { '1.19': 0, '1.20': 0 },
  /** Access to the Secrets of policies is granted with the agent; before, half of it with the operator. */
  'policy-secrets-role-of-agent': { '1.18': 7, '1.19': 1, '1.20': 0 },
  /** Jobs that make certificates are plain Jobs named by a hash of their content, no longer Helm hooks. */
  'certgen-plain-jobs': { '1.19': 0, '1.20': 0 },
  /** certgen makes a new authority in time, so that it outlives the certificates it signs. */
  'certgen-lasting-authority': { '1.20': 0 },
  /** The operator's preflight install has no access to secrets namespaces, and none of these namespaces is made. */
  'preflight-leaves-secrets-alone': { '1.20': 0 },
  /** The operator reads ServiceAccounts. */
  'operator-reads-service-accounts': { '1.20': 0 },
  /** The operator reads Endpoints beside EndpointSlices, and writes them for ingress and gateways. */
  'operator-uses-endpoints': { '1.18': 0, '1.19': 0 },
  /** The operator may delete all CiliumEndpointSlices at once. */
  'operator-clears-endpoint-slices': { '1.19': 0, '1.20': 0 },
  /** The operator still brings the resource definition of the first BGP control plane. */
  'bgp-peering-policies-defined': { '1.18': 0 },
  /** The operator moves stored BGP resources to their newer version. */
  'bgp-definitions-migrated': { '1.20': 0 },
  /** Plugins in the datapath, as resources of their own. */
  'datapath-plugins': { '1.20': 0 },
  /** The operator's health port has a name and is declared. */
  'operator-health-port': { '1.19': 0, '1.20': 0 },
  /** The operator's health port is a port of the node even off the host's network. */
  'operator-health-host-port': { '1.19': [[0, 4]] },
  /** What the operator makes for a Service or an Ingress may block the deletion of its owner. */
  'owner-finalizers': { '1.18': 7, '1.19': 0, '1.20': 0 },
  /** The Services of ingress and gateways have EndpointSlices as placeholders, not Endpoints. */
  'l7-endpoint-slices': { '1.19': 0, '1.20': 0 },
  /** The placeholder of the ingress Service names its Service and says that it is ready. */
  'ingress-endpoint-slice-labelled': { '1.19': 5, '1.20': 0 },
  /** A ValidatingAdmissionPolicy keeps gateways away that the controller could not serve. */
  'gateway-admission-policy': { '1.20': 0 },
  /** A route of a gateway is judged by the kinds of the listeners that it means, not by those of all. */
  'gateway-kinds-by-listener': { '1.19': 0, '1.20': 0 },
  /** Gateways take TCP and UDP routes, TLS policies for backends and further listeners from other resources. */
  'gateway-listener-sets': { '1.20': 0 },
  /** Secrets that a second run would make differently say so. */
  'non-idempotent-secrets': { '1.19': 0, '1.20': 0 },
  /** Flow export can aggregate flows. */
  'hubble-export-aggregation': { '1.19': 0, '1.20': 0 },
  /** The relay has a writable folder for temporary files. */
  'hubble-relay-tmp-volume': { '1.20': 0 },
  /** The user interface's folder for temporary files is limited in size. */
  'hubble-ui-limited-tmp-volume': { '1.20': 0 },
  /** Probes of the user interface refer to its port by name. */
  'hubble-ui-named-port': { '1.19': 0, '1.20': 0 },
  /** The user interface may read network policies and all of Cilium's resources. */
  'hubble-ui-reads-policies': { '1.18': 0 },
  /** The user interface may read endpoints. */
  'hubble-ui-reads-endpoints': { '1.18': 0, '1.19': 0 },
  /** The operator does without an Azure application of its own. */
  'azure-client-optional': { '1.19': 0, '1.20': 0 },
  /** The etcd of the mesh listens on all addresses instead of that of its pod. */
  'mesh-etcd-on-all-addresses': { '1.18': 5, '1.19': 0, '1.20': 0 },
  /** The etcd of the mesh speaks gRPC alone. */
  'mesh-etcd-without-gateway': { '1.19': 0, '1.20': 0 },
  /** How often the mesh asks its store is a value. */
  'mesh-etcd-rates': { '1.20': 0 },
  /** KVStoreMesh trusts the bundle of authorities, too. */
  'mesh-trusts-bundle': { '1.18': 5, '1.19': 0, '1.20': 0 },
  /** KVStoreMesh forgets clusters that it cannot reach after a while. */
  'mesh-cache-ttl': { '1.19': 0, '1.20': 0 },
  /** Whether namespaces are shared with the mesh unless they say otherwise is a value. */
  'mesh-global-namespaces': { '1.20': 0 },
  /** Users are made of remote clusters only when the mesh is configured here. */
  'mesh-users-of-config': { '1.19': 0, '1.20': 0 },
  /** The API server of the mesh reads Endpoints beside EndpointSlices. */
  'mesh-reads-endpoints': { '1.18': 0, '1.19': 0 },
  /** The Job that makes the mesh's certificates runs without privileges on the network of pods. */
  'mesh-certgen-confined': { '1.19': 0, '1.20': 0 },
  /** The Job may also rewrite a certificate that nothing uses any more. */
  'mesh-client-certificate': { '1.18': 0 },
  /** The certificate of the mesh's etcd is made for the name of its Service first. */
  'mesh-server-named-by-service': { '1.20': 0 },
  /** cert-manager's Certificate for the mesh's etcd has labels like all others. */
  'mesh-server-certificate-labels': { '1.19': 4, '1.20': 0 },
  /** Names of remote clusters are resolved by the client's own configuration. */
  'mesh-aliases-in-config': { '1.20': 0 },
  /** The operator may update the resource definitions of shared services, which it brings. */
  'mcs-definitions-updated': { '1.19': 1, '1.20': 0 },
  /** What the operator makes for a shared service may block the deletion of its owner. */
  'mcs-finalizers': { '1.19': 2, '1.20': 0 },
  /** SPIRE's pods declare their health port, and probes refer to it by name. */
  'spire-health-port': { '1.20': 0 },
  /** How long a new pod of the standalone DNS proxy is watched is a value. */
  'standalone-dns-proxy-ready-seconds': { '1.20': 0 },
  /** `k8sServiceHost: auto` is refused where no cluster can be asked, instead of taken for a name. */
  'host-auto-refused': { '1.19': 0, '1.20': 0 },
  /** A given egress address may be IPv6, and that of the other family is chosen beside it. */
  'egress-addresses-of-both-families': { '1.20': 0 },
  /** A pattern of a DNS name that begins with `**.` stands for one or more labels, and not for one. */
  'patterns-of-several-labels': { '1.19': 0, '1.20': 0 },
  /** A Service's ports may go through different listeners of Envoy; before, one listener took them all. */
  'envoy-listeners-by-port': { '1.19': 0, '1.20': 0 },
  /** Announced addresses may be IPv6. */
  'l2-announces-ipv6': { '1.19': 0, '1.20': 0 },
  /** Where traffic is to stay on its node, only nodes with a pod of the Service announce it; the placeholders of gateways are on none. */
  'l2-announces-from-backends': { '1.20': 2 },
  /** Labels of regions and zones, which pods get from their nodes, make no identity. */
  'topology-labels-ignored': { '1.18': 7, '1.19': 0, '1.20': 0 },
  /** A `!` before a name or pattern leaves devices out. */
  'devices-left-out': { '1.19': 0, '1.20': 0 },
  /** ztunnel's pods come with the chart; before, the operator made them. */
  'ztunnel-daemon-set': { '1.19': 2, '1.20': 0 },
} as const satisfies Readonly<
  Record<string, Readonly<Record<string, number | readonly (readonly [number, number?])[]>>>
>;

export type VersionFeature = keyof typeof VERSION_FEATURES;

/** The minors of Kubernetes 1 that each Cilium minor is tested with, the oldest and the newest. */
const TESTED_KUBERNETES: Readonly<Record<string, readonly [oldest: number, newest: number]>> = {
  '1.18': [30, 33],
  '1.19': [32, 35],
  '1.20': [33, 36],
};

/** The minors of Kubernetes 1 that a Cilium release is tested with: `{ oldest: 30, newest: 33 }`; `undefined` for a release that is not known. */
export function testedKubernetes(version: string): { readonly oldest: number; readonly newest: number } | undefined {
  const [oldest, newest] = TESTED_KUBERNETES[version.split('.', 2).join('.')] ?? [];
  return oldest === undefined || newest === undefined ? undefined : { oldest, newest };
}

/** Answers `has(feature)` for one version, `1.18.4`. */
export function versionFeatures(version: string): (feature: VersionFeature) => boolean {
  const [major, minor, patch] = version.split('.');
  const key = `${major}.${minor}`;
  const at = Number.parseInt(patch ?? '0', 10);
  return (feature) => {
    const since: number | readonly (readonly [number, number?])[] | undefined = (
      VERSION_FEATURES[feature] as Readonly<Record<string, number | readonly (readonly [number, number?])[]>>
    )[key];
    if (since === undefined) return false;
    if (typeof since === 'number') return at >= since;
    return since.some(([first, end]) => at >= first && (end === undefined || at < end));
  };
}
