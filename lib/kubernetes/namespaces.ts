import type { KubernetesObject } from './types';

/** The namespaces that every cluster has. */
export const BUILT_IN_NAMESPACES: readonly string[] = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** Pod Security levels of Kubernetes. */
export type PodSecurityLevel = 'privileged' | 'baseline' | 'restricted';

/** A Namespace whose pods are admitted, warned of and audited at one Pod Security level. */
export function namespaceObject(name: string, level: PodSecurityLevel): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: {
        'pod-security.kubernetes.io/audit': level,
        'pod-security.kubernetes.io/enforce': level,
        'pod-security.kubernetes.io/warn': level,
      },
    },
  };
}
