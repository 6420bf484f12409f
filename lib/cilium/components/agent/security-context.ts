import type { JsonObject } from '../../../kubernetes/json';
import { given, whenGiven } from '../../../helm/truth';
import type { Context } from '../../context';

/** The agent and its init containers run with all privileges instead of a list of capabilities. */
export function isPrivileged({ v }: Context): boolean {
  return given(v.securityContext.privileged);
}

/** All privileges, or these capabilities alone under the user's SELinux labels. */
export function confined(ctx: Context, capabilities: readonly string[] | null | undefined): JsonObject {
  if (isPrivileged(ctx)) return { privileged: true };
  return {
    seLinuxOptions: whenGiven(ctx.v.securityContext.seLinuxOptions),
    capabilities: { add: whenGiven(capabilities), drop: ['ALL'] },
  };
}
