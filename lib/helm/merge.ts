/** How Helm lays values over a chart's defaults. */
import { isMap, ownValue, setOwn } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';

/**
 * The defaults with values over them, by the rules of Helm 3.19:
 * - maps are merged name by name, everything else replaces what is there;
 * - `null` removes a name that the defaults have; where they do not have it, it stays as `null`;
 * - `null` among the defaults stays.
 *
 * Nothing is changed in place; subtrees that no value touches are shared with the defaults. `undefined` counts as absent.
 */
export function coalesce(values: JsonObject, defaults: JsonObject): JsonObject {
  const result: Record<string, Json | undefined> = {};
  for (const [name, below] of Object.entries(defaults)) {
    const value = ownValue(values, name);
    if (value === undefined) setOwn(result, name, below);
    else if (value !== null) setOwn(result, name, isMap(value) && isMap(below) ? coalesce(value, below) : value);
  }
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && !Object.hasOwn(defaults, name)) setOwn(result, name, value);
  }
  return result;
}
