import type { Json, JsonObject } from '../../kubernetes/json';
import { whenTruthy } from '../../helm/truth';
import type { Context } from '../context';

/** AppArmor profiles of pods are a field from this Kubernetes version on; before, they are annotations. */
function profileIsAField({ kube }: Context): boolean {
  return kube.atLeast(1, 30);
}

/** Annotations of a pod that leave these containers unconfined; none where a field does. */
export function appArmorAnnotations(ctx: Context, containers: readonly string[]): JsonObject | undefined {
  if (profileIsAField(ctx)) return undefined;
  return Object.fromEntries(
    containers.map((container) => [`container.apparmor.security.beta.kubernetes.io/${container}`, 'unconfined']),
  );
}

/** The user's pod security context, without the AppArmor profile where that field does not exist yet. */
export function podSecurityContext(ctx: Context, values: JsonObject | null | undefined): Json | undefined {
  if (profileIsAField(ctx)) return whenTruthy(values);
  const { appArmorProfile: _, ...rest } = values ?? {};
  return whenTruthy(rest);
}
