import type { Setting } from '../setting';
import { cni } from './cni';
import { externalManifests } from './external-manifests';
import { hostDNS } from './host-dns';
import { inlineManifests } from './inline-manifests';
import { installDisk } from './install-disk';
import { kubePrism } from './kube-prism';
import { kubeProxy } from './kube-proxy';
import { kubeSpan } from './kubespan';
import { nameservers } from './nameservers';
import { nodeLabels } from './node-labels';
import { nodeMasks, subnets } from './subnets';
import { time } from './time';

/** Everything a patch can say, in the order in which it is written. */
export const SETTINGS: readonly Setting[] = [
  cni,
  kubeProxy,
  subnets,
  nodeMasks,
  installDisk,
  nodeLabels,
  kubePrism,
  hostDNS,
  nameservers,
  time,
  kubeSpan,
  externalManifests,
  inlineManifests,
];
