import type { KubernetesObject } from '../../../kubernetes/types';
import { writeYaml } from '../../../kubernetes/yaml';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { remoteClusters } from '../../parts/remote-clusters';
import { exportsCluster, knowsUsers, meshMetadata } from './labels';

/** The ConfigMap that {@link usersConfigMap} renders and the pods mount. */
export const USERS = 'clustermesh-remote-users';

/** Whether the clustermesh-apiserver has a list of remote clusters, each with an etcd user. */
export function hasUsersConfigMap(ctx: Context): boolean {
  const listed = !ctx.has('mesh-users-of-config') || isTruthy(ctx.v.clustermesh.config.enabled);
  return exportsCluster(ctx) && knowsUsers(ctx) && listed;
}

/** The etcd users of remote clusters, all read-only. */
export function usersConfigMap(ctx: Context): KubernetesObject | undefined {
  if (!hasUsersConfigMap(ctx)) return undefined;
  const users = remoteClusters(ctx).map(({ name }) => ({ name: `remote-${String(name ?? '')}`, role: 'remote' }));
  // An empty list is null, as in the chart.
  const text = users.length > 0 ? writeYaml({ users }) : 'users:';
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: meshMetadata(ctx, USERS), data: { 'users.yaml': text } };
}
