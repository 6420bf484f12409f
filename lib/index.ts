// The whole public surface.

// Cilium
export { Cilium } from './cilium/cilium';
export type { CiliumProps } from './cilium/cilium';
export { renderCilium } from './cilium/render';
export type { Rendered, RenderInput } from './cilium/render';
export { loadValues } from './cilium/load-values';
export type { LoadOptions } from './cilium/load-values';
export type { Explanation } from './cilium/explain';
export type {
  ChartValues,
  CiliumValues,
  CiliumValues118,
  CiliumValues119,
  CiliumValues120,
  CiliumVersion,
  CommonValues,
  ValuesOf,
} from '../imports/cilium-chart';

// The contract of features, for your own
export { allow } from './cilium/feature';
export type { ConfigValue, Contribution, Feature, Permission, PodParts } from './cilium/feature';
export type { Check, CheckExample } from './cilium/check';
export type { Context, DashboardFiles, Dashboards, Kube, KubeSpanFacts, TalosFacts } from './cilium/context';
export type { Facts } from './cilium/facts';
export type { VersionFeature } from './cilium/version-features';
export { decided, given, or, whenGiven } from './helm/truth';

// Findings
export { CiliumError, describeFinding } from './findings';
export type { Finding } from './findings';

// Talos
export { TalosCluster } from './talos/cluster';
export type {
  DeviceSelectorProps,
  DiscoveryProps,
  HostDNSProps,
  KernelModuleProps,
  KubePrismProps,
  KubeSpanFilters,
  KubeSpanProps,
  NodeProps,
  PodSecurityProps,
  TalosClusterProps,
  VirtualIPProps,
} from './talos/cluster-props';
export type { PodSecurityLevel } from './kubernetes/namespaces';
export { CONFIG_SECTIONS } from './talos/sections';
export type { ConfigSection } from './talos/sections';
export type { GeneratedBy, TalosMinor, TalosVersion } from './talos/versions';
export { TalosPatch } from './talos/patch';
export type { CiliumOnTalos, TalosManifest, TalosPatchProps } from './talos/patch';
export { describeCommands } from './talos/commands';
export type { Command, CommandNode, CommandsProps, TalosCommands } from './talos/commands';
export { describeMigration } from './talos/commands/migration';
export type { Migration, MigrationProps, MigrationStep } from './talos/commands/migration';
export type { OmniProps } from './talos/omni';
export type { SizeTarget } from './talos/size-checks';
export { renderTalosPatch } from './talos/render';
export type { RenderedTalosPatch, TalosOutputReport, TalosPatchInput } from './talos/render';
export type { ExternalManifest } from './talos/setting';
export { kubeSpanValues, talosValues } from './talos/values';
export { gatewayApiManifest } from './gateway-api/manifest';
export type { GatewayApiManifestOptions } from './gateway-api/manifest';
export type { GatewayApiChannel } from './gateway-api/bundles';

// Constructs around Cilium
export { KubeSpanRoutes } from './kubespan/routes';
export type { KubeSpanRoutesProps, RoutedCluster } from './kubespan/settings';
export type { CiliumChoice, CiliumReference } from './cilium/reference';
export { L2AnnouncementPolicy, LoadBalancerIPPool, LocalRedirectPolicy } from './load-balancer/constructs';
export type { LoadBalancerIPPoolProps } from './load-balancer/ip-pool';
export type { PoolBlock } from './load-balancer/ranges';
export type { L2AnnouncementPolicyProps } from './load-balancer/l2-announcement-policy';
export type {
  LocalRedirectPolicyProps,
  LocalRedirectPort,
  LocalRedirectService,
  NodeLocalDnsProps,
} from './load-balancer/local-redirect';

// For those who leave the installing to Flux or Helm
export { HelmRelease } from './gitops/constructs';
export type { HelmInstallProps, HelmRemediationProps, HelmUpgradeProps } from './gitops/actions';
export type { HelmReleaseProps, ReleasedCilium } from './gitops/helm-release';
export { helmReleaseValues } from './gitops/release-values';
export type { ValuedCilium } from './gitops/release-values';
export type { HelmReleaseName } from './helm/ownership';

