import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Finding } from '../findings';
import { isTidy } from '../kubernetes/tidy';
import type { KubernetesObject } from '../kubernetes/types';
import { contentsOf, objectText } from './contents';
import { isPatch, propsOfPatch } from './patches';

/** The charts that patches carry, with the charts in them: patches judge their objects by themselves. */
export function carriedCharts(constructs: readonly IConstruct[]): ReadonlySet<IConstruct> {
  return new Set(constructs.filter(isPatch).flatMap((patch) => chartsOf(propsOfPatch(patch).manifests)));
}

function chartsOf(manifests: unknown): readonly IConstruct[] {
  const listed: readonly unknown[] = Array.isArray(manifests) ? manifests : [];
  return listed
    .map((one) => (Chart.isChart(one) ? one : ((one ?? {}) as { readonly chart?: unknown }).chart))
    .flatMap((chart) => (Chart.isChart(chart) ? (chart as Chart).node.findAll().filter((one) => Chart.isChart(one)) : []));
}

/** A chart with an object that no YAML can hold; read as a whole, which validates the app. */
export function unwritableChart(chart: IConstruct): Finding | undefined {
  return unwritable(() => contentsOf(chart as Chart).written());
}

/** Objects that no YAML can hold, by their charts; nothing is validated. */
export function unwritableObjects(constructs: readonly IConstruct[]): ReadonlyMap<IConstruct, readonly Finding[]> {
  const carried = carriedCharts(constructs);
  const found = new Map<IConstruct, readonly Finding[]>();
  for (const object of constructs.filter((one) => ApiObject.isApiObject(one))) {
    const chart = Chart.of(object);
    const problem = carried.has(chart) ? undefined : unwritable(() => check(object.toJson() as KubernetesObject));
    if (problem !== undefined) found.set(chart, [...(found.get(chart) ?? []), problem]);
  }
  return found;
}

function check(object: KubernetesObject): void {
  if (!isTidy(object)) objectText(object);
}

function unwritable(write: () => unknown): Finding | undefined {
  try {
    write();
    return undefined;
  } catch (error) {
    // What a user's own construct throws is said by cdk8s.
    if (!(error instanceof TypeError)) return undefined;
    return { id: 'object/json', level: 'error', at: [], says: error.message, fix: 'Write plain JSON data.' };
  }
}
