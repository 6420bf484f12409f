import { Chart } from 'cdk8s';
import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { CiliumError } from '../rules/finding';
import type { Finding } from '../rules/finding';
import { isTidy } from '../kubernetes/tidy';
import type { KubernetesObject } from '../kubernetes/types';
import { contentsOf, endlessObject, jsonOf, objectFinding, objectText } from './contents';
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
    if (carried.has(chart)) continue;
    const problem = problemOf(object);
    if (problem !== undefined) found.set(chart, [...(found.get(chart) ?? []), problem]);
  }
  return found;
}

function problemOf(object: ApiObject): Finding | undefined {
  const endless = endlessObject(object);
  if (endless !== undefined) return endless;
  const isSound = isTidy(Reflect.get(object, 'props')) && isOfCdk8s(Reflect.get(object, 'props'));
  return isSound ? undefined : unwritable(() => check(jsonOf(object)));
}

/** Whether cdk8s writes plain data: it knows a map by its constructor. */
function isOfCdk8s(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isOfCdk8s);
  return value.constructor === Object && Object.values(value).every(isOfCdk8s);
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
    if (error instanceof CiliumError) return error.findings[0];
    if (!(error instanceof TypeError)) return undefined;
    return objectFinding(error.message, 'Write plain JSON data.');
  }
}