// Custom resources
export { CustomResource } from './custom-resource/construct';
export type { ClusterResourceProps, ResourceProps } from './custom-resource/resource';
export { BgpAdvertisement, BgpCluster, BgpNodeOverride, BgpPeer } from './bgp/constructs';
export type { BgpAdvertisementProps, BgpRoutes } from './bgp/advertisement';
export type { BgpClusterPeer, BgpClusterProps, BgpInstance } from './bgp/cluster';
export type { BgpNodeOverrideProps } from './bgp/node-override';
export type { BgpFamily, BgpPeerProps, BgpSecret } from './bgp/peer';
export type { BgpReference } from './bgp/references';
export { EgressGatewayPolicy } from './egress/constructs';
export type { EgressGatewayPolicyProps, EgressSelector } from './egress/egress-gateway-policy';
export { ClusterwideEnvoyConfig, EnvoyConfig } from './envoy/constructs';
export type {
  ClusterwideEnvoyConfigProps,
  EnvoyBackendService,
  EnvoyConfigProps,
  EnvoyService,
} from './envoy/envoy-config';
export type { EnvoyResource, EnvoyType } from './envoy/resources';
export { Gateway, GatewayClass, GatewayClassConfig, HTTPRoute } from './gateway-api/constructs';
export type { ListenerReference } from './gateway-api/constructs';
export type { GatewayListener, GatewayListenerTls, GatewayProps } from './gateway-api/gateway';
export type { GatewayClassProps } from './gateway-api/gateway-class';
export type { GatewayClassConfigProps } from './gateway-api/gateway-class-config';
export type { HTTPRouteExternalAuth, HTTPRouteFilter, HTTPRouteRetry } from './gateway-api/experimental';
export type { HTTPRouteProps, HTTPRouteRule } from './gateway-api/http-route';
export { NodeConfig, PodIPPool } from './nodes/constructs';
export type { NodeConfigProps } from './nodes/node-config';
export type { PodIPPoolProps, PodPoolFamily } from './nodes/pod-ip-pool';
export { CidrGroup, ClusterwideNetworkPolicy, HostFirewall, NetworkPolicy } from './policy/constructs';
export type { CidrGroupProps } from './policy/cidr-group';
export type { HostFirewallProps } from './policy/host-firewall';
export type { ClusterwideNetworkPolicyProps, NetworkPolicyProps } from './policy/network-policy';
export type {
  CidrRule,
  DnsName,
  EgressDenyRule,
  EgressRule,
  IngressDenyRule,
  IngressRule,
  L7Rules,
  PolicyBody,
  PolicyPort,
  PolicyRules,
  PortDenyRule,
  PortRule,
} from './policy/rules';
// What a program of your own names when it writes a part of a resource by itself
export type {
  CiliumEgressGatewayPolicyEgressGateway,
  CiliumNetworkPolicyHttp,
  CiliumNetworkPolicyPort,
  CiliumNetworkPolicyToFQDN,
} from '../imports/cilium.io';
export type {
  GatewayAddress,
  GatewayAllowedRoutes,
  GatewayCertificateRef,
  HTTPRouteMatch,
  HTTPRouteParentRef,
  HTTPRouteRuleBackendRef,
} from '../imports/gateway.networking.k8s.io';
export { ExampleWorkload } from './demo/example-workload';
export type { CiliumLoadBalancerClass, ExampleWorkloadProps } from './demo/settings';

// Writing
export { describeSynthesis } from './app/describe';
export type { Synthesis, WrittenFile } from './app/describe';
export type { PlacedFinding } from './app/problems';
export { synthesize } from './app/synthesize';
export type { SynthesisOptions } from './app/synthesize';
export { reportOf } from './kubernetes/sizes';
export type { TextReport } from './kubernetes/sizes';
export { writeDocuments, writeYaml } from './kubernetes/write';

// Comparing
export { changesBetween, describeChanges } from './kubernetes/changes';
export type { FieldChange, ObjectChange } from './kubernetes/changes';

// Shapes
export type {
  Affinity,
  PodSecurityContext,
  ResourceRequirements,
  SecurityContext,
  Toleration,
  TopologySpreadConstraint,
} from '../imports/kubernetes';
export type { Json, JsonObject } from './kubernetes/json';
export type { LabelExpression, LabelSelector } from './kubernetes/selector';
export type {
  Container,
  ContainerPort,
  EnvVar,
  KubernetesObject,
  ObjectMeta,
  PolicyRule,
  Volume,
  VolumeMount,
} from './kubernetes/types';
