import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { serviceAccount } from '../../parts/access';

/** The relay's ServiceAccount, the only one that sets automountServiceAccountToken itself. */
export function account(ctx: Context): KubernetesObject | undefined {
  const { hubble, serviceAccounts } = ctx.v;
  if (!isTruthy(serviceAccounts.relay.create)) return undefined;
  return {
    ...serviceAccount(ctx, serviceAccounts.relay, hubble.relay.annotations),
    automountServiceAccountToken: serviceAccounts.relay.automount,
  };
}
