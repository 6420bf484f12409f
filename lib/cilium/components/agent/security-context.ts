import type { JsonObject } from '../../../kubernetes/json';
import { isTruthy, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';

/** The agent and its init containers run privileged instead of with a list of capabilities. */
export function isPrivileged({ v }: Context): boolean {
  return isTruthy(v.securityContext.privileged);
}

/** Privileged, or these capabilities with the user's SELinux labels. */
export function confined(ctx: Context, capabilities: readonly string[] | null | undefined): JsonObject {
  if (isPrivileged(ctx)) return { privileged: true };
  return {
    seLinuxOptions: whenTruthy(ctx.v.securityContext.seLinuxOptions),
    capabilities: { add: whenTruthy(capabilities), drop: ['ALL'] },
  };
}
