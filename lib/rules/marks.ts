/** Whether an object of whatever copy of this library has a mark; a proxy that fails has none. */
export function hasMark(value: unknown, mark: symbol): value is object {
  try {
    return typeof value === 'object' && value !== null && mark in value;
  } catch {
    return false;
  }
}
