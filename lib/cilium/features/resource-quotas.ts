import { isTruthy } from '../../helm/truth';
import type { Json, JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { joined, namespaced, partOfCilium } from '../parts/metadata';

/** Quotas that let pods of the critical priority classes into Cilium's namespace; some clusters allow them only where a quota does. */
export const resourceQuotas: Feature = {
  name: 'resource-quotas',
  contribute: (ctx) => {
    const { resourceQuotas: values, gke, agent, operator, commonLabels } = ctx.v;
    const needed = isTruthy(values.enabled) || (isTruthy(gke.enabled) && ctx.namespace !== 'kube-system');
    if (!needed) return {};
    // Only the operator's quota is labelled, as in the chart.
    const labels = joined(partOfCilium(ctx), commonLabels);
    return {
      objects: [
        ...(isTruthy(agent)
          ? [quota(ctx, 'cilium-resource-quota', values.cilium.hard?.pods, 'system-node-critical')]
          : []),
        ...(isTruthy(operator.enabled)
          ? [
              quota(
                ctx,
                'cilium-operator-resource-quota',
                values.operator.hard?.pods,
                'system-cluster-critical',
                labels,
              ),
            ]
          : []),
      ],
    };
  },
};

function quota(
  ctx: Context,
  name: string,
  pods: Json | undefined,
  priorityClass: string,
  labels?: JsonObject,
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: namespaced(ctx, name, { labels }),
    spec: {
      hard: { pods: pods === undefined || pods === null ? undefined : String(pods as string | number) },
      scopeSelector: { matchExpressions: [{ operator: 'In', scopeName: 'PriorityClass', values: [priorityClass] }] },
    },
  };
}
