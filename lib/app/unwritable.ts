import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Finding } from '../rules/finding';
import { isTidy } from '../kubernetes/tidy';
import type { KubernetesObject } from '../kubernetes/types';
import { contentsOf, objectText } from './contents';
import type { Picture } from './picture';

/** A chart with an object that no YAML can hold; read as a whole, which validates the app. */
export function unwritableChart(chart: IConstruct): Finding | undefined {
  return unwritable(() => contentsOf(chart as Chart).written());
}

/** Objects that no YAML can hold, by their charts; nothing is validated. */
export function unwritableObjects({ objects, carried }: Picture): ReadonlyMap<IConstruct, readonly Finding[]> {
  const found = new Map<IConstruct, readonly Finding[]>();
  for (const object of objects) {
    const chart = Chart.of(object);
    // What was given as plain data is written as plain data; making all objects each time a chart is read would take long.
    const isSound = carried.has(chart) || isTidy(Reflect.get(object, 'props'));
    const problem = isSound ? undefined : unwritable(() => check(object.toJson() as KubernetesObject));
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
    // cdk8s reports what a user's construct throws.
    if (!(error instanceof TypeError)) return undefined;
    return { id: 'object/json', level: 'error', paths: [], message: error.message, hint: 'Write plain JSON data.' };
  }
}
