import type { CiliumValues } from '../../../../imports/cilium-chart';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import type { ValuesRule } from '../../values-rule';
import { neededAccount, neededValues } from '../../parts/needed-values';
import type { NeededValue } from '../../parts/needed-values';
import { keepsOwnStore } from '../../parts/mesh-store';
import { exportsCluster } from './labels';

const MESH: CiliumValues = { cluster: { name: 'home', id: 1 }, clustermesh: { useAPIServer: true } };

/** Required values of the mesh's objects. */
export const meshNeededValues: readonly ValuesRule[] = neededValues([
  needed('clustermesh.apiserver.healthPort', 9880, ({ apiserver }) => apiserver.healthPort, exportsCluster),
  needed(
    'clustermesh.apiserver.kvstoremesh.healthPort',
    9881,
    ({ apiserver }) => apiserver.kvstoremesh.healthPort,
    copies,
  ),
  needed(
    'clustermesh.apiserver.metrics.port',
    9962,
    ({ apiserver }) => apiserver.metrics.port,
    (ctx) => exportsCluster(ctx) && isTruthy(metrics(ctx).enabled),
  ),
  needed(
    'clustermesh.apiserver.metrics.kvstoremesh.port',
    9964,
    ({ apiserver }) => apiserver.metrics.kvstoremesh.port,
    (ctx) => copies(ctx) && isTruthy(metrics(ctx).kvstoremesh.enabled),
  ),
  needed(
    'clustermesh.apiserver.metrics.etcd.port',
    9963,
    ({ apiserver }) => apiserver.metrics.etcd.port,
    (ctx) => keepsOwnStore(ctx) && isTruthy(metrics(ctx).etcd.enabled),
  ),
  neededAccount('clustermeshApiserver', ({ v }) => isTruthy(v.clustermesh.useAPIServer), {
    on: MESH,
    good: 'clustermesh-apiserver',
  }),
  neededAccount('clustermeshcertgen', madeByCertgen, { on: MESH, good: 'clustermesh-apiserver-generate-certs' }),
]);

type MeshValues = Context['v']['clustermesh'];

function needed(
  path: string,
  good: number,
  value: (mesh: MeshValues) => unknown,
  when: (ctx: Context) => boolean,
): NeededValue {
  return {
    path,
    good,
    value: ({ v }) => value(v.clustermesh),
    when: (ctx) => isTruthy(ctx.v.clustermesh.useAPIServer) && when(ctx),
    on: MESH,
  };
}

function madeByCertgen({ v: { clustermesh } }: Context): boolean {
  const { enabled, method } = clustermesh.apiserver.tls.auto;
  return isTruthy(clustermesh.useAPIServer) && isTruthy(enabled) && method === 'cronJob';
}

function copies({ v }: Context): boolean {
  return isTruthy(v.clustermesh.apiserver.kvstoremesh.enabled);
}

function metrics({ v }: Context): MeshValues['apiserver']['metrics'] {
  return v.clustermesh.apiserver.metrics;
}
