import type { ShapesOf } from '../../props/shape';
import { bgp } from './bgp';
import { cni } from './cni';
import { coreDNS } from './core-dns';
import { discovery } from './discovery';
import { dnsDomain } from './dns-domain';
import { externalManifests } from './external-manifests';
import { hostDNS } from './host-dns';
import { ingressFirewall } from './ingress-firewall';
import { inlineManifests } from './inline-manifests';
import { installDisk } from './install-disk';
import { kernelModules } from './kernel-modules';
import { kubePrism } from './kube-prism';
import { kubeProxy } from './kube-proxy';
import { kubeSpan } from './kubespan';
import { links } from './links';
import { maxPods } from './max-pods';
import { nameservers } from './nameservers';
import { nodeAnnotations } from './node-annotations';
import { nodeCounts } from './node-counts';
import { nodeIP } from './node-ip';
import { nodeLabels } from './node-labels';
import { nodeMasks } from './node-masks';
import { nodeTaints } from './node-taints';
import type { OriginProps } from './origin';
import { podSecurity } from './pod-security';
import { scheduling } from './scheduling';
import { subnets } from './subnets';
import { sysctls } from './sysctls';
import { sysfs } from './sysfs';
import { time } from './time';
import { vip } from './vip';

/**
 * Every setting, in the order in which patches have them. The props and members of `TalosCluster`, their run-time shapes and the rules
 * follow from this list.
 */
export const SETTINGS = [
  cni,
  kubeProxy,
  subnets,
  nodeMasks,
  dnsDomain,
  installDisk,
  nodeLabels,
  nodeAnnotations,
  nodeTaints,
  nodeIP,
  maxPods,
  nodeCounts,
  links,
  scheduling,
  podSecurity,
  kubePrism,
  hostDNS,
  coreDNS,
  nameservers,
  time,
  vip,
  bgp,
  discovery,
  kubeSpan,
  ingressFirewall,
  sysctls,
  sysfs,
  kernelModules,
  externalManifests,
  inlineManifests,
] as const;

type One = (typeof SETTINGS)[number];

type PropsOf<S> = S extends { readonly shape: ShapesOf<infer P> } ? P : never;
type NodePropsOf<S> = S extends { readonly nodeShape: ShapesOf<infer P> } ? P : never;
type MembersOf<S> = S extends { readonly resolve: (...given: never) => infer M } ? M : never;

/** The intersection of a union. */
type All<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never;

/** The props of all settings of the cluster, and of nodes. */
type SettingProps = All<PropsOf<One>>;
type NodeSettingProps = All<NodePropsOf<One>>;

/** Members of `TalosCluster` that follow from the settings. */
export type SettingMembers = All<MembersOf<One>>;

/** Settings of all nodes, of control planes or of workers. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- an interface has a name in messages and on the API page
export interface NodeProps extends NodeSettingProps {}

/** Props of {@link TalosCluster}. What is absent stays as `talosctl gen config` writes it. */
export interface TalosClusterProps extends OriginProps, NodeProps, SettingProps {
  /** Settings of control planes only; they win over those of all nodes. @default - none */
  readonly controlPlanes?: NodeProps;
  /** Settings of workers only; they win over those of all nodes. @default - none */
  readonly workers?: NodeProps;
}
