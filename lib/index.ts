// The whole public surface.
import { judgeServices } from './resources/load-balancer/in-app';
import { judgeObjects } from './resources/objects/in-app';

// Apps and constructs know no kinds: this is where plain objects and the Services of clusters get their rules.
judgeObjects();
judgeServices();

// Cilium
export { Cilium } from './cilium/cilium';
export type { CiliumProps } from './cilium/cilium';
export type { FromVersionOptions } from './cilium/from-version';
export type { ICilium } from './cilium/reference';
export { renderCilium } from './cilium/render';
export type { Rendered, RenderInput } from './cilium/render';
export { importedRelease } from './cilium/imported-release';
export type { ImportedRelease, ImportedReleaseData } from './cilium/imported-release';
export { loadValues } from './inputs/load-values';
export type { LoadOptions } from './inputs/load-values';
export { adoptManifests } from './adopt/adopt';
export type { Adopted, AdoptLeft, AdoptOptions, ExplainedLine, ExplainedValue } from './adopt/adopt';
export type { PatchOperation } from './adopt/patches';
export type { Explanation } from './cilium/explain';
export type { ValuesLayers } from './cilium/layers';
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
export type { ConfigValue, Contribution, Feature, Permission, PodContribution } from './cilium/feature';
export type { ValuesExample, ValuesRule } from './cilium/values-rule';
export type { Context, DashboardFiles, Dashboards, KubeCapabilities } from './cilium/context';
export type { Facts } from './cilium/facts';
export type { VersionFeature } from './cilium/version-features';
export * as helm from './helm/truth';

// Rules and findings
export { problem } from './rules/rule';
export type { Level, Problem, Rule } from './rules/rule';
export { Findings } from './app/acknowledge';
export type { Acknowledgements } from './rules/acknowledge';
export { CiliumError, describeFinding } from './rules/finding';
export type { Finding } from './rules/finding';

// Talos
export { TalosCluster } from './talos/cluster/cluster';
export type { NodeProps, TalosClusterProps } from './talos/cluster/cluster';
export type { CoreDNSProps } from './talos/cluster/core-dns';
export type { DiscoveryProps } from './talos/cluster/discovery';
export type { KubeSpanFacts, TalosFacts } from './talos/cluster/facts';
export type { HostDNSProps } from './talos/cluster/host-dns';
export type { KernelModuleProps } from './talos/cluster/kernel-modules';
export type { KubePrismProps } from './talos/cluster/kube-prism';
export type { IngressFirewallProps, IngressFirewallRule } from './talos/cluster/ingress-firewall-props';
export type { KubeSpanFilters, KubeSpanProps } from './talos/cluster/kubespan';
export type { NodeIPProps } from './talos/cluster/node-ip';
export type { NodeCounts } from './talos/cluster/node-counts';
export type { PodSecurityProps } from './talos/cluster/pod-security';
export type { DeviceSelectorProps, VirtualIPProps } from './talos/cluster/vip';
export type {
  TalosBgpBfd,
  TalosBgpFabric,
  TalosBgpNeighbor,
  TalosBgpProps,
  TalosBgpWorkload,
} from './talos/cluster/bgp-props';
export type { PodSecurityLevel } from './kubernetes/namespaces';
export { CONFIG_SECTIONS } from './talos/cluster/sections';
export type { ConfigSection } from './talos/cluster/sections';
export type { GeneratedBy, TalosMinor, TalosVersion } from './talos/cluster/versions';
export { TalosPatch } from './talos/talos-patch';
export type { TalosManifest, TalosPatchProps } from './talos/talos-patch';
export { describeCommands } from './talos/commands/describe';
export type { Command, CommandNode, CommandsProps, TalosCommands } from './talos/commands/describe';
export { describeMigration } from './talos/commands/migration';
export type { Migration, MigrationProps, MigrationStep } from './talos/commands/migration';
export { renderTalosPatch } from './talos/patch/render';
export type { OmniProps, SizeTarget, TalosPatchInput } from './talos/patch/input';
export type { PatchedCilium } from './talos/patch/patched-cilium';
export type { RenderedTalosPatch, TalosOutputReport } from './talos/patch/render';
export type { ExternalManifest } from './talos/cluster/setting';
export { kubeSpanValues, talosValues } from './cilium/talos-values';
export { gatewayApiManifest } from './resources/gateway-api/manifest';
export type { GatewayApiManifestOptions } from './resources/gateway-api/manifest';
export type { GatewayApiChannel } from './resources/gateway-api/bundles';

// Constructs around Cilium
export { KubeSpanRoutes } from './kubespan/routes';
export type { KubeSpanRoutesProps } from './kubespan/settings';
export { L2AnnouncementPolicy, LoadBalancerIPPool, LocalRedirectPolicy } from './resources/load-balancer/constructs';
export type {
  L2AnnouncementPolicyProps,
  LoadBalancerIPPoolProps,
  LocalRedirectPolicyProps,
  LocalRedirectPort,
  LocalRedirectService,
  NodeLocalDnsProps,
  PoolBlock,
} from './resources/load-balancer/props';

