import { isMap } from '../kubernetes/json';

/** The maps in a list, each read with its path: what a kind's `read` is made of. Other items are left to the schema. */
export function each<T, R>(list: readonly T[] | undefined, at: string, read: (item: T, at: string) => R): readonly R[] {
  return eachItem(list, at, (item, place) => (isMap(item) ? [read(item, place)] : [])).flat();
}

/** The maps in a list; none when it is not a list. */
export function mapsOf<T>(list: readonly T[] | undefined): readonly T[] {
  return each(list, '', (item) => item);
}

/** The maps and strings in a list, each read with its path. */
export function eachItem<T, R>(
  list: readonly T[] | undefined,
  at: string,
  read: (item: T, at: string) => R,
): readonly R[] {
  if (!Array.isArray(list)) return [];
  return (list as readonly T[]).flatMap((item, i) =>
    isMap(item) || typeof item === 'string' ? [read(item, `${at}[${String(i)}]`)] : [],
  );
}
