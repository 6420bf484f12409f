import { GONE, document } from './setting';
import type { Setting } from './setting';
import { CLUSTER_NETWORK } from './cluster-network';

/**
 * No CNI from Talos: Cilium is the cluster's. In the section, what belongs to another CNI (URLs, Flannel's arguments) goes first, because
 * Talos refuses it beside `none`. As documents, "none" is Flannel's document being gone.
 */
export const cni: Setting = {
  ...CLUSTER_NETWORK,
  name: 'cni',
  wanted: ({ cilium }) => cilium !== undefined,
  section: () => [
    { output: 'controlplane', place: 'first', document: { cluster: { network: { cni: GONE } } } },
    { output: 'controlplane', document: { cluster: { network: { cni: { name: 'none' } } } } },
  ],
  documents: () => [{ output: 'controlplane', document: document('KubeFlannelCNIConfig', GONE) }],
};
