import type { Finding } from '../../rules/finding';
import { propFindings } from '../../props/check';
import { boolean, listOf, mapOf, needed, number, props, text, textOrNull } from '../../props/shape';
import type {
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
} from './props';

const texts = listOf(text);
const textByName = mapOf(text);

const NODE = {
  nodeLabels: mapOf(textOrNull),
  nodeAnnotations: textByName,
  nodeTaints: textByName,
  sysctls: textByName,
  sysfs: textByName,
  kernelModules: listOf(props<KernelModuleProps>({ name: needed(text), parameters: texts })),
  installDisk: text,
} as const;

/** Names that are something elsewhere, or will be. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  peerEndpoints: 'KubeSpan has this filter from Talos 1.15 on, which is not supported here yet: leave it out.',
  controlPlaneNodeLabels: 'Write `controlPlanes: { nodeLabels: … }`.',
  workerNodeLabels: 'Write `workers: { nodeLabels: … }`.',
  proxy: 'Leave it out: kube-proxy goes when Cilium takes its place (kubeProxyReplacement).',
  cni: 'Leave it out: Talos brings no CNI of its own when Cilium is among the manifests.',
};
const elsewhere = { elsewhere: ELSEWHERE };

const KUBESPAN = props<KubeSpanProps>({
  enabled: boolean,
  advertiseKubernetesNetworks: boolean,
  allowDownPeerBypass: boolean,
  harvestExtraEndpoints: boolean,
  mtu: number,
  filters: props<KubeSpanFilters>({ endpoints: texts, excludeAdvertisedNetworks: texts }, elsewhere),
});

type Registries = NonNullable<DiscoveryProps['registries']>;

const DISCOVERY = props<DiscoveryProps>({
  enabled: boolean,
  registries: props<Registries>({
    service: props<NonNullable<Registries['service']>>({ disabled: boolean, endpoint: text }),
    kubernetes: props<NonNullable<Registries['kubernetes']>>({ disabled: boolean }),
  }),
});

const DEVICE_SELECTOR = props<DeviceSelectorProps>({
  hardwareAddr: text,
  permanentAddr: text,
  busPath: text,
  pciID: text,
  driver: text,
});

const CLUSTER = props<TalosClusterProps>(
  {
    ...NODE,
    talosVersion: needed(text),
    generatedBy: text,
    sections: texts,
    kubernetesVersion: text,
    podSubnets: texts,
    serviceSubnets: texts,
    nodeCIDRMaskSizeIPv4: number,
    nodeCIDRMaskSizeIPv6: number,
    kubePrism: props<KubePrismProps>({ enabled: boolean, port: number }),
    hostDNS: props<HostDNSProps>({ enabled: boolean, forwardKubeDNSToHost: boolean, resolveMemberNames: boolean }),
    nameservers: texts,
    timeServers: texts,
    kubeSpan: KUBESPAN,
    discovery: DISCOVERY,
    vip: props<VirtualIPProps>({ ip: needed(text), link: text, deviceSelector: DEVICE_SELECTOR, dhcp: boolean }),
    allowSchedulingOnControlPlanes: boolean,
    podSecurity: props<PodSecurityProps>({ enforce: text, audit: text, warn: text, exemptNamespaces: texts }),
    controlPlanes: props<NodeProps>(NODE),
    workers: props<NodeProps>(NODE),
  },
  elsewhere,
);

/** Props that do not exist, lack or are of another type than they must be. Others are judged only when there are none of these. */
export function clusterPropFindings(given: TalosClusterProps): readonly Finding[] {
  return propFindings('talos-cluster', given, CLUSTER, 'talos');
}
