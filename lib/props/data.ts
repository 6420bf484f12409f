/** Whether data can be read at all: before anything looks at props, values or objects. */
import { pathTo } from '../rules/nearest';
import { isPlain } from '../rules/words';

/** A place in data that nothing can be done with. */
export interface Unreadable {
  readonly at: string;
  readonly message: string;
  readonly hint: string;
}

/** No cluster has more; shared lists and maps count wherever they are, because they are written there. */
const BUDGET = { items: 1_000_000, characters: 256 * 1024 * 1024, depth: 100, problems: 20 } as const;

/** Half of a surrogate pair: no UTF-8 text can hold it. */
const BROKEN = /\p{Surrogate}/u;

/** What is in a list or map, everything inside it included. */
interface Weight {
  readonly items: number;
  readonly characters: number;
}

const NOTHING: Weight = { items: 0, characters: 0 };

/**
 * Everything in lists and plain maps that cannot be read: getters and proxies that fail, data that contains itself or has no end, more
 * data than any cluster has, text that is not Unicode. Instances and functions are the business of shapes. Never throws.
 * @param at where the value is; '' when it is the whole.
 * @param isEntered whether the entry of a name, of the value itself, is looked into. @default - each is
 */
export function unreadable(
  value: unknown,
  at = '',
  isEntered: (name: string) => boolean = () => true,
): readonly Unreadable[] {
  const reading: Reading = { problems: [], at, path: [], open: new Set(), done: new Map(), isEntered };
  weigh(value, reading);
  return reading.problems;
}

/** What is under a name; `undefined` where that cannot be read. Never throws. */
export function readable(from: object, name: string): unknown {
  const item = read(from, name);
  return item === FAILED || unreadable(item).length > 0 ? undefined : item;
}

interface Reading {
  readonly problems: Unreadable[];
  readonly at: string;
  /** From there to the present place. */
  readonly path: (string | number)[];
  readonly open: Set<object>;
  readonly done: Map<object, Weight>;
  readonly isEntered: (name: string) => boolean;
}

const FAILED = Symbol('failed');

function read(from: object, name: string | number): unknown {
  try {
    return Reflect.get(from, name);
  } catch {
    return FAILED;
  }
}

function weigh(value: unknown, reading: Reading): Weight {
  if (typeof value === 'string') return weighText(value, reading);
  if (typeof value !== 'object' || value === null) return NOTHING;
  const { open, done } = reading;
  const known = done.get(value);
  if (known !== undefined) return known;
  if (open.has(value))
    return refuse(reading, 'It refers to a map or list that contains it.', 'Copy the data: it is a tree.');
  if (open.size >= BUDGET.depth)
    return refuse(reading, `It is nested more than ${String(BUDGET.depth)} levels deep.`, 'Look for a mistake.');
  open.add(value);
  const weight = weighObject(value, reading);
  open.delete(value);
  done.set(value, weight);
  return weight;
}

function weighText(value: string, reading: Reading): Weight {
  if (BROKEN.test(value))
    return refuse(reading, 'It holds half of a surrogate pair, which no UTF-8 text can hold.', 'Write Unicode text.');
  return { items: 0, characters: value.length };
}

function weighObject(value: object, reading: Reading): Weight {
  try {
    if (Array.isArray(value)) {
      // A sparse list may be long without holding anything.
      return value.length > BUDGET.items ? tooMuch(reading) : weighEntries(value, value.keys(), value.length, reading);
    }
    if (!isPlain(value)) return NOTHING;
    const names = Object.keys(value);
    return weighEntries(value, names, names.length, reading);
  } catch {
    return notReadable(reading);
  }
}

function weighEntries(from: object, names: Iterable<string | number>, length: number, reading: Reading): Weight {
  const { problems, path } = reading;
  let [items, characters] = [length, 0];
  for (const name of names) {
    if (problems.length >= BUDGET.problems) return NOTHING;
    path.push(name);
    if (typeof name === 'string') weighText(name, reading);
    const item = read(from, name);
    const isEntered = path.length > 1 || typeof name === 'number' || reading.isEntered(name);
    const weight = item === FAILED ? notReadable(reading) : isEntered ? weigh(item, reading) : NOTHING;
    path.pop();
    items += weight.items;
    characters += weight.characters;
    if (items > BUDGET.items || characters > BUDGET.characters) return tooMuch(reading);
  }
  return { items, characters };
}

function tooMuch(reading: Reading): Weight {
  return refuse(
    reading,
    'It holds more than 1,000,000 items or 256 MiB of text; what is shared counts wherever it is.',
    'Look for a mistake, such as aliases that repeat each other.',
  );
}

function notReadable(reading: Reading): Weight {
  return refuse(reading, 'It cannot be read: a getter or a proxy fails.', 'Write plain data.');
}

function refuse({ problems, at, path }: Reading, message: string, hint: string): Weight {
  const place = path.reduce<string>(
    (above, name) => (typeof name === 'number' ? `${above}[${String(name)}]` : pathTo(above, name)),
    at,
  );
  problems.push({ at: place, message, hint });
  return NOTHING;
}
