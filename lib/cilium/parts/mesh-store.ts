import type { Context } from '../context';
import { isTruthy } from '../../helm/truth';

/** The Service of the mesh's API server, behind which its etcd answers. */
export const MESH_SERVICE = 'clustermesh-apiserver';

/** The port of that etcd. */
export const ETCD_PORT = 2379;

/** The mesh's API server keeps what it serves in an etcd of its own, not in the one that Cilium's state is in. */
export function keepsOwnStore({ v }: Context): boolean {
  return v.clustermesh.apiserver.kvstoremesh.kvstoreMode !== 'external';
}

/** One pod copies what the other clusters serve, so that agents ask it instead of them. */
export function hasKvstoreMesh({ v }: Context): boolean {
  const { useAPIServer, apiserver } = v.clustermesh;
  return isTruthy(useAPIServer) && isTruthy(apiserver.kvstoremesh.enabled);
}
