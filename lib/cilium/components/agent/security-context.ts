import type { JsonObject } from '../../../kubernetes/json';
import { isTruthy, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';

/** The agent and its init containers run with all privileges instead of a list of capabilities. */
export function isPrivileged({ v }: Context): boolean {
  return isTruthy(v.securityContext.privileged);
}

/** All privileges, or these capabilities alone under the user's SELinux labels. */
export function confined(ctx: Context, capabilities: readonly string[] | null | undefined): JsonObject {
  if (isPrivileged(ctx)) return { privileged: true };
  return {
    seLinuxOptions: whenTruthy(ctx.v.securityContext.seLinuxOptions),
    capabilities: { add: whenTruthy(capabilities), drop: ['ALL'] },
  };
}
