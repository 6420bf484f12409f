/** Renders as lines, so that two of them can be compared field by field. */
import { normalForm } from '../helm/normal-form';
import { isMap } from '../kubernetes/json';
import type { Json } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';

/** The fields of a render in the normal form of docs/parity.md: the place of each, and its value as JSON. */
export type Lines = ReadonlyMap<string, string>;

/** Separates the parts of a place; no name of Kubernetes has it. */
export const BETWEEN = '\u0000';

/** Objects that are kept read: a few times those of a render. */
const MOST_KNOWN = 400;

/** Reads renders as lines. An object that an earlier render has is not read again. */
export class LineReader {
  private readonly known = new Map<string, readonly (readonly [string, string])[]>();
  private readonly same = new WeakMap<KubernetesObject, readonly (readonly [string, string])[]>();

  /** A list whose items have names is compared by them, a list of permissions item by item. */
  linesOf(objects: readonly KubernetesObject[]): Lines {
    const lines = new Map<string, string>();
    const seen = new Set<string>();
    for (const object of objects) for (const [place, value] of this.ofObject(object, seen)) lines.set(place, value);
    return lines;
  }

  private ofObject(object: KubernetesObject, seen: Set<string>): readonly (readonly [string, string])[] {
    let own = this.same.get(object);
    if (own === undefined) {
      own = this.read(object);
      this.same.set(object, own);
    }
    const name = objectAt(own[0]?.[0] ?? '');
    if (!seen.has(name)) {
      seen.add(name);
      return own;
    }
    // As in the normal form, an object that is there twice is kept twice.
    let again = name;
    while (seen.has(again)) again += ' (again)';
    seen.add(again);
    return own.map(([place, value]) => [again + place.slice(name.length), value] as const);
  }

  private read(object: KubernetesObject): readonly (readonly [string, string])[] {
    const text = JSON.stringify(object);
    let own = this.known.get(text);
    if (own === undefined) {
      const read = new Map<string, string>();
      for (const [name, form] of normalForm([object])) addLines(form, name, read);
      if (this.known.size >= MOST_KNOWN) this.known.clear();
      this.known.set(text, (own = [...read]));
    }
    return own;
  }
}

function addLines(value: Json, place: string, lines: Map<string, string>): void {
  const inside = partsOf(value, place);
  if (inside === undefined || inside.length === 0) lines.set(place, JSON.stringify(value));
  else for (const [name, child] of inside) addLines(child, place + BETWEEN + name, lines);
}

function partsOf(value: Json, place: string): readonly (readonly [string, Json])[] | undefined {
  if (isMap(value)) {
    const entries = Object.entries(value) as readonly (readonly [string, Json])[];
    // The number of a port is a value like others: its name stays when it changes.
    return place.endsWith(`${BETWEEN}ports`) ? portsOf(entries) : entries;
  }
  if (!Array.isArray(value)) return undefined;
  const items = value as readonly Json[];
  if (place.endsWith(`${BETWEEN}rules`) && items.every((item) => typeof item === 'string'))
    return items.map((item) => [item, null]);
  // The items of other lists of maps by their positions.
  return named(items) ?? (items.every(isMap) ? items.map((item, i) => [String(i), item] as const) : undefined);
}

function portsOf(entries: readonly (readonly [string, Json])[]): readonly (readonly [string, Json])[] {
  const items = entries.map(([, item]) => item);
  return named(items) ?? (items.length === 1 ? items.map((item) => ['0', item] as const) : entries);
}

/** Items by their names; `undefined` where one has none, or two have the same. */
function named(items: readonly Json[]): readonly (readonly [string, Json])[] | undefined {
  const names = items.map((item) => (isMap(item) && typeof item.name === 'string' ? item.name : undefined));
  const isNamed = names.every((name) => name !== undefined) && new Set(names).size === names.length;
  return isNamed ? items.map((item, i) => [names[i] ?? '', item]) : undefined;
}

/** The object of a line: `apps/DaemonSet kube-system/cilium`. */
export function objectAt(place: string): string {
  const end = place.indexOf(BETWEEN);
  return end === -1 ? place : place.slice(0, end);
}

/** The names on the way to a line, the object first. */
export function partsAt(place: string): readonly string[] {
  return place.split(BETWEEN);
}

/** The path of a line within its object, for people: `spec.template.spec.nodeSelector`. */
export function pathAt(place: string): string {
  return partsAt(place).slice(1).join('.');
}

/** The places of two renders whose lines differ. */
export function differing(a: Lines, b: Lines): readonly string[] {
  const places: string[] = [];
  for (const [place, value] of a) if (b.get(place) !== value) places.push(place);
  for (const place of b.keys()) if (!a.has(place)) places.push(place);
  return places;
}

/** How many lines of two renders differ. */
export function distanceOf(a: Lines, b: Lines): number {
  let same = 0;
  let both = 0;
  for (const [place, value] of a) {
    const other = b.get(place);
    if (other === undefined) continue;
    both += 1;
    if (other === value) same += 1;
  }
  return a.size + b.size - both - same;
}
