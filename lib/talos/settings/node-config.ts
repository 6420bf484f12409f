import type { Placement, Setting } from '../setting';

/**
 * `KubeNodeConfig` holds labels, annotations, taints and the address of a node, and is refused beside any of their sections. A control plane that
 * has none of these sections would lose its role and its taint to the document: Talos only warns.
 */
export const NODE_CONFIG: Placement & Pick<Setting, 'silentOnSections'> = {
  since: '1.14',
  generatedSince: '1.14',
  sections: [
    'cluster.allowSchedulingOnControlPlanes',
    'machine.kubelet.nodeIP',
    'machine.kubelet.registerWithFQDN',
    'machine.kubelet.skipNodeRegistration',
    'machine.nodeAnnotations',
    'machine.nodeLabels',
    'machine.nodeTaints',
  ],
  silentOnSections: true,
};
