/** Looks at values of which nothing may be readable: proxies that fail. */

/** Whether something is a list; a revoked proxy is not. */
export function isList(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** Whether something is an object that is not a list; a revoked proxy is not. */
export function isObject(value: unknown): value is object {
  try {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Whether an object of whatever copy of this library has a mark; a proxy that fails has none. */
export function hasMark(value: unknown, mark: symbol): value is object {
  try {
    return typeof value === 'object' && value !== null && mark in value;
  } catch {
    return false;
  }
}

/** The entries of an object; what a getter or a proxy does not give is `null`. */
export function readableEntries(of: object): readonly (readonly [string, unknown])[] {
  try {
    return Object.keys(of).map((name) => [name, readOrNull(of, name)]);
  } catch {
    return [];
  }
}

function readOrNull(of: object, name: string): unknown {
  try {
    return Reflect.get(of, name);
  } catch {
    return null;
  }
}
