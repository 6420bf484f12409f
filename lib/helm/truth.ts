/**
 * Go's truth, as `if` and `with` in a Helm template judge it: false for `undefined`, `null`, `false`, `0`, `""` and
 * empty lists and maps, true for everything else. Use it for every value of the chart: `if (v.someList)` would be wrong.
 */
export function isTruthy<T>(value: T): value is NonNullable<Exclude<T, false | 0 | '' | null | undefined>> {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return false;
  return typeof value !== 'object' || isFilled(value);
}

/** What cannot be read, such as a revoked proxy, is something. */
function isFilled(value: object): boolean {
  try {
    return Array.isArray(value) ? value.length > 0 : Object.keys(value).length > 0;
  } catch {
    return true;
  }
}

/** The value when it is {@link isTruthy}, otherwise `undefined`: a config key or field that is left out. */
export function whenTruthy<T>(value: T): T | undefined {
  return isTruthy(value) ? value : undefined;
}

/** Sprig's `default`: the value when it is {@link isTruthy}, otherwise the fallback. */
export function defaultTo<T, F>(value: T, fallback: F): NonNullable<T> | F {
  return isTruthy(value) ? (value as NonNullable<T>) : fallback;
}

/** Neither `undefined` nor `null`: the user, or the chart, decided. `false` and `""` are decisions. */
export function isSet<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null;
}
