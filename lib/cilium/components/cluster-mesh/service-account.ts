import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { serviceAccount } from '../../parts/access';

/** The clustermesh-apiserver's ServiceAccount. */
export function account(ctx: Context): KubernetesObject | undefined {
  const { clustermesh, serviceAccounts } = ctx.v;
  const values = serviceAccounts.clustermeshApiserver;
  return isTruthy(values.create) ? serviceAccount(ctx, values, clustermesh.annotations) : undefined;
}
