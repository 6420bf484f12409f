/** Reads a value back from objects: a probe shows where a leaf is printed, and there the wanted objects have the wanted value. */
import { foldedConfiguration } from '../helm/normal-form';
import { isMap, ownValue, setOwn } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import type { Leaf } from './leaves';
import { differing, objectAt, partsAt } from './lines';
import type { Lines } from './lines';
import type { Written } from './written';

/** A value that shows where a leaf is printed. */
export interface Probe {
  readonly leaf: Leaf;
  readonly value: Json;
  /** What is in the text of its lines. */
  readonly mark: string;
}

/** The renders that a value is read back from. */
export interface Renders {
  /** Without the probe. */
  readonly present: Lines;
  /** With the probe in the leaf, else like the present one. */
  readonly probed: Lines;
  readonly shown: Written;
  readonly wanted: Written;
}

/** Values of a leaf that show where it is printed; `number` distinguishes those of several leaves. */
export function probesOf(leaf: Leaf, number = 0): readonly Probe[] {
  const { kinds, most } = leaf;
  const mark = `zq7m${String(number)}x`;
  const digits = numberUpTo(most, number);
  return [
    ...(kinds.has('text') ? [{ leaf, mark, value: mark }] : []),
    ...(kinds.has('number') ? [{ leaf, mark: String(digits), value: digits }] : []),
    ...(kinds.has('list')
      ? [
          { leaf, mark, value: [mark] },
          { leaf, mark, value: [{ name: mark, mountPath: mark }] },
        ]
      : []),
    ...(kinds.has('map') ? [{ leaf, mark, value: { [mark]: mark } }] : []),
  ];
}

/** Values that can be tried as they are. */
export function choicesOf({ kinds, words }: Leaf): readonly Json[] {
  return [...(kinds.has('boolean') ? [true, false] : []), ...words];
}

/** A number that is hardly anywhere else. */
function numberUpTo(most: number, number: number): number {
  const free = 47_117 + number;
  return free <= most ? free : ([7_117, 211, 97, 23, 13].find((one) => one <= most) ?? most);
}

const MARK = /zq7m\d+x/;

/** The part of a place above the mark of a probe. */
export function aboveMark(parts: readonly string[]): readonly string[] {
  const at = parts.findIndex((part) => MARK.test(part));
  return at === -1 ? parts : parts.slice(0, at);
}

/** What the leaf of a probe may be, by what changed with it. */
export function readBack(
  probe: Probe,
  renders: Renders,
  changed = differing(renders.probed, renders.present),
): readonly Json[] {
  const found = new Map<string, Json>();
  for (const place of changed)
    for (const value of fromPlace(probe, place, renders)) found.set(JSON.stringify(value), value);
  return [...found.values()];
}

function fromPlace(probe: Probe, place: string, { shown, wanted, present, probed: lines }: Renders): readonly Json[] {
  if (!place.includes(probe.mark) && lines.get(place)?.includes(probe.mark) !== true) return [];
  const parts = partsAt(place);
  const at = parts.findIndex((part) => part.includes(probe.mark));
  if (at === 0) return namesOfObjects(probe, parts[0] ?? '', present, wanted);
  const above = at === -1 ? parts : parts.slice(0, at);
  const [probed, target] = [shown.at(above), wanted.at(above)];
  return at === -1 ? fromLine(probe, probed, target) : itemsAt(probe, probed, target);
}

/** The names of wanted objects that are missing, in the place of the mark. */
function namesOfObjects({ leaf, mark }: Probe, marked: string, present: Lines, wanted: Written): readonly Json[] {
  const known = new Set([...present.keys()].map(objectAt));
  const missing = wanted.names.filter((object) => !known.has(object));
  return missing.flatMap((object) => inText(leaf, mark, marked, object));
}

