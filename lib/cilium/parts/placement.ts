import type { JsonObject } from '../../kubernetes/json';
import { isTruthy } from '../../helm/truth';
import type { Context } from '../context';

/** The user's priority class, otherwise the given critical one unless critical classes are disabled. */
export function priorityClass({ v }: Context, own: string | null | undefined, critical: string): string | undefined {
  if (isTruthy(own)) return own;
  return isTruthy(v.enableCriticalPriorityClass) ? critical : undefined;
}

/** The user's topology spread constraints; one without a label selector gets these labels. None when there are none. */
export function spreadConstraints(
  constraints: readonly JsonObject[] | null | undefined,
  matchLabels: JsonObject,
): readonly JsonObject[] | undefined {
  if (!isTruthy(constraints)) return undefined;
  return constraints.map((constraint) =>
    isTruthy(constraint.labelSelector) ? constraint : { ...constraint, labelSelector: { matchLabels } },
  );
}

/** Whether a pod runs in the host's user namespace; set only where both Cilium and Kubernetes have the field. Default: true. */
export function hostUsers({ has, kube }: Context, own: boolean | null | undefined = true): boolean | undefined {
  return has('host-users') && kube.atLeast(1, 33) ? (own ?? undefined) : undefined;
}
