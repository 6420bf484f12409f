import type { Context } from '../context';
import { isTruthy } from '../../helm/truth';

/** The Service of the clustermesh-apiserver, which serves its etcd. */
export const MESH_SERVICE = 'clustermesh-apiserver';

/** The port of that etcd. */
export const ETCD_PORT = 2379;

/** The clustermesh-apiserver has its own etcd, separate from Cilium's kvstore. */
export function keepsOwnStore({ v }: Context): boolean {
  return v.clustermesh.apiserver.kvstoremesh.kvstoreMode !== 'external';
}

/** KVStoreMesh is on: one pod copies the state of other clusters, and agents read from it. */
export function hasKvstoreMesh({ v }: Context): boolean {
  const { useAPIServer, apiserver } = v.clustermesh;
  return isTruthy(useAPIServer) && isTruthy(apiserver.kvstoremesh.enabled);
}
