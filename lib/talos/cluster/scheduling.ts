import type { Json, JsonObject } from '../../kubernetes/json';
import { GONE, document } from './setting';
import type { Setting, Statement } from './setting';
import { CONTROL_PLANE, NODE_CONFIG } from './node-config';

/**
 * Whether workloads run on control planes. As documents, that is their taint being gone: it is set first, since Talos refuses
 * to take away what is not there.
 */
export const scheduling: Setting = {
  ...NODE_CONFIG,
  name: 'scheduling',
  wanted: ({ talos }) => talos.given.allowSchedulingOnControlPlanes !== undefined,
  section: ({ talos }) => [
    {
      output: 'controlplane',
      document: { cluster: { allowSchedulingOnControlPlanes: talos.given.allowSchedulingOnControlPlanes } },
    },
  ],
  documents: ({ talos }) => {
    const set = { output: 'controlplane', document: taint('NoSchedule') } as const;
    const taken: Statement = { output: 'controlplane', place: 'last', document: taint(GONE) };
    return talos.given.allowSchedulingOnControlPlanes === true ? [set, taken] : [set];
  },
};

function taint(value: Json): JsonObject {
  return document('KubeNodeConfig', { taints: { [CONTROL_PLANE]: value } });
}
