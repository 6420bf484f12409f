import type { Json, JsonObject } from '../../kubernetes/json';
import type { Volume } from '../../kubernetes/types';
import { whenTruthy } from '../../helm/truth';

/** The `extraHostPathMounts` values: directories of the node in a pod, each volume and mount in one entry. */
export type HostPathMounts = readonly JsonObject[] | null | undefined;

/** The volumes of these entries. */
export function hostPathVolumes(entries: HostPathMounts): readonly Volume[] {
  return (entries ?? []).map(({ name, hostPath, hostPathType }) => ({
    name: text(name),
    hostPath: { path: hostPath, type: whenTruthy(hostPathType) as Json | undefined },
  }));
}

/** The mounts of these entries. */
export function hostPathMounts(entries: HostPathMounts): readonly JsonObject[] {
  return (entries ?? []).map(({ name, mountPath, readOnly, mountPropagation }) => ({
    name,
    mountPath,
    readOnly,
    mountPropagation: whenTruthy(mountPropagation) as Json | undefined,
  }));
}

function text(name: Json | undefined): string {
  return typeof name === 'string' ? name : '';
}
