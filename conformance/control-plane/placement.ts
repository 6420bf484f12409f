import { mapOf, mapsIn, valueAt } from '../../lib/kubernetes/json';
import type { JsonObject } from '../../lib/kubernetes/json';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import type { Api } from './api';

/** Workloads that run before any other pod has a network: the operator on one node, the others on each. */
const FIRST: Readonly<Record<string, 'one' | 'each'>> = {
  'Deployment cilium-operator': 'one',
  'DaemonSet cilium': 'each',
  'DaemonSet cilium-envoy': 'each',
};

/** The workloads of the first boot that the taints of nodes keep away, as the scheduler decides it. */
export async function placementFaults(api: Api, objects: readonly KubernetesObject[]): Promise<readonly string[]> {
  const nodes = await api.list('v1', 'nodes');
  return objects.flatMap(({ kind, metadata: { name }, ...object }) => {
    const where = FIRST[`${kind} ${name}`];
    if (where === undefined) return [];
    const tolerations = mapsIn(valueAt(object, 'spec.template.spec.tolerations'));
    const closed = nodes.flatMap((node) => {
      const [taint] = mapsIn(node.spec?.taints).filter((one) => !isTolerated(one, tolerations));
      return taint === undefined ? [] : [`${node.metadata.name} has ${String(taint.key)}:${String(taint.effect)}`];
    });
    const isKeptAway = where === 'one' ? closed.length === nodes.length : closed.length > 0;
    return isKeptAway
      ? [`${kind} ${name} does not tolerate the taints of nodes at the first boot: ${closed.join(', ')}`]
      : [];
  });
}

function isTolerated({ key, value, effect }: JsonObject, tolerations: readonly JsonObject[]): boolean {
  if (effect === 'PreferNoSchedule') return true;
  return tolerations
    .map(mapOf)
    .some(
      (one) =>
        (one.effect === undefined || one.effect === '' || one.effect === effect) &&
        ((one.operator === 'Exists' && (one.key === undefined || one.key === '' || one.key === key)) ||
          (one.operator !== 'Exists' && one.key === key && (one.value ?? '') === (value ?? ''))),
    );
}
