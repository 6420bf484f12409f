import { TALOS_CLUSTER_FIX, isTalosFacts } from '../../cilium/talos-facts';
import { isMap } from '../../kubernetes/json';
import { like } from '../../props/shape';
import type { Shape } from '../../props/shape';
import type { TalosCluster } from './cluster';

/** A `TalosCluster`, of this or another copy of the library: what it is made from is in it, and what follows from that. */
export const TALOS_CLUSTER: Shape<TalosCluster> = like('a TalosCluster', isCluster, TALOS_CLUSTER_FIX);

function isCluster(value: unknown): boolean {
  if (!isTalosFacts(value)) return false;
  const { given, podSecurity } = value as unknown as Readonly<Record<string, unknown>>;
  return isMap(given) && isMap(podSecurity) && isMap(value.nodeLabels) && typeof value.kubernetesVersion === 'string';
}
