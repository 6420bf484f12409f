import { push } from '../kubernetes/groups';
import type { KeysOf, Others, ReadResource, Resource } from './kind';
import { readResource } from './read';

/** The custom resources of a cluster, indexed by whatever rules look them up by: without it, rules over pairs cost the square. */
export class ResourceIndex {
  /** All of them. */
  readonly all: Others = this.view();
  private readonly kinds = new Map<string, ReadResource[]>();
  private readonly places = new Map<ReadResource, number>();
  private readonly made = new Map<unknown, unknown>();

  /** @param resources in the order of the app. */
  constructor(readonly resources: readonly Resource[]) {
    for (const [place, resource] of resources.entries()) {
      const read = readResource(resource);
      this.places.set(read, place);
      push(this.kinds, read.of.subject, read);
    }
  }

  has(resource: Resource): boolean {
    return this.places.has(readResource(resource));
  }

  /** All but one. */
  others(resource: Resource): Others {
    const itself = readResource(resource);
    return this.view((list) => {
      const i = this.countBefore(list, this.placeOf(itself));
      return list[i] === itself ? list.toSpliced(i, 1) : list;
    });
  }

  /** Those before one. */
  earlier(resource: Resource): Others {
    const end = this.placeOf(readResource(resource));
    return this.view((list) => list.slice(0, this.countBefore(list, end)));
  }

  /** Something made of all of them, once. */
  once<T>(key: unknown, make: () => T): T {
    if (!this.made.has(key)) this.made.set(key, make());
    return this.made.get(key) as T;
  }

  /** @param among the part of a list in order that can be seen. */
  private view(among: (list: readonly ReadResource[]) => readonly ReadResource[] = (list) => list): Others {
    const kinds = new Map<string, readonly ReadResource[]>();
    return {
      ofKind: (subject) => {
        const known = kinds.get(subject) ?? among(this.kinds.get(subject) ?? []);
        kinds.set(subject, known);
        return known;
      },
      withKeys: (subject, keysOf, keys) => {
        const byKey = this.byKey(subject, keysOf);
        const lists = [...new Set(keys)].flatMap((key) => byKey.get(key) ?? []);
        const found = [...new Set(lists)].sort((one, other) => this.placeOf(one) - this.placeOf(other));
        return among(found);
      },
      ofCluster: (make) => this.once(make, () => make(this.all)),
      placeOf: (resource) => this.placeOf(resource),
    };
  }

  private byKey(subject: string, keysOf: KeysOf): ReadonlyMap<string, readonly ReadResource[]> {
    const bySubject = this.once(keysOf, () => new Map<string, ReadonlyMap<string, readonly ReadResource[]>>());
    const known = bySubject.get(subject);
    if (known !== undefined) return known;
    const found = new Map<string, ReadResource[]>();
    for (const one of this.kinds.get(subject) ?? []) for (const key of keysIn(one, keysOf)) push(found, key, one);
    bySubject.set(subject, found);
    return found;
  }

  private placeOf(resource: ReadResource): number {
    return this.places.get(resource) ?? this.resources.length;
  }

  /** How many of a list in order are before a place. */
  private countBefore(list: readonly ReadResource[], place: number): number {
    let [first, last] = [0, list.length];
    while (first < last) {
      const middle = (first + last) >> 1;
      if (this.placeOf(list[middle] as ReadResource) < place) first = middle + 1;
      else last = middle;
    }
    return first;
  }
}

/** The keys of a resource; none of one with a wrong shape, which is reported where it is judged. */
function keysIn(resource: ReadResource, keysOf: KeysOf): ReadonlySet<string> {
  try {
    return new Set(keysOf(resource));
  } catch {
    return new Set();
  }
}
