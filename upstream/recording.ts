/** Records which values a program reads. */
import { isMap } from '../lib/kubernetes/json';

/** Values that record what was read from them. */
export interface Recording<T> {
  /** Looks like the values and records every read. */
  readonly values: T;
  /** The paths read so far, sorted. A section counts only when it was looked at as a whole (listed, copied, printed). */
  readonly reads: () => readonly string[];
}

/** Wraps plain data. Lists and scalars count as one value; maps are followed name by name. The data may be frozen. */
export function recordReads<T extends object>(data: T): Recording<T> {
  const touched = new Set<string>();
  const whole = new Set<string>();
  const wrap = (source: object, path: string): object => {
    // The proxy stands before an empty map, because a frozen one would force it to hand out its own children.
    return new Proxy<Record<string, unknown>>(
      {},
      {
        get: (_, name) => {
          const value: unknown = Reflect.get(source, name);
          if (typeof name === 'symbol' || !(Object.hasOwn(source, name) || value === undefined)) return value;
          const at = path === '' ? name : `${path}.${name}`;
          touched.add(at);
          return isMap(value) ? wrap(value, at) : value;
        },
        has: (_, name) => Reflect.has(source, name),
        ownKeys: () => {
          whole.add(path);
          return Reflect.ownKeys(source);
        },
        getOwnPropertyDescriptor: (proxy, name) =>
          Object.hasOwn(source, name)
            ? // Listing names reads descriptors: only reading the value counts.
              { get: () => Reflect.get(proxy, name) as unknown, enumerable: true, configurable: true }
            : undefined,
      },
    );
  };
  return {
    values: wrap(data, '') as T,
    reads: () =>
      [...touched]
        .filter((path) => whole.has(path) || ![...touched].some((other) => other.startsWith(`${path}.`)))
        .sort(),
  };
}
