import type { Json, JsonObject } from '../../kubernetes/json';
import { boolean } from '../../props/shape';
import { CONTROL_PLANE, NODE_CONFIG } from './node-config';
import { GONE, document } from './setting';
import type { Setting, Statement } from './setting';

export interface SchedulingSetting {
  /**
   * Workloads run on control planes too: their taint is removed. The label that excludes them from load balancers stays; see `nodeLabels`.
   * @default false
   */
  readonly allowSchedulingOnControlPlanes?: boolean;
}

/**
 * Whether workloads run on control planes. As documents, that removes their taint: it is set first, because Talos refuses to delete what is
 * absent.
 * @see https://docs.siderolabs.com/talos/v1.14/deploy-and-manage-workloads/workers-on-controlplane
 */
export const scheduling: Setting<SchedulingSetting> = {
  ...NODE_CONFIG,
  name: 'scheduling',
  shape: { allowSchedulingOnControlPlanes: boolean },
  wanted: ({ talos }) => talos.given.allowSchedulingOnControlPlanes !== undefined,
  section: ({ talos }) => [
    {
      output: 'controlplane',
      document: { cluster: { allowSchedulingOnControlPlanes: talos.given.allowSchedulingOnControlPlanes } },
    },
  ],
  documents: ({ talos }) => {
    const set = { output: 'controlplane', document: taint('NoSchedule') } as const;
    const removed: Statement = { output: 'controlplane', place: 'last', document: taint(GONE) };
    return talos.given.allowSchedulingOnControlPlanes === true ? [set, removed] : [set];
  },
  rules: [],
};

function taint(value: Json): JsonObject {
  return document('KubeNodeConfig', { taints: { [CONTROL_PLANE]: value } });
}
