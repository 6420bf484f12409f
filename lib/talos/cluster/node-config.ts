import { document } from './setting';
import type { ClusterWith, Needs, Placement, Spelling, Statement } from './setting';
import { isSince } from './versions';

/** The label that makes a node a control plane, and the taint that keeps workloads off it. */
export const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';

/** The form of keys of labels, annotations and taints, as a hint. */
export const KEY_FORM = 'Write it as name or example.org/name, at most 63 characters after the slash.';

/**
 * `KubeNodeConfig` holds labels, annotations, taints and the address of a node, and is refused beside any of their sections.
 * @see https://docs.siderolabs.com/talos/v1.14/reference/configuration/kubernetes/kubenodeconfig
 */
export const NODE_CONFIG: Placement & Pick<Spelling, 'silentOnSections'> = {
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

type SchedulingCluster = ClusterWith<{ readonly allowSchedulingOnControlPlanes?: boolean }>;

/**
 * The role and the taint of control planes, where a config of sections may have no `KubeNodeConfig` yet: Talos adds them to the sections, and
 * leaves the document as it is.
 */
export function controlPlaneRole(
  statements: readonly Statement[],
  { talos }: Needs<SchedulingCluster>,
): readonly Statement[] {
  const isNew = !isSince(talos.generatedBy, NODE_CONFIG.since);
  if (!isNew || !statements.some(({ output, document: { kind } }) => kind === 'KubeNodeConfig' && output !== 'worker'))
    return [];
  const taints = talos.given.allowSchedulingOnControlPlanes === true ? undefined : { [CONTROL_PLANE]: 'NoSchedule' };
  return [
    { output: 'controlplane', document: document('KubeNodeConfig', { labels: { [CONTROL_PLANE]: '' }, taints }) },
  ];
}