/** What the wanted objects have where the mark is a name: a map, or the items of a list. */
function itemsAt(probe: Probe, probed: Json | undefined, target: Json | undefined): readonly Json[] {
  const { leaf, value } = probe;
  if (isMap(value)) return isMap(target) && isMap(probed) ? mapsFrom(probe, probed, target) : absent(leaf);
  if (Array.isArray(value)) return fromList(probe, probed, target);
  if (Array.isArray(target))
    return (target as readonly Json[]).flatMap((item) =>
      isMap(item) && typeof item.name === 'string' ? typed(leaf, item.name) : [],
    );
  return isMap(target) ? Object.keys(target).flatMap((name) => typed(leaf, name)) : [];
}

function fromLine(probe: Probe, shown: Json | undefined, wanted: Json | undefined): readonly Json[] {
  const { leaf, value, mark } = probe;
  if (shown === undefined) return [];
  if (wanted === undefined) return absent(leaf);
  if (isMap(value)) return isMap(wanted) && isMap(shown) ? mapsFrom(probe, shown, wanted) : [];
  if (Array.isArray(value)) return fromList(probe, shown, wanted);
  if (shown === value) return typed(leaf, wanted);
  if (typeof shown === 'string' && typeof wanted === 'string') return inText(leaf, mark, shown, wanted);
  // An item of a list: `--flag=value`.
  if (Array.isArray(shown) && Array.isArray(wanted)) return fromItems(leaf, mark, shown, wanted);
  return [];
}

function fromItems(leaf: Leaf, mark: string, shown: readonly Json[], wanted: readonly Json[]): readonly Json[] {
  const own = shown.find((item) => typeof item === 'string' && item.includes(mark));
  if (typeof own === 'string')
    return wanted.flatMap((item) => (typeof item === 'string' ? inText(leaf, mark, own, item) : []));
  // A field of an item of a list of maps.
  const at = shown.findIndex((item) => isMap(item) && JSON.stringify(item).includes(mark));
  return fromNested(leaf, mark, shown[at], wanted[at]);
}

function fromNested(leaf: Leaf, mark: string, shown: Json | undefined, wanted: Json | undefined): readonly Json[] {
  if (isMap(shown) && isMap(wanted))
    return Object.entries(shown).flatMap(([name, child]) => fromNested(leaf, mark, child, ownValue(wanted, name)));
  if (Array.isArray(shown) && Array.isArray(wanted)) return fromItems(leaf, mark, shown, wanted);
  if (String(shown) === mark && wanted !== undefined) return typed(leaf, wanted);
  if (typeof shown === 'string' && typeof wanted === 'string') return inText(leaf, mark, shown, wanted);
  return [];
}

/** What a leaf may be whose line is not there. */
function absent(leaf: Leaf): readonly Json[] {
  return [null, '', [], {}].filter((value) => fits(leaf, value));
}

/** The part of a text in the place of the probe. */
function inText(leaf: Leaf, mark: string, shown: string, wanted: string): readonly Json[] {
  const exact = partOf(mark, shown, wanted) ?? partOf(mark, foldedConfiguration(shown), foldedConfiguration(wanted));
  return exact === undefined ? [] : typed(leaf, exact);
}

/** What is in a text wherever the other one has the mark. */
function partOf(mark: string, shown: string, wanted: string): string | undefined {
  const around = shown.split(mark);
  const length = (wanted.length - around.join('').length) / (around.length - 1);
  if (!Number.isInteger(length) || length < 0) return undefined;
  const start = around[0]?.length ?? 0;
  const part = wanted.slice(start, start + length);
  return around.join(part) === wanted ? part : undefined;
}

/** A map is printed among other names, over the default, or whole. */
function mapsFrom({ leaf, mark }: Probe, shown: JsonObject, wanted: JsonObject): readonly Json[] {
  const others = Object.keys(shown).filter((name) => !name.includes(mark));
  const own = isMap(leaf.default) ? leaf.default : {};
  const added = Object.entries(wanted).filter(([name]) => !others.includes(name) || Object.hasOwn(own, name));
  return [overlay(own, Object.fromEntries(added)), overlay(own, wanted), Object.fromEntries(added), wanted];
}

