/** Plain JSON data, as values, custom resources and rendered objects carry it. */

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object. A key that is `undefined` counts as absent. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Text by name: labels, annotations, node selectors, ConfigMap data. */
export interface StringMap {
  readonly [key: string]: string;
}

/** A map: neither a list nor a scalar. */
export function isMap(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as a map; an empty one when it is none. */
export function mapOf(value: unknown): JsonObject {
  return isMap(value) ? value : {};
}

/** The value under a name of the map itself, not of its prototype. */
export function ownValue(map: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

/** Sets a name as data even where assignment means something else (`__proto__`). */
export function setOwn(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
  else target[name] = value;
}

/** The value at a path of names, `a.b.c`; `undefined` where there is none. */
export function valueAt(values: unknown, path: string): Json | undefined {
  return path.split('.').reduce<unknown>((node, name) => (isMap(node) ? ownValue(node, name) : undefined), values) as Json | undefined;
}
