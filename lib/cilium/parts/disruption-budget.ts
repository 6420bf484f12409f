import type { Json, JsonObject } from '../../kubernetes/json';
import type { KubernetesObject, ObjectMeta } from '../../kubernetes/types';
import { whenTruthy } from '../../helm/truth';
import type { Context } from '../context';

/** The `podDisruptionBudget` values that every replicated component has. */
export interface DisruptionBudgetValues {
  readonly enabled?: boolean | null | undefined;
  readonly maxUnavailable?: Json | undefined;
  readonly minAvailable?: Json | undefined;
  readonly unhealthyPodEvictionPolicy?: string | null | undefined;
}

/** A PodDisruptionBudget; the eviction policy of unhealthy pods exists from Kubernetes 1.27 on. */
export function disruptionBudget(
  ctx: Context,
  metadata: ObjectMeta,
  values: DisruptionBudgetValues,
  matchLabels: JsonObject,
): KubernetesObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata,
    spec: {
      maxUnavailable: whenTruthy(values.maxUnavailable),
      minAvailable: whenTruthy(values.minAvailable),
      unhealthyPodEvictionPolicy: ctx.kube.atLeast(1, 27) ? whenTruthy(values.unhealthyPodEvictionPolicy) : undefined,
      selector: { matchLabels },
    },
  };
}
