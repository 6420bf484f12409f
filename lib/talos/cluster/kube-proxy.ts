import { document } from './setting';
import type { Setting } from './setting';

/** No kube-proxy when Cilium takes its place. */
export const kubeProxy: Setting = {
  name: 'kube-proxy',
  since: '1.14',
  generatedSince: '1.14',
  sections: ['cluster.proxy'],
  wanted: ({ cilium }) => cilium?.kubeProxyReplacement === true,
  section: () => [{ output: 'controlplane', document: { cluster: { proxy: { disabled: true } } } }],
  documents: () => [{ output: 'controlplane', document: document('KubeProxyConfig', { enabled: false }) }],
};