/** What makes one map of another as Helm merges them. */
export function overlay(from: JsonObject, to: JsonObject): JsonObject {
  const result: Record<string, Json> = {};
  for (const [name, value] of Object.entries(to)) {
    const old = ownValue(from, name);
    if (value === undefined || JSON.stringify(old) === JSON.stringify(value)) continue;
    setOwn(result, name, isMap(old) && isMap(value) ? overlay(old, value) : value);
  }
  for (const name of Object.keys(from)) if (!Object.hasOwn(to, name)) setOwn(result, name, null);
  return result;
}

/** A list is printed as a list, among other items, or joined to a text. */
function fromList({ leaf, mark }: Probe, shown: Json | undefined, wanted: Json | undefined): readonly Json[] {
  const isMarked = (item: Json): boolean => JSON.stringify(item).includes(mark);
  if (wanted === undefined || shown === undefined) return absent(leaf);
  if (typeof shown === 'string' && typeof wanted === 'string') return fromJoined(leaf, mark, shown, wanted);
  if (!Array.isArray(shown)) return [];
  const items = (Array.isArray(wanted) ? wanted : [wanted]) as readonly Json[];
  const at = (shown as readonly Json[]).findIndex((item) => isMarked(item));
  if (at === -1) return [];
  const before = (shown as readonly Json[]).filter((item) => !isMarked(item));
  const known = new Set(before.map((item) => JSON.stringify(item)));
  const added = items.filter((item) => !known.has(JSON.stringify(item)));
  const after = shown.length - at - 1;
  const between = items.slice(at, items.length - after);
  const item = (shown as readonly Json[])[at];
  // An item that is made of an item of the value: `--flag=item`.
  const inner =
    typeof item === 'string' && item !== mark
      ? [added.flatMap((text) => (typeof text === 'string' ? inText(TEXT, mark, item, text) : []))]
      : [];
  return [...inner, between, added, items].filter(
    (list, i, all) => i === 0 || JSON.stringify(list) !== JSON.stringify(all[i - 1]),
  );
}

const TEXT: Leaf = { path: [], name: '', kinds: new Set(['text']), words: [], most: Infinity, default: undefined };

function fromJoined(leaf: Leaf, mark: string, shown: string, wanted: string): readonly Json[] {
  const at = shown.indexOf(mark);
  if (at === -1) return [];
  const [start, end] = [shown.slice(0, at), shown.slice(at + mark.length)];
  if (!wanted.startsWith(start) || !wanted.endsWith(end)) return [];
  const inner = wanted.slice(start.length, wanted.length - end.length);
  const splits = [/[\s,]+/, /,/, / /, /;/].map((by) => (inner === '' ? [] : inner.split(by)));
  return leaf.kinds.has('text') ? [...splits, inner] : splits;
}

/** A printed value as the leaf may hold it. */
function typed(leaf: Leaf, value: Json): readonly Json[] {
  const { kinds, words } = leaf;
  const all: Json[] = [value];
  if (typeof value === 'string') {
    if (kinds.has('number') && /^-?\d+(\.\d+)?$/.test(value)) all.unshift(Number(value));
    if (kinds.has('boolean') && (value === 'true' || value === 'false')) all.unshift(value === 'true');
    if (kinds.has('list')) all.push(value === '' ? [] : value.split(/[\s,]+/));
  } else if (value !== null && typeof value !== 'object') all.push(String(value));
  else if (value !== null && kinds.has('text')) all.push(JSON.stringify(value));
  return all.filter((one) => fits(leaf, one) || (typeof one === 'string' && words.includes(one)));
}

function fits({ kinds }: Leaf, value: Json): boolean {
  if (value === null) return true;
  if (Array.isArray(value)) return kinds.has('list');
  if (typeof value === 'object') return kinds.has('map');
  return kinds.has(typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : 'boolean');
}
