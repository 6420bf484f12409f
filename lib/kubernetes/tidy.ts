import { actual } from '../rules/words';
import { setOwn } from './json';

/**
 * A JSON copy of a value without `undefined`, and without `null` in maps: what an API server would store.
 * Strings, empty maps and empty lists stay.
 * @throws TypeError naming the path of anything that is not JSON: NaN, infinite numbers, functions, dates, class
 *   instances, bigints, or `undefined` and `null` in a list.
 */
export function tidy<T>(value: T, path = ''): T {
  return copy(value, path) as T;
}

/** Whether {@link tidy} accepts a value. It copies nothing and names no path, so it is quicker. */
export function isTidy(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.every((item) => item !== null && isTidy(item));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every((item) => item === undefined || isTidy(item));
}

function copy(value: unknown, path: string): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${place(path)} is ${actual(value)}, which JSON cannot hold.`);
    return Object.is(value, -0) ? 0 : value;
  }
  if (Array.isArray(value)) return value.map((item, i) => inList(item, `${path}[${String(i)}]`));
  if (typeof value === 'object') return copyMap(value, path);
  throw new TypeError(
    `${place(path)} is ${value === undefined ? 'missing' : `a ${typeof value}`}, which JSON cannot hold.`,
  );
}

function copyMap(map: object, path: string): unknown {
  const prototype: unknown = Object.getPrototypeOf(map);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`${place(path)} is ${actual(map)}; only plain maps can be written.`);
  }
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(map)) {
    if (item === undefined || item === null) continue;
    setOwn(result, key, copy(item, path === '' ? key : `${path}.${key}`));
  }
  return result;
}

function inList(item: unknown, path: string): unknown {
  if (item === undefined || item === null)
    throw new TypeError(`${place(path)} is ${item === null ? 'null' : 'missing'}; a list cannot hold that.`);
  return copy(item, path);
}

function place(path: string): string {
  return path === '' ? 'The value' : path;
}
