import { GONE, document } from './setting';
import type { Spelling } from './setting';
import { CLUSTER_NETWORK } from './cluster-network';

/**
 * No CNI from Talos, because Cilium is the CNI. In the section, settings of another CNI (URLs, Flannel's arguments) are deleted first, because
 * Talos refuses them beside `none`. As documents, Flannel's document is deleted.
 * @see https://docs.siderolabs.com/talos/v1.14/reference/configuration/kubernetes/kubeflannelcniconfig
 */
export const cni: Spelling = {
  ...CLUSTER_NETWORK,
  name: 'cni',
  elsewhere: { cni: 'Leave it out: Talos installs no CNI when Cilium is among the manifests.' },
  wanted: ({ cilium }) => cilium !== undefined,
  section: () => [
    { output: 'controlplane', place: 'first', document: { cluster: { network: { cni: GONE } } } },
    { output: 'controlplane', document: { cluster: { network: { cni: { name: 'none' } } } } },
  ],
  documents: () => [{ output: 'controlplane', document: document('KubeFlannelCNIConfig', GONE) }],
};
