/** Makes sure that what users hand over is plain data before anything else looks at it. */
import type { Json } from '../kubernetes/json';

/** Something that is no plain data, and where. */
export interface NotPlain {
  readonly at: string;
  readonly says: string;
  readonly fix: string;
}

/** A copy without `undefined` and without everything that is no JSON, and what was wrong with the rest. */
export interface PlainData {
  /** `undefined` when nothing is left. */
  readonly data: Json | undefined;
  readonly problems: readonly NotPlain[];
}

/** Deeper than any value of the chart; keeps hostile input from exhausting the stack. */
const MAX_DEPTH = 64;

/** Copies plain data. Never throws, changes nothing; entries that are `undefined` are left out. */
export function plainData(value: unknown): PlainData {
  const problems: NotPlain[] = [];
  const open = new Set<object>();
  const done = new Map<object, Json>();
  const refuse = (at: string, says: string, fix: string): undefined => {
    problems.push({ at, says, fix });
    return undefined;
  };

  const copy = (item: unknown, at: string, depth: number): Json | undefined => {
    if (item === null || typeof item === 'string' || typeof item === 'boolean') return item;
    if (typeof item === 'number') {
      return Number.isFinite(item) ? item : refuse(at, `This is ${item}, which YAML and JSON cannot carry.`, 'Write a finite number.');
    }
    if (typeof item !== 'object') {
      return refuse(at, `This is a ${typeof item}, not data.`, 'Write text, a number, true, false, null, a list or a map.');
    }
    const made = done.get(item);
    if (made !== undefined) return made;
    if (open.has(item)) return refuse(at, 'This refers back to a map or list that contains it.', 'Values are a tree: copy what is needed.');
    if (depth > MAX_DEPTH)
      return refuse(at, `This is nested more than ${MAX_DEPTH} levels deep.`, 'Values are never that deep; look for a mistake.');
    open.add(item);
    const result = Array.isArray(item) ? copyList(item, at, depth) : copyMap(item, at, depth);
    open.delete(item);
    if (result !== undefined) done.set(item, result);
    return result;
  };

  const copyList = (list: readonly unknown[], at: string, depth: number): Json => {
    const items: Json[] = [];
    for (let i = 0; i < list.length; i++) {
      const place = `${at}[${i}]`;
      const item =
        list[i] === undefined ? refuse(place, 'This item is undefined.', 'Leave it out of the list.') : copy(list[i], place, depth + 1);
      if (item !== undefined) items.push(item);
    }
    return items;
  };

  const copyMap = (map: object, at: string, depth: number): Json | undefined => {
    if (!isPlain(map)) {
      return refuse(at, `This is an instance of ${map.constructor.name}, not plain data.`, 'Write a plain map, or convert it to text.');
    }
    const entries: [string, Json][] = [];
    for (const [name, child] of Object.entries(map)) {
      if (child === undefined) continue;
      const place = pathText(at, name);
      const data =
        name === '__proto__'
          ? refuse(place, 'A map cannot carry a name that JavaScript reserves.', 'Leave it out.')
          : copy(child, place, depth + 1);
      if (data !== undefined) entries.push([name, data]);
    }
    return Object.fromEntries(entries);
  };

  return { data: copy(value, '', 0), problems };
}

/** A path with one more name: `a.b`, or `a["b.c"]` for a name that would be misread. */
export function pathText(at: string, name: string): string {
  if (!/^[^\s.[\]"]+$/.test(name)) return `${at}[${JSON.stringify(name)}]`;
  return at === '' ? name : `${at}.${name}`;
}

/** `{}` literals of any realm, and maps without a prototype. */
function isPlain(map: object): boolean {
  const prototype = Object.getPrototypeOf(map) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