// For those who leave the installing to Flux or Helm
export { HelmRelease } from './gitops/helm-release';
export type { HelmInstallProps, HelmRemediationProps, HelmUpgradeProps } from './gitops/actions';
export type { HelmReleaseProps } from './gitops/props';
export { helmReleaseValues } from './gitops/release-values';
export type { HelmReleaseName } from './helm/ownership';

// Custom resources
export { CustomResource } from './resource/construct';
export type { ManifestOptions } from './resource/given';
export type { ClusterResourceProps, ResourceProps } from './resource/kind';
export {
  BgpAdvertisement,
  BgpClusterConfig,
  BgpNodeConfigOverride,
  BgpPeerConfig,
  TalosBgpPeering,
} from './resources/bgp/constructs';
export type { TalosBgpPeeringProps } from './resources/bgp/talos-peering';
export type {
  BgpAdvertisementProps,
  BgpClusterConfigProps,
  BgpFamily,
  BgpInstance,
  BgpNodeConfigOverrideProps,
  BgpPeer,
  BgpPeerConfigProps,
  BgpReference,
  BgpRoutes,
  BgpSecret,
} from './resources/bgp/props';
export { EgressGatewayPolicy } from './resources/egress/constructs';
export type { EgressGatewayPolicyProps, EgressSelector } from './resources/egress/props';
export { ClusterwideEnvoyConfig, EnvoyConfig } from './resources/envoy/constructs';
export type {
  ClusterwideEnvoyConfigProps,
  EnvoyBackendService,
  EnvoyConfigProps,
  EnvoyResource,
  EnvoyService,
  EnvoyType,
} from './resources/envoy/props';
export {
  BackendTLSPolicy,
  GRPCRoute,
  Gateway,
  GatewayClass,
  GatewayClassConfig,
  HTTPRoute,
  ListenerSet,
  ReferenceGrant,
  TCPRoute,
  TLSRoute,
  UDPRoute,
} from './resources/gateway-api/constructs';
export type { ListenerReference } from './resources/gateway-api/constructs';
export type {
  GatewayListener,
  GatewayListenerTls,
  GatewayProps,
  GatewayClassProps,
  GatewayClassConfigProps,
  HTTPRouteExternalAuth,
  HTTPRouteFilter,
  HTTPRouteRetry,
  HTTPRouteProps,
  HTTPRouteRule,
  BackendTLSPolicyProps,
  BackendTLSPolicyValidation,
  GRPCRouteProps,
  GRPCRouteRule,
  ListenerSetProps,
  ReferenceGrantProps,
  StreamRouteRule,
  TCPRouteProps,
  TLSRouteProps,
  UDPRouteProps,
} from './resources/gateway-api/props';
export { CiliumNodeConfig, PodIPPool } from './resources/nodes/constructs';
export type { CiliumNodeConfigProps, PodIPPoolProps, PodPoolFamily } from './resources/nodes/props';
export {
  CidrGroup,
  CiliumClusterwideNetworkPolicy,
  HostFirewall,
  CiliumNetworkPolicy,
} from './resources/policy/constructs';
export type {
  CidrGroupProps,
  HostFirewallProps,
  CiliumClusterwideNetworkPolicyProps,
  CiliumNetworkPolicyProps,
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
} from './resources/policy/props';
// What a program of your own names when it writes a part of a resource by itself
export type {
  CiliumEgressGatewayPolicyEgressGateway,
  CiliumNetworkPolicyHttp,
  CiliumNetworkPolicyPort,
  CiliumNetworkPolicyToFQDN,
} from '../imports/cilium.io';
export type {
  GRPCRouteFilter,
  GRPCRouteMatch,
  GRPCRouteRuleBackendRef,
  GatewayAddress,
  GatewayAllowedRoutes,
  GatewayCertificateRef,
  HTTPRouteMatch,
  HTTPRouteParentRef,
  HTTPRouteRuleBackendRef,
  ListenerSetParentRef,
  TCPRouteBackendRef,
} from '../imports/gateway.networking.k8s.io';
export { ExampleWorkload } from './demo/example-workload';
export type { CiliumLoadBalancerClass, ExampleWorkloadProps } from './demo/settings';

// Writing
export { describeSynthesis } from './app/describe';
export type { SynthResult, SynthFile } from './app/describe';
export { describeServices, predict } from './app/predict';
export type {
  PendingAddress,
  PodPrediction,
  PredictedAddress,
  PredictedAnnouncement,
  Prediction,
  ServicePrediction,
} from './app/predictions';
export type { SynthFinding } from './app/problems';
export { synthesize } from './app/synthesize';
export type { SynthOptions } from './app/synthesize';
export { reportOf } from './kubernetes/sizes';
export type { SizeReport } from './kubernetes/sizes';
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
export type * as kubernetes from '../imports/kubernetes';
export type { Json, JsonObject, StringMap } from './kubernetes/json';
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
