/** Objects that nothing changes any more, with what was made of them. */
const fixed = new WeakMap<object, Map<unknown, unknown>>();

/** Declares that nothing changes an object any more, so that what {@link madeOnce} makes of it is made once. */
export function fix<T extends object>(object: T): T {
  if (!fixed.has(object)) fixed.set(object, new Map());
  return object;
}

/** Makes something of an object, by a key: once for an object that was fixed, otherwise each time. */
export function madeOnce<T>(object: unknown, key: unknown, make: () => T): T {
  const made = typeof object === 'object' && object !== null ? fixed.get(object) : undefined;
  if (made === undefined) return make();
  if (!made.has(key)) made.set(key, make());
  return made.get(key) as T;
}
