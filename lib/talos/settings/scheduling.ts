import { document, isMultidoc } from '../setting';
import type { Setting } from '../setting';

/** The taint that keeps workloads off control planes. */
export const CONTROL_PLANE_TAINT = 'node-role.kubernetes.io/control-plane';

/**
 * Whether workloads run on control planes. As documents, that is their taint being gone: it is set first, since Talos refuses
 * to take away what is not there.
 */
export const scheduling: Setting = {
  name: 'scheduling',
  wanted: ({ talos }) => talos.given.allowSchedulingOnControlPlanes !== undefined,
  asDocuments: isMultidoc,
  section: ({ talos }) => [
    {
      output: 'controlplane',
      document: { cluster: { allowSchedulingOnControlPlanes: talos.given.allowSchedulingOnControlPlanes } },
    },
  ],
  documents: ({ talos }) => [
    { output: 'controlplane', document: document('KubeNodeConfig', { taints: { [CONTROL_PLANE_TAINT]: 'NoSchedule' } }) },
    ...(talos.given.allowSchedulingOnControlPlanes === true
      ? [
          {
            output: 'controlplane' as const,
            place: 'last' as const,
            document: document('KubeNodeConfig', { taints: { [CONTROL_PLANE_TAINT]: { $patch: 'delete' } } }),
          },
        ]
      : []),
  ],
};
