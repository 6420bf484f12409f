/** Makes sure that user input is plain data before it is read. */
import type { Json } from '../kubernetes/json';
import { unreadable } from '../props/data';
import { pathTo } from '../rules/nearest';
import { actual, isPlain } from '../rules/words';

/** Something that is not plain data, and its place. */
export interface NotPlain {
  readonly at: string;
  readonly message: string;
  readonly hint: string;
}

/** A copy without `undefined` and without anything that is not JSON, and what was wrong with that. */
export interface PlainData {
  /** `undefined` when nothing is left. */
  readonly data: Json | undefined;
  readonly problems: readonly NotPlain[];
}

/** Deeper than any value of the chart; keeps hostile input from exhausting the stack. */
const MAX_DEPTH = 64;

/** Copies plain data. Never throws, changes nothing; entries that are `undefined` are left out. */
export function plainData(value: unknown): PlainData {
  const unusable = unreadable(value);
  if (unusable.length > 0) return { data: undefined, problems: unusable };
  const copying: Copying = { problems: [], open: new Set(), done: new Map() };
  return { data: copy(value, '', copying), problems: copying.problems };
}

interface Copying {
  readonly problems: NotPlain[];
  /** Lists and maps around the present one. */
  readonly open: Set<object>;
  /** Copies made: shared data is copied once. */
  readonly done: Map<object, Json>;
}

function refuse({ problems }: Copying, at: string, message: string, hint: string): undefined {
  problems.push({ at, message, hint });
  return undefined;
}

function copy(item: unknown, at: string, copying: Copying): Json | undefined {
  if (item === null || typeof item === 'string' || typeof item === 'boolean') return item;
  if (typeof item === 'number') {
    return Number.isFinite(item)
      ? item
      : refuse(copying, at, `This is ${actual(item)}, which JSON cannot represent.`, 'Write a finite number.');
  }
  if (typeof item !== 'object') {
    return refuse(
      copying,
      at,
      `This is a ${typeof item}, not data.`,
      'Write text, a number, true, false, null, a list or a map.',
    );
  }
  const { open, done } = copying;
  const made = done.get(item);
  if (made !== undefined) return made;
  if (open.has(item))
    return refuse(copying, at, 'This refers to a map or list that contains it.', 'Values are a tree: copy the data.');
  if (open.size > MAX_DEPTH) {
    return refuse(
      copying,
      at,
      `This is nested more than ${MAX_DEPTH} levels deep.`,
      'Values are never that deep; look for a mistake.',
    );
  }
  open.add(item);
  const result = Array.isArray(item) ? copyList(item, at, copying) : copyMap(item, at, copying);
  open.delete(item);
  if (result !== undefined) done.set(item, result);
  return result;
}

/** Includes holes, which `map` would skip. */
function copyList(list: readonly unknown[], at: string, copying: Copying): Json {
  return Array.from(list, (item, i) => {
    const place = `${at}[${i}]`;
    return item === undefined
      ? refuse(copying, place, 'This item is missing.', 'Remove it from the list.')
      : copy(item, place, copying);
  }).filter((item) => item !== undefined);
}

function copyMap(map: object, at: string, copying: Copying): Json | undefined {
  if (!isPlain(map)) {
    const message = `This is ${actual(map)}, not plain data.`;
    return refuse(copying, at, message, 'Write a plain map, or convert it to text.');
  }
  const entries: [string, Json][] = [];
  for (const [name, child] of Object.entries(map)) {
    if (child === undefined) continue;
    const place = pathTo(at, name);
    const data =
      name === '__proto__'
        ? refuse(copying, place, 'A map cannot have a name that JavaScript reserves.', 'Remove it.')
        : copy(child, place, copying);
    if (data !== undefined) entries.push([name, data]);
  }
  return Object.fromEntries(entries);
}
