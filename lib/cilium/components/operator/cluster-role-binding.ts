import type { KubernetesObject } from '../../../kubernetes/types';
import type { Context } from '../../context';
import * as access from '../../parts/access';
import { hasClusterRole } from './cluster-role';
import { accessMetadata } from './labels';

/** Gives the operator its ClusterRole. */
export function clusterRoleBinding(ctx: Context): KubernetesObject | undefined {
  if (!hasClusterRole(ctx)) return undefined;
  const account = ctx.v.serviceAccounts.operator.name ?? '';
  return access.clusterRoleBinding(ctx, accessMetadata(ctx, 'cilium-operator'), 'cilium-operator', account);
}
