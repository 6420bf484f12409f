import { compareBigints } from './cidr';
import type { AddressRange } from './cidr';

/**
 * Items whose addresses overlap, in groups: each item of a group overlaps with another one of it. Groups and their items have the order of
 * the list. Found by one pass in the order of addresses, whatever overlaps with what.
 */
export function overlapping<T>(
  items: readonly T[],
  rangeOf: (item: T) => AddressRange,
): readonly (readonly [T, T, ...T[]])[] {
  const sorted = items
    .map((item, place) => ({ item, place, range: rangeOf(item) }))
    .sort((one, other) => one.range.family - other.range.family || compareBigints(one.range.first, other.range.first));
  const groups: (typeof sorted)[] = [];
  let end = -1n;
  let family = 0;
  for (const one of sorted) {
    const group = groups.at(-1);
    const isIn = group !== undefined && family === one.range.family && one.range.first <= end;
    if (isIn) group.push(one);
    else groups.push([one]);
    end = isIn && end > one.range.last ? end : one.range.last;
    family = one.range.family;
  }
  return groups
    .filter((group) => group.length > 1)
    .map((group) => group.sort((one, other) => one.place - other.place))
    .sort(([one], [other]) => (one?.place ?? 0) - (other?.place ?? 0))
    .map((group) => group.map(({ item }) => item) as [T, T, ...T[]]);
}
