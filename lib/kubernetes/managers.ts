/** Who wrote a field of a live object, from its `metadata.managedFields`. */
import { isMap, mapOf, mapsIn } from './json';
import type { JsonObject } from './json';
import type { KubernetesObject } from './types';

/** A step of a path as `changesBetween` writes it: `data['a.b']`, `containers[cilium-agent]`, `.image`. */
const STEP = /\['((?:[^'\\]|\\.)*)'\]|\[([^\]]*)\]|([^.[\]]+)/g;

/**
 * The field managers that own a field, `talos`, `helm-controller`, `kubectl-edit`; of those that own what is around it, the nearest.
 * @param path as in {@link FieldChange}.
 */
export function managersOf(object: KubernetesObject, path: string): readonly string[] {
  const steps = [...path.matchAll(STEP)].map(([, quoted, item, name]) => quoted ?? item ?? name ?? '');
  const owners = mapsIn((object.metadata as unknown as JsonObject).managedFields).map(({ manager, fieldsV1 }) => ({
    manager: String(manager),
    depth: depthOf(mapOf(fieldsV1), steps),
  }));
  const deepest = Math.max(0, ...owners.map(({ depth }) => depth));
  return [...new Set(owners.flatMap(({ manager, depth }) => (depth > 0 && depth === deepest ? [manager] : [])))];
}

/** How many steps of a path a manager owns. */
function depthOf(fields: JsonObject, [step, ...rest]: readonly string[]): number {
  if (step === undefined) return 0;
  const name = Object.keys(fields).find(
    (field) => field === `f:${step}` || (field.startsWith('k:') && isKey(field, step)),
  );
  return name === undefined ? 0 : 1 + depthOf(mapOf(fields[name]), rest);
}

/** Whether `k:{"name":"cilium-agent"}` is an item. */
function isKey(field: string, item: string): boolean {
  try {
    const key: unknown = JSON.parse(field.slice(2));
    return isMap(key) && Object.values(key).some((value) => String(value) === item);
  } catch {
    return false;
  }
}
