/**
 * Behaviours that were added or removed by a Cilium release and that no value distinguishes (a value that a version does not
 * know is absent, and so is its key). Per minor the first patch that has it, or a list of
 * `[first, end)` ranges where it was removed again. A minor that is not listed does not have it.
 * Cilium versions appear here, and in known faults for what upstream mends.
 */
const VERSION_FEATURES = {
  /** Objects and pods carry the name and version of the chart as a label. */
  'chart-label': { '1.20': 0 },
  /** Without a value, kube-proxy replacement is that of the release in `upgradeCompatibility`: `probe` or `disabled`. */
  'kube-proxy-replacement-words': { '1.18': 0 },
  /** BIG TCP works in tunnels, where the kernel supports it. */
  'big-tcp-in-tunnels': { '1.19': 0, '1.20': 0 },
  /** The agent refuses netkit devices without BPF host routing. */
  'netkit-needs-host-routing': { '1.20': 0 },
  /** ztunnel is one of the kinds of encryption. */
  'ztunnel-encryption': { '1.19': 0, '1.20': 0 },
  /** IPsec may be bound to one interface. */
  'ipsec-interface': { '1.18': 0, '1.19': 0 },
  /** Strict encryption is set by direction. */
  'strict-mode-by-direction': { '1.19': 0, '1.20': 0 },
  /** The host firewall's key is written even when it is off. */
  'host-firewall-written-when-off': { '1.19': 6, '1.20': 0 },
  /** Gateway API has weights for backends of TCP and UDP routes, which need load balancing outside pods' sockets. */
  'gateway-weights': { '1.20': 0 },
  /** The BPF transparent proxy is refused together with netkit devices. */
  'tproxy-without-netkit': { '1.19': 0, '1.20': 0 },
  /** The IPAM mode `eni` alone does not enable ENI, and is refused. */
  'eni-mode-needs-eni': { '1.20': 0 },
  /** Without a routing mode, ENI routes natively. */
  'eni-routes-natively': { '1.19': 0, '1.20': 0 },
  /** ENI implies the IPAM mode `eni`, whatever the value. */
  'eni-forces-ipam-mode': { '1.19': 0, '1.20': 0 },
  /** Envoy uses one aggregated stream (ADS) to the agent instead of one stream per resource type. */
  'envoy-ads': { '1.20': 0 },
  /** On AKS with BYOCNI the IPAM mode may be `multi-pool` too. */
  'aksbyocni-multi-pool': { '1.19': 0, '1.20': 0 },
  /** Pools of `multi-pool` have a setting for allocating their first and last address. */
  'pod-pool-edge-addresses': { '1.20': 0 },
  /** A BGP session can have the address of a link as its source: `transport.sourceInterface` of CiliumBGPPeerConfig. */
  'bgp-source-interface': { '1.19': 0, '1.20': 0 },
  /** Reading EndpointSlices is a switch. */
  'endpoint-slice-switch': { '1.18': 0 },
  /** Pods are announced on the interface in `l2podAnnouncements.interface`. */
  'l2-pod-announcements-interface': { '1.18': 0, '1.19': [[0, 5]] },
  /** The Multi-Cluster Services API is enabled in its own section only. */
  'mcs-api-only-in-section': { '1.20': 0 },
  /** Internal traffic policies are a switch. */
  'internal-traffic-policy-switch': { '1.18': 0 },
  /** The interval of the watcher of unmanaged pods is written with its unit. */
  'unmanaged-pod-interval-unit': { '1.19': 0, '1.20': 0 },
  /** A removed interval is 0 seconds, instead of the operator's default. */
  'no-unmanaged-pod-interval-is-zero': { '1.19': 2, '1.20': 0 },
  /** The idle timeout of HTTP streams is set in the agent, too. */
  'http-stream-idle-timeout': { '1.18': 4, '1.19': 0, '1.20': 0 },
  /** The preflight check has Envoy's bootstrap, without an Envoy to read it. */
  'envoy-config-in-preflight': { '1.18': [[1, 6]] },
  /** The preflight check mounts Envoy's bootstrap. */
  'preflight-mounts-envoy-config': { '1.18': [[0, 6]] },
  /** The preflight check can resolve DNS names. */
  'preflight-dns-pre-cache': { '1.18': 0, '1.19': 0 },
  /** Envoy's admin socket has a file mode. */
  'envoy-admin-socket-mode': { '1.18': 8, '1.19': 2, '1.20': 0 },
  /** Envoy's bootstrap limits connections to the agent too. */
  'envoy-agent-cluster-limits': { '1.20': 0 },
  /** The Service of Envoy's metrics has a numeric target port. */
  'envoy-metrics-target-number': { '1.19': 0, '1.20': 0 },
  /** Delays and timeouts of Envoy's probes are values. */
  'envoy-probe-timings': { '1.20': 0 },
  /** Envoy's bootstrap limits connections and requests per cluster. */
  'envoy-cluster-limits': { '1.19': 2, '1.20': 0 },
  /** Health and peer ports of the agent have names, and probes refer to them. */
  'agent-named-ports': { '1.19': 0, '1.20': 0 },
  /** Remote clusters are a list or a map by name, may be disabled one by one, and are sorted by name. */
  'clusters-by-name': { '1.19': 0, '1.20': 0 },
  /** Every ServiceMonitor is labelled as part of Cilium and with its name; before, only those of operator and Envoy. */
  'service-monitor-names': { '1.18': 2, '1.19': 0, '1.20': 0 },
  /** Agents still read Endpoints in addition to EndpointSlices. */
  'agent-watches-endpoints': { '1.18': 0, '1.19': 0 },
  /** Agents that may read the Secrets of all namespaces follow them instead of fetching one by one. */
  'agent-watches-secrets': { '1.18': 5, '1.19': 0, '1.20': 0 },
  /** Tunnels use the enabled address family, instead of always IPv4. */
  'underlay-by-family': { '1.20': 0 },
  /** The agent's capabilities include SYSLOG: it reads the kernel's log and pointers. */
  'agent-syslog': { '1.19': 0, '1.20': 0 },
  /** Scripts of the init containers are run by bash instead of sh. */
  'bash-in-init-containers': { '1.19': 3, '1.20': 0 },
  /** Pods may read the resource of the first BGP control plane; it was removed, restored and removed again. */
  'bgp-peering-policies': { '1.18': 0, '1.19': 4 },
  /** The init container that collects the configuration is confined like the others. */
  'config-init-confined': { '1.19': 0, '1.20': 0 },
  /** The init container that collects the configuration gets the API servers. */
  'config-init-api-servers': { '1.18': 2, '1.19': 0, '1.20': 0 },
  /** With a single ConfigMap as source nothing is collected: the agent mounts it. */
  'config-without-init': { '1.19': 0, '1.20': 0 },
  /** Pods set whether they run in the host's user namespace. */
  'host-users': { '1.20': 0 },
  /** The cgroup init container uses the resources of all init containers when it has none. */
  'mount-cgroup-init-resources': { '1.19': 0, '1.20': 0 },
  /** Access to the Secrets of policies depends on the agent; before, half of it on the operator. */
  'policy-secrets-role-of-agent': { '1.18': 7, '1.19': 1, '1.20': 0 },
  /** certgen Jobs are plain Jobs named by a hash of their content, no longer Helm hooks. */
  'certgen-plain-jobs': { '1.19': 0, '1.20': 0 },
  /** certgen renews its CA in time, so that it outlives the certificates it signs. */
  'certgen-lasting-authority': { '1.20': 0 },
  /** The preflight operator has no access to secrets namespaces, and none of these namespaces is rendered. */
  'preflight-leaves-secrets-alone': { '1.20': 0 },
  /** The operator reads ServiceAccounts. */
  'operator-reads-service-accounts': { '1.20': 0 },
  /** The operator reads Endpoints in addition to EndpointSlices, and writes them for ingress and gateways. */
  'operator-uses-endpoints': { '1.18': 0, '1.19': 0 },
  /** The operator may delete all CiliumEndpointSlices at once. */
  'operator-clears-endpoint-slices': { '1.19': 0, '1.20': 0 },
  /** The operator still installs the CRD of the first BGP control plane. */
  'bgp-peering-policies-defined': { '1.18': 0 },
  /** The operator moves stored BGP resources to their newer version. */
  'bgp-definitions-migrated': { '1.20': 0 },
  /** Plugins in the datapath, as custom resources. */
  'datapath-plugins': { '1.20': 0 },
  /** The operator's health port has a name and is declared. */
  'operator-health-port': { '1.19': 0, '1.20': 0 },
  /** The operator's health port is a host port even outside the host network. */
  'operator-health-host-port': { '1.19': [[0, 4]] },
  /** Objects of the operator for a Service or an Ingress may block the deletion of their owner. */
  'owner-finalizers': { '1.18': 7, '1.19': 0, '1.20': 0 },
  /** The Services of ingress and gateways have EndpointSlices as placeholders, not Endpoints. */
  'l7-endpoint-slices': { '1.19': 0, '1.20': 0 },
  /** The placeholder of the ingress Service has the label of its Service and is ready. */
  'ingress-endpoint-slice-labelled': { '1.19': 5, '1.20': 0 },
  /** A ValidatingAdmissionPolicy rejects gateways that the controller could not serve. */
  'gateway-admission-policy': { '1.20': 0 },
  /** A route is checked against the allowed kinds of its listeners, not of all listeners. */
  'gateway-kinds-by-listener': { '1.19': 0, '1.20': 0 },
  /** Listeners of one port with overlapping hostnames, one of which passes TLS through, are conflicted; before, Envoy used the longer name. */
  'gateway-refuses-overlaps': { '1.19': 6, '1.20': 0 },
  /** Gateways support TCP and UDP routes, BackendTLSPolicies and ListenerSets. */
  'gateway-listener-sets': { '1.20': 0 },
  /** A listener that lists no kinds of routes accepts those of its protocol, whatever other listeners list. */
  'gateway-kinds-optional': { '1.19': 7, '1.20': 2 },
  /** A gateway compares the hostname of a BackendTLSPolicy with the certificate of the backend. */
  'backend-tls-hostname': { '1.20': 2 },
  /** A GRPCRoute may have a Service as parent. */
  'grpc-routes-of-services': { '1.19': 0, '1.20': 0 },
  /** The operator reads ReferenceGrants as v1, which every bundle that it supports serves. */
  'reference-grant-v1': { '1.20': 0 },
  /** Gateways without a load balancer, of type NodePort or on the host network, get the addresses of nodes; before, none. */
  'gateway-node-addresses': { '1.18': 12, '1.19': 6, '1.20': 0 },
  /** A gateway without an address is not programmed. */
  'gateway-programmed-with-address': { '1.18': 3, '1.19': 0, '1.20': 0 },
  /** A gateway with parameters of its own is not accepted; before, they are ignored. */
  'gateway-parameters-refused': { '1.20': 0 },
  /** The operator skips what it cannot serve of a dedicated Ingress; before, it ends with a panic when it logs that. */
  'ingress-skips-rules': { '1.19': 4, '1.20': 0 },
  /** The Service of a dedicated Ingress has a shortened name where it would be too long; before, the API server rejects it. */
  'ingress-names-shortened': { '1.20': 0 },
  /** The Service of a dedicated Ingress gets addresses of both families. */
  'ingress-dual-stack': { '1.18': 3, '1.19': 0, '1.20': 0 },
  /** Secrets with random content have an annotation. */
  'non-idempotent-secrets': { '1.19': 0, '1.20': 0 },
  /** Flow export can aggregate flows. */
  'hubble-export-aggregation': { '1.19': 0, '1.20': 0 },
  /** The relay has a writable directory for temporary files. */
  'hubble-relay-tmp-volume': { '1.20': 0 },
  /** Hubble UI's directory for temporary files has a size limit. */
  'hubble-ui-limited-tmp-volume': { '1.20': 0 },
  /** Hubble UI's probes refer to its port by name. */
  'hubble-ui-named-port': { '1.19': 0, '1.20': 0 },
  /** Hubble UI may read network policies and all of Cilium's resources. */
  'hubble-ui-reads-policies': { '1.18': 0 },
  /** Hubble UI may read endpoints. */
  'hubble-ui-reads-endpoints': { '1.18': 0, '1.19': 0 },
  /** The operator does not need an Azure application. */
  'azure-client-optional': { '1.19': 0, '1.20': 0 },
  /** The etcd of the mesh listens on all addresses instead of that of its pod. */
  'mesh-etcd-on-all-addresses': { '1.18': 5, '1.19': 0, '1.20': 0 },
  /** The etcd of the mesh serves only gRPC. */
  'mesh-etcd-without-gateway': { '1.19': 0, '1.20': 0 },
  /** The request rate of the mesh's etcd client is a value. */
  'mesh-etcd-rates': { '1.20': 0 },
  /** KVStoreMesh trusts the CA bundle, too. */
  'mesh-trusts-bundle': { '1.18': 5, '1.19': 0, '1.20': 0 },
  /** KVStoreMesh has a TTL for the cache of unreachable clusters. */
  'mesh-cache-ttl': { '1.19': 0, '1.20': 0 },
  /** Whether namespaces are global by default is a value. */
  'mesh-global-namespaces': { '1.20': 0 },
  /** Users of remote clusters are rendered only when the values configure the mesh. */
  'mesh-users-of-config': { '1.19': 0, '1.20': 0 },
  /** The clustermesh-apiserver reads Endpoints in addition to EndpointSlices. */
  'mesh-reads-endpoints': { '1.18': 0, '1.19': 0 },
  /** The mesh's certgen Job runs unprivileged on the pod network. */
  'mesh-certgen-confined': { '1.19': 0, '1.20': 0 },
  /** The Job may also update a certificate that is no longer used. */
  'mesh-client-certificate': { '1.18': 0 },
  /** The certificate of the mesh's etcd has the name of its Service first. */
  'mesh-server-named-by-service': { '1.20': 0 },
  /** cert-manager's Certificate for the mesh's etcd has labels like all others. */
  'mesh-server-certificate-labels': { '1.19': 4, '1.20': 0 },
  /** The client configuration resolves names of remote clusters. */
  'mesh-aliases-in-config': { '1.20': 0 },
  /** The operator may update the CRDs of multi-cluster services, which it installs. */
  'mcs-definitions-updated': { '1.19': 1, '1.20': 0 },
  /** Objects of the operator for a multi-cluster service may block the deletion of their owner. */
  'mcs-finalizers': { '1.19': 2, '1.20': 0 },
  /** SPIRE's pods declare their health port, and probes refer to it by name. */
  'spire-health-port': { '1.20': 0 },
  /** minReadySeconds of the standalone DNS proxy is a value. */
  'standalone-dns-proxy-ready-seconds': { '1.20': 0 },
  /** `k8sServiceHost: auto` is refused without a running cluster, instead of used as a host name. */
  'host-auto-refused': { '1.19': 0, '1.20': 0 },
  /** An egress IP may be IPv6, and that of the other family is chosen in addition. */
  'egress-addresses-of-both-families': { '1.20': 0 },
  /** A DNS name pattern that begins with `**.` matches one or more labels, instead of one. */
  'patterns-of-several-labels': { '1.19': 0, '1.20': 0 },
  /** A Service's ports may use different listeners of Envoy; before, one listener got them all. */
  'envoy-listeners-by-port': { '1.19': 0, '1.20': 0 },
  /** What comes to an address of LB IPAM on ports of no Service is dropped. */
  'wildcard-service-entries': { '1.19': 0, '1.20': 0 },
  /** Announced addresses may be IPv6. */
  'l2-announces-ipv6': { '1.19': 0, '1.20': 0 },
  /** With externalTrafficPolicy Local, only nodes with a pod of the Service announce it; the placeholders of gateways are on none. */
  'l2-announces-from-backends': { '1.20': 2 },
  /** Topology labels, which pods get from their nodes, are not part of identities. */
  'topology-labels-ignored': { '1.18': 7, '1.19': 0, '1.20': 0 },
  /** A leading `!` of a name or pattern excludes devices. */
  'devices-left-out': { '1.19': 0, '1.20': 0 },
  /** The chart renders ztunnel's DaemonSet; before, the operator created it. */
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

/** The minors of Kubernetes 1 that a Cilium release is tested with: `{ oldest: 30, newest: 33 }`; `undefined` for an unknown release. */
export function testedKubernetes(version: string): { readonly oldest: number; readonly newest: number } | undefined {
  const [oldest, newest] = TESTED_KUBERNETES[version.split('.', 2).join('.')] ?? [];
  return oldest === undefined || newest === undefined ? undefined : { oldest, newest };
}

/** `has(feature)` for one version, `1.18.4`. */
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
