import { document } from './setting';
import type { Spelling } from './setting';

/**
 * No kube-proxy when Cilium replaces it.
 * @see https://docs.siderolabs.com/talos/v1.14/reference/configuration/kubernetes/kubeproxyconfig
 */
export const kubeProxy: Spelling = {
  name: 'kube-proxy',
  since: '1.14',
  generatedSince: '1.14',
  sections: ['cluster.proxy'],
  elsewhere: { proxy: 'Leave it out: kube-proxy is disabled when Cilium replaces it (kubeProxyReplacement).' },
  wanted: ({ cilium }) => cilium?.kubeProxyReplacement === true,
  section: () => [{ output: 'controlplane', document: { cluster: { proxy: { disabled: true } } } }],
  documents: () => [{ output: 'controlplane', document: document('KubeProxyConfig', { enabled: false }) }],
};
