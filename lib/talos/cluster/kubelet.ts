import type { Placement } from './setting';

/**
 * `KubeletConfig` holds the kubelet's configuration, and is refused beside any part of `machine.kubelet`.
 * @see https://docs.siderolabs.com/talos/v1.14/reference/configuration/kubernetes/kubeletconfig
 */
export const KUBELET_CONFIG: Placement = {
  since: '1.14',
  generatedSince: '1.14',
  sections: [
    'machine.kubelet',
    'machine.kubelet.nodeIP',
    'machine.kubelet.registerWithFQDN',
    'machine.kubelet.skipNodeRegistration',
  ],
};
