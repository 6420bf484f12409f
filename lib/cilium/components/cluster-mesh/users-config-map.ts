import type { KubernetesObject } from '../../../kubernetes/types';
import { writeYaml } from '../../../kubernetes/yaml';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { remoteClusters } from '../../parts/remote-clusters';
import { exportsCluster, knowsUsers, meshMetadata } from './labels';

/** The ConfigMap that {@link usersConfigMap} makes and the pods mount. */
export const USERS = 'clustermesh-remote-users';

/** The API server makes an etcd user for each remote cluster; whether the list of them is there. */
export function hasUsersConfigMap(ctx: Context): boolean {
  const listed = !ctx.has('mesh-users-of-config') || isTruthy(ctx.v.clustermesh.config.enabled);
  return exportsCluster(ctx) && knowsUsers(ctx) && listed;
}

/** The etcd users of remote clusters, all of them readers. */
export function usersConfigMap(ctx: Context): KubernetesObject | undefined {
  if (!hasUsersConfigMap(ctx)) return undefined;
  const users = remoteClusters(ctx).map(({ name }) => ({ name: `remote-${String(name ?? '')}`, role: 'remote' }));
  // A list of nobody is left open, as in the chart; to the reader it is empty.
  const text = users.length > 0 ? writeYaml({ users }) : 'users:';
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: meshMetadata(ctx, USERS), data: { 'users.yaml': text } };
}
