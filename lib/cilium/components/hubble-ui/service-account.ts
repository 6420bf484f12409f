import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { serviceAccount } from '../../parts/access';

/** Hubble UI's ServiceAccount. */
export function account(ctx: Context): KubernetesObject | undefined {
  const { hubble, serviceAccounts } = ctx.v;
  return isTruthy(serviceAccounts.ui.create)
    ? serviceAccount(ctx, serviceAccounts.ui, hubble.ui.annotations)
    : undefined;
}
