/** Rules over machine configs beside the values of Cilium. */
import { problem } from '../rules/rule';
import type { Rule } from '../rules/rule';

/** What Talos installs by itself, and what Cilium does. */
export interface InstalledByTalos {
  /** `cluster.network.cni.name`. Default: unknown. */
  readonly cni?: string | undefined;
  /** Whether Talos runs kube-proxy. Default: unknown. */
  readonly hasKubeProxy?: boolean | undefined;
  /** Whether Cilium replaces kube-proxy. Default: unknown. */
  readonly isReplaced?: boolean | undefined;
}

/** An example is what was read. */
export const MACHINE_CONFIG_RULES: readonly Rule<InstalledByTalos, InstalledByTalos>[] = [
  {
    id: 'machine-config/cni',
    level: 'warning',
    find: ({ cni }) =>
      cni === 'flannel' &&
      problem(
        'cluster.network.cni.name',
        'Talos installs Flannel beside Cilium.',
        'Set cluster.network.cni.name to none, in Talos 1.14 delete the document KubeFlannelCNIConfig.',
      ),
    docs: 'https://docs.siderolabs.com/kubernetes-guides/cni/deploying-cilium',
    examples: { bad: { cni: 'flannel' }, good: { cni: 'none' } },
  },
  {
    id: 'machine-config/kube-proxy-kept',
    level: 'warning',
    find: ({ hasKubeProxy, isReplaced }) =>
      hasKubeProxy === true &&
      isReplaced === true &&
      problem(
        ['kubeProxyReplacement', 'cluster.proxy.disabled'],
        'Cilium replaces kube-proxy, and Talos runs it as well.',
        'Set cluster.proxy.disabled to true, in Talos 1.14 `enabled: false` in the document KubeProxyConfig.',
      ),
    docs: 'https://docs.siderolabs.com/kubernetes-guides/cni/deploying-cilium',
    examples: { bad: { hasKubeProxy: true, isReplaced: true }, good: { hasKubeProxy: false, isReplaced: true } },
  },
  {
    id: 'machine-config/no-kube-proxy',
    level: 'error',
    find: ({ hasKubeProxy, isReplaced }) =>
      hasKubeProxy === false &&
      isReplaced === false &&
      problem(
        ['kubeProxyReplacement', 'cluster.proxy.disabled'],
        'Talos runs no kube-proxy, and Cilium does not replace it: no Service has a working address.',
        'Set kubeProxyReplacement to true, or remove cluster.proxy.disabled.',
      ),
    docs: 'https://docs.siderolabs.com/kubernetes-guides/cni/deploying-cilium',
    examples: { bad: { hasKubeProxy: false, isReplaced: false }, good: { hasKubeProxy: true, isReplaced: false } },
  },
];
