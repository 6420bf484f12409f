import { isTruthy } from '../../../helm/truth';
import type { KubernetesObject } from '../../../kubernetes/types';
import type { Context } from '../../context';
import * as access from '../../parts/access';
import { joined } from '../../parts/metadata';

/** The operator's ServiceAccount, with its IAM role on AWS. */
export function serviceAccount(ctx: Context): KubernetesObject | undefined {
  const { serviceAccounts, operator, eni } = ctx.v;
  if (!isTruthy(serviceAccounts.operator.create)) return undefined;
  const role =
    isTruthy(eni.enabled) && isTruthy(eni.iamRole) ? { 'eks.amazonaws.com/role-arn': eni.iamRole } : undefined;
  const annotations = joined(serviceAccounts.operator.annotations, role);
  return access.serviceAccount(ctx, { ...serviceAccounts.operator, annotations }, operator.annotations);
}
