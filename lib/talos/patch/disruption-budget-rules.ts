import { isOfCilium } from '../../kubernetes/cilium-api';
import { mapOf } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import { selects } from '../../kubernetes/selector';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import type { TalosPatchRule } from './rule';
import type { PatchObject, PatchSubject } from './subject';

const LABELS = { 'app.kubernetes.io/part-of': 'cilium', 'io.cilium/app': 'operator' } as const;
const OPERATOR: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cilium-operator', namespace: 'kube-system', labels: LABELS },
  spec: {
    replicas: 1,
    selector: { matchLabels: LABELS },
    template: {
      metadata: { labels: LABELS },
      spec: { containers: [{ name: 'operator', image: 'example.org/operator:1' }] },
    },
  },
};
const budget = (amount: object): KubernetesObject => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: 'cilium-operator', namespace: 'kube-system' },
  spec: { ...amount, selector: { matchLabels: LABELS } },
});

/** Rules about disruption budgets of Cilium's pods; others may mean to hold a node. */
export const DISRUPTION_BUDGET_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/no-disruption',
    level: 'warning',
    docs: 'https://kubernetes.io/docs/tasks/run-application/configure-pdb/',
    find: budgetsOfZero,
    examples: {
      bad: { values: {}, objects: [OPERATOR, budget({ minAvailable: 1 })] },
      good: { values: {}, objects: [OPERATOR, budget({ maxUnavailable: 1 })] },
    },
  },
];

function budgetsOfZero({ objects }: PatchSubject): readonly Problem[] {
  const scaled = new Set(
    objects
      .filter(({ object: { kind } }) => kind === 'HorizontalPodAutoscaler')
      .map(
        ({ object: { metadata, spec } }) =>
          `${metadata.namespace ?? ''}/${String(mapOf(mapOf(spec).scaleTargetRef).name)}`,
      ),
  );
  const workloads = objects.filter(
    ({ object: { kind, metadata } }) =>
      (kind === 'Deployment' || kind === 'StatefulSet') && !scaled.has(`${metadata.namespace ?? ''}/${metadata.name}`),
  );
  return objects
    .filter(({ object: { kind } }) => kind === 'PodDisruptionBudget')
    .flatMap(({ object: { metadata, spec }, at }) => {
      const fields = mapOf(spec);
      const pods = workloads.filter(
        ({ object }) => object.metadata.namespace === metadata.namespace && isSelected(object, fields),
      );
      const replicas = pods.reduce((sum, one) => sum + replicasOf(one), 0);
      const field = blockingField(fields, replicas);
      if (field === undefined || replicas === 0 || !pods.some((one) => isOfCilium(one.object))) return [];
      return problem(
        [`${at}: spec.${field}`, ...pods.map((one) => `${one.at}: spec.replicas`)],
        `With ${field} ${String(fields[field])} and ${String(replicas)} ${replicas === 1 ? 'replica' : 'replicas'} the budget never allows an eviction: draining a node waits for it, Talos for five minutes and kubectl for ever.`,
        'Write `maxUnavailable: 1`, or run more replicas.',
      );
    });
}

/** An empty selector may select pods of others, too. */
function isSelected({ spec }: KubernetesObject, { selector }: JsonObject): boolean {
  if (Object.keys(mapOf(selector)).length === 0) return false;
  const { labels } = mapOf(mapOf(mapOf(spec).template).metadata);
  return selects(mapOf(selector), mapOf(labels));
}

function replicasOf({ object: { spec } }: PatchObject): number {
  const { replicas = 1 } = mapOf(spec);
  return typeof replicas === 'number' ? replicas : 1;
}

/** The field of a budget that leaves no pod to evict, where that is certain. */
function blockingField({ minAvailable, maxUnavailable }: JsonObject, replicas: number): string | undefined {
  const most = amountOf(maxUnavailable, replicas);
  const least = amountOf(minAvailable, replicas);
  if (most === 0) return 'maxUnavailable';
  return most === undefined && least !== undefined && least >= replicas ? 'minAvailable' : undefined;
}

/** A number, or a share of the replicas, rounded up as Kubernetes does. */
function amountOf(value: unknown, replicas: number): number | undefined {
  if (typeof value === 'number') return value;
  const [, percent] = typeof value === 'string' ? (/^(\d+)%$/.exec(value) ?? []) : [];
  return percent === undefined ? undefined : Math.ceil((Number(percent) * replicas) / 100);
}
