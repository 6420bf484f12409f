import { isObject } from '../rules/proxies';
import { isPlain } from '../rules/words';

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
  return isObject(value);
}

/** A value as a map; an empty one when it is none. */
export function mapOf(value: unknown): JsonObject {
  return isMap(value) ? value : {};
}

/** The maps in a list; none when it is not a list. */
export function mapsIn(list: unknown): readonly JsonObject[] {
  return Array.isArray(list) ? list.filter(isMap) : [];
}

/** The value under a name of the map itself, not of its prototype. */
export function ownValue(map: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

/** Sets a name as data even where assignment means something else (`__proto__`). */
export function setOwn(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true });
  else target[name] = value;
}

/** The value at a path of names, `a.b.c` or a list; `undefined` where there is none. */
export function valueAt(values: unknown, path: string | readonly string[]): Json | undefined {
  const names = typeof path === 'string' ? path.split('.') : path;
  let node: unknown = values;
  for (const name of names) {
    if (!isMap(node)) return undefined;
    node = ownValue(node, name);
  }
  return node as Json | undefined;
}

/** Deeper than any schema looks; keeps data that refers back to itself from exhausting the stack. */
const DEEPEST = 100;

/**
 * A value as an API server sees it: no `undefined`, and no `null` in maps. Instances are kept, because a construct can be given for
 * its name.
 */
export function withoutNulls(value: unknown, depth = 0): unknown {
  if (depth > DEEPEST) return value;
  if (Array.isArray(value)) return Array.from(value as readonly unknown[], (item) => withoutNulls(item, depth + 1));
  if (!isPlain(value)) return value;
  const result: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    if (item !== undefined && item !== null) setOwn(result, name, withoutNulls(item, depth + 1));
  }
  return result;
}

/** Whether {@link withoutNulls} leaves anything out of plain data. It copies nothing, so it is quicker. */
export function hasNulls(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return false;
  if (Array.isArray(value)) return value.some((item) => hasNulls(item, depth + 1));
  if (!isPlain(value)) return false;
  for (const name in value) {
    const item = value[name];
    if (item === undefined || item === null || hasNulls(item, depth + 1)) return true;
  }
  return false;
}

/** Whether a map in plain data has a `null`. */
export function hasNull(value: unknown, depth = 0): boolean {
  if (depth > DEEPEST) return false;
  if (Array.isArray(value)) return value.some((item) => hasNull(item, depth + 1));
  return isPlain(value) && Object.values(value).some((item) => item === null || hasNull(item, depth + 1));
}

/** A copy of data with the `null` that the data it was made of has in maps. */
export function withNullsOf(value: unknown, source: unknown, depth = 0): unknown {
  if (depth > DEEPEST) return value;
  if (Array.isArray(value) && Array.isArray(source))
    return value.map((item, i) => withNullsOf(item, source[i], depth + 1));
  if (!isPlain(value) || !isPlain(source)) return value;
  const result: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value))
    setOwn(result, name, withNullsOf(item, (source as JsonObject)[name], depth + 1));
  for (const [name, item] of Object.entries(source))
    if (item === null && !Object.hasOwn(result, name)) setOwn(result, name, null);
  return result;
}

/** Freezes plain data deeply. Frozen data is skipped. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const child of Object.values(value)) deepFreeze(child);
  return Object.freeze(value);
}

/** A name as a step of a JSON pointer (RFC 6901). */
export function pointerStep(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** A JSON pointer, `/spec/ports/0`, as a path in a value: in a list the step is a place, in a map a name. */
export function pointerPath(value: unknown, pointer: string): readonly (string | number)[] {
  const steps: (string | number)[] = [];
  let here = value;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const step = Array.isArray(here) ? Number(name) : name;
    steps.push(step);
    here = (here as Readonly<Record<string | number, unknown>> | undefined)?.[step];
  }
  return steps;
}
