import type { Context } from '../context';
import type { Feature } from '../feature';
import type { Contributor } from '../merge';
import { apiRateLimit } from './api-rate-limit';
import { bandwidth } from './bandwidth';
import { bgp } from './bgp';
import { bigTcp } from './big-tcp';
import { bpfDatapath } from './bpf-datapath';
import { bpfMaps } from './bpf-maps';
import { cleanState } from './clean-state';
import { cloudAlibaba } from './cloud-alibaba';
import { cloudAzure } from './cloud-azure';
import { cloudEni } from './cloud-eni';
import { cluster } from './cluster';
import { clusterMesh } from './cluster-mesh';
import { clusterMeshConfig } from './cluster-mesh-config';
import { cni } from './cni';
import { connectivityProbes } from './connectivity-probes';
import { conntrack } from './conntrack';
import { customCalls } from './custom-calls';
import { dashboards } from './dashboards';
import { datapathPlugins } from './datapath-plugins';
import { debug } from './debug';
import { devices } from './devices';
import { dnsProxy } from './dns-proxy';
import { driftDetection } from './drift-detection';
import { egressGateway } from './egress-gateway';
import { encryption } from './encryption';
import { endpointSlices } from './endpoint-slices';
import { endpoints } from './endpoints';
import { envoy } from './envoy';
import { envoyConfig } from './envoy-config';
import { etcd } from './etcd';
import { extraConfigKeys } from './extra-config';
import { gatewayApi } from './gateway-api';
import { health } from './health';
import { hostFirewall } from './host-firewall';
import { hostPaths } from './host-paths';
import { hostPorts } from './host-ports';
import { hubble } from './hubble';
import { hubbleDropEvents } from './hubble-drop-events';
import { hubbleDynamicMetrics } from './hubble-dynamic-metrics';
import { hubbleExport } from './hubble-export';
import { hubbleMetrics } from './hubble-metrics';
import { hubbleMetricsService } from './hubble-metrics-service';
import { hubbleRedact } from './hubble-redact';
import { hubbleTls } from './hubble-tls';
import { identity } from './identity';
import { ingress } from './ingress';
import { ipFamilies } from './ip-families';
import { ipMasq } from './ip-masq';
import { ipam } from './ipam';
import { iptables } from './iptables';
import { k8sClient } from './k8s-client';
import { kubeProxyReplacement } from './kube-proxy-replacement';
import { kubespan } from './kubespan';
import { kubespanMesh } from './kubespan-mesh';
import { l2Announcements } from './l2-announcements';
import { l7LoadBalancer } from './l7-load-balancer';
import { l7Proxy } from './l7-proxy';
import { loadBalancer } from './load-balancer';
import { loadBalancerIpam } from './load-balancer-ipam';
import { localRedirect } from './local-redirect';
import { masquerade } from './masquerade';
import { metrics } from './metrics';
import { monitor } from './monitor';
import { mutualAuth } from './mutual-auth';
import { natStatistics } from './nat-statistics';
import { nat46x64 } from './nat46x64';
import { nativeRouting } from './native-routing';
import { nodeInit } from './node-init';
import { nodePort } from './node-port';
import { nodeTaints } from './node-taints';
import { nodes } from './nodes';
import { operatorApi } from './operator-api';
import { operatorConfig } from './operator-config';
import { pathMtu } from './path-mtu';
import { podIPPools } from './pod-ip-pools';
import { policy } from './policy';
import { policySecrets } from './policy-secrets';
import { pprof } from './pprof';
import { resourceQuotas } from './resource-quotas';
import { routing } from './routing';
import { sctp } from './sctp';
import { secretsNamespaces } from './secrets-namespaces';
import { socketLb } from './socket-lb';
import { sourceIPVerification } from './source-ip-verification';
import { talos } from './talos';
import { talosAddresses } from './talos-addresses';
import { talosApiServer } from './talos-api-server';
import { talosCapabilities } from './talos-capabilities';
import { talosDns } from './talos-dns';
import { talosLinks } from './talos-links';
import { talosNodes } from './talos-nodes';
import { talosPorts } from './talos-ports';
import { tls } from './tls';
import { unmanagedPods } from './unmanaged-pods';
import { vtep } from './vtep';

export { extraConfig } from './extra-config';

/** All features; their order is irrelevant. */
export const FEATURES: readonly Feature[] = [
  apiRateLimit,
  bandwidth,
  bgp,
  bigTcp,
  bpfDatapath,
  bpfMaps,
  cleanState,
  cloudAlibaba,
  cloudAzure,
  cloudEni,
  cluster,
  clusterMesh,
  clusterMeshConfig,
  cni,
  connectivityProbes,
  conntrack,
  customCalls,
  dashboards,
  datapathPlugins,
  debug,
  devices,
  dnsProxy,
  driftDetection,
  egressGateway,
  encryption,
  endpointSlices,
  endpoints,
  envoy,
  envoyConfig,
  etcd,
  extraConfigKeys,
  gatewayApi,
  health,
  hostFirewall,
  hostPaths,
  hostPorts,
  hubble,
  hubbleDropEvents,
  hubbleDynamicMetrics,
  hubbleExport,
  hubbleMetrics,
  hubbleMetricsService,
  hubbleRedact,
  hubbleTls,
  identity,
  ingress,
  ipFamilies,
  ipMasq,
  ipam,
  iptables,
  k8sClient,
  kubeProxyReplacement,
  kubespan,
  kubespanMesh,
  l2Announcements,
  l7LoadBalancer,
  l7Proxy,
  loadBalancer,
  loadBalancerIpam,
  localRedirect,
  masquerade,
  metrics,
  monitor,
  mutualAuth,
  natStatistics,
  nat46x64,
  nativeRouting,
  nodeInit,
  nodePort,
  nodeTaints,
  nodes,
  operatorApi,
  operatorConfig,
  pathMtu,
  podIPPools,
  policy,
  policySecrets,
  pprof,
  resourceQuotas,
  routing,
  sctp,
  secretsNamespaces,
  socketLb,
  sourceIPVerification,
  talos,
  talosAddresses,
  talosApiServer,
  talosCapabilities,
  talosDns,
  talosLinks,
  talosNodes,
  talosPorts,
  tls,
  unmanagedPods,
  vtep,
];

const contributors = new WeakMap<Context, readonly Contributor[]>();

/** What the features contribute to a rendering: made once, for the objects and for the rules over `cilium-config`. */
export function contributorsOf(ctx: Context): readonly Contributor[] {
  const known = contributors.get(ctx);
  if (known !== undefined) return known;
  const made = FEATURES.map(({ name, contribute }) => ({ name, contribution: contribute(ctx) }));
  contributors.set(ctx, made);
  return made;
}
