import { push } from '../kubernetes/groups';
import { othersOf } from './kind';
import type { KeysOf, Others, ReadResource, ResourceProps, Subject } from './kind';

/*
 * Rules about what several resources have in common report it once, however many there are: at the last one in the app, with the names
 * of some and the number of all. Each pair by itself would be the square of them.
 */

/** The resources of a cluster by keys, in the order of the app; a key that a resource has twice counts once. */
export function resourcesByKey<P extends ResourceProps, M>(
  kinds: readonly string[],
  keysOf: KeysOf<P, M>,
): (all: Others) => ReadonlyMap<string, readonly ReadResource<P, M>[]> {
  return (all) => {
    const found = new Map<string, ReadResource<P, M>[]>();
    const resources = kinds.flatMap((kind) => othersOf<P, M>(all, kind));
    if (kinds.length > 1) resources.sort((one, other) => placeIn(all, one) - placeIn(all, other));
    for (const resource of resources) for (const key of keysIn(resource, keysOf)) push(found, key, resource);
    return found;
  };
}

/** The other members of a group of resources, for the last of them in the app; none for the rest. */
export function othersOfGroup<P extends ResourceProps, M>(
  { itself }: Pick<Subject<P, M>, 'itself'>,
  group: readonly ReadResource<P, M>[] | undefined,
): readonly ReadResource<P, M>[] {
  return group?.at(-1) === itself ? group.slice(0, -1) : [];
}

function placeIn<P extends ResourceProps, M>(all: Others, resource: ReadResource<P, M>): number {
  return all.placeOf(resource as unknown as ReadResource);
}

/** The keys of a resource; none of one with a wrong shape, which is reported where it is judged. */
function keysIn<P extends ResourceProps, M>(resource: ReadResource<P, M>, keysOf: KeysOf<P, M>): ReadonlySet<string> {
  try {
    return new Set(keysOf(resource));
  } catch {
    return new Set();
  }
}
