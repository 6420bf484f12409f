import type { Setting } from './setting';
import { cni } from './cni';
import { discovery } from './discovery';
import { externalManifests } from './external-manifests';
import { hostDNS } from './host-dns';
import { inlineManifests } from './inline-manifests';
import { installDisk } from './install-disk';
import { kernelModules } from './kernel-modules';
import { kubePrism } from './kube-prism';
import { kubeProxy } from './kube-proxy';
import { kubeSpan } from './kubespan';
import { nameservers } from './nameservers';
import { nodeAnnotations } from './node-annotations';
import { nodeLabels } from './node-labels';
import { nodeTaints } from './node-taints';
import { podSecurity } from './pod-security';
import { scheduling } from './scheduling';
import { nodeMasks, subnets } from './subnets';
import { sysctls, sysfs } from './sysctls';
import { time } from './time';
import { vip } from './vip';

/** Everything a patch can say, in the order in which it is written. */
export const SETTINGS: readonly Setting[] = [
  cni,
  kubeProxy,
  subnets,
  nodeMasks,
  installDisk,
  nodeLabels,
  nodeAnnotations,
  nodeTaints,
  scheduling,
  podSecurity,
  kubePrism,
  hostDNS,
  nameservers,
  time,
  vip,
  discovery,
  kubeSpan,
  sysctls,
  sysfs,
  kernelModules,
  externalManifests,
  inlineManifests,
];
