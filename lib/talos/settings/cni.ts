import { document, isMultidoc } from '../setting';
import type { Setting } from '../setting';

/** No CNI from Talos: Cilium is the cluster's. As documents, "none" is Flannel's document being gone; 1.14 passes over one that is not there. */
export const cni: Setting = {
  name: 'cni',
  wanted: ({ cilium }) => cilium !== undefined,
  asDocuments: isMultidoc,
  section: () => [{ output: 'controlplane', document: { cluster: { network: { cni: { name: 'none' } } } } }],
  documents: () => [{ output: 'controlplane', document: document('KubeFlannelCNIConfig', { $patch: 'delete' }) }],
};
