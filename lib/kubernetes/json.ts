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
