import { document, isMultidoc } from '../setting';
import type { Setting } from '../setting';

/** No kube-proxy when Cilium takes its place. */
export const kubeProxy: Setting = {
  name: 'kube-proxy',
  wanted: ({ cilium }) => cilium?.kubeProxyReplacement === true,
  asDocuments: isMultidoc,
  section: () => [{ output: 'controlplane', document: { cluster: { proxy: { disabled: true } } } }],
  documents: () => [{ output: 'controlplane', document: document('KubeProxyConfig', { enabled: false }) }],
};
