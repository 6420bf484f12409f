/** Compares values with the shapes of a release: which are unknown, which have a wrong type, and the remaining ones. */
import { isMap, ownValue } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import { hasShape } from '../props/check';
import { pathTo } from '../rules/nearest';
import type { Shape, ShapeMap } from './shape';
import { formOf, isChoice, isOpen, isSection, ITEM, REST, wordsOf } from './shape';

/** A value that is unknown to the release. */
export interface UnknownValue {
  /** The names of the path; positions in lists are names, too. */
  readonly path: readonly string[];
  /** As the user writes it. */
  readonly at: string;
  readonly value: Json;
}

/** A value of a wrong type. */
export interface WrongType {
  /** The names of the path; positions in lists are names, too. */
  readonly path: readonly string[];
  /** As the user writes it: `tolerations[0].key`. */
  readonly at: string;
  readonly shape: Shape;
  readonly value: Json;
}

/** A string that the chart accepts, but that is not one of the known enum values. */
export type UnknownWord = WrongType;

/** The outcome of {@link checkShapes}. */
export interface ShapeCheck {
  /** The values without ill-typed ones, and without unknown ones that are not kept, ready to be merged over the defaults. A nulled section has all of its defaults nulled one by one. */
  readonly values: JsonObject;
  readonly unknown: readonly UnknownValue[];
  readonly wrong: readonly WrongType[];
  /** These stay among the values. */
  readonly words: readonly UnknownWord[];
}

/**
 * Compares values with shapes; `defaults` has the names that a `null` removes.
 * @param keeps which unknown values stay, by their path. Default: none.
 */
export function checkShapes(
  values: JsonObject,
  shapes: ShapeMap,
  defaults: JsonObject,
  keeps: (path: readonly string[]) => boolean = () => false,
): ShapeCheck {
  const unknown: UnknownValue[] = [];
  const wrong: WrongType[] = [];
  const words: UnknownWord[] = [];
  const clean = checkSection(values, shapes, defaults, { path: [], at: '', keeps, report: { unknown, wrong, words } });
  return { values: clean, unknown, wrong, words };
}

interface Place {
  readonly path: readonly string[];
  readonly at: string;
  readonly keeps: (path: readonly string[]) => boolean;
  readonly report: Report;
}

interface Report {
  readonly unknown: UnknownValue[];
  readonly wrong: WrongType[];
  readonly words: UnknownWord[];
}

function inside(place: Place, name: string): Place {
  return { ...place, path: [...place.path, name], at: pathTo(place.at, name) };
}

function checkSection(values: JsonObject, shapes: ShapeMap, defaults: JsonObject, place: Place): JsonObject {
  const clean: [string, Json][] = [];
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const there = inside(place, name);
    const shape = Object.hasOwn(shapes, name) && name !== REST ? shapes[name] : shapes[REST];
    if (shape === undefined) {
      place.report.unknown.push({ path: there.path, at: there.at, value });
      if (place.keeps(there.path)) clean.push([name, value]);
      continue;
    }
    const below = ownValue(defaults, name);
    const checked = value === null ? nulled(shape, below) : checkValue(value, shape, below, there);
    if (checked !== undefined) clean.push([name, checked]);
  }
  return Object.fromEntries(clean);
}

/**
 * A `null` for a section means "nothing of it": each of its defaults is nulled, and the section itself stays, so that reading
 * from it is safe. (The chart fails on most of these.) Any other `null` stays a `null`.
 */
function nulled(shape: Shape, defaults: Json | undefined): Json | undefined {
  if (!isSection(shape) || isOpen(shape)) return null;
  if (!isMap(defaults)) return undefined;
  const children = Object.entries(defaults).map(([name, below]): [string, Json | undefined] => [
    name,
    nulled(shape[name] ?? 'any', below),
  ]);
  return Object.fromEntries(children.filter(([, child]) => child !== undefined));
}

/** The value as far as it fits, or `undefined` when it was reported and dropped. */
function checkValue(value: Json, shape: Shape, defaults: Json | undefined, place: Place): Json | undefined {
  if (typeof shape === 'string') return checkWords(value, shape, place);
  if (isChoice(shape)) return checkChoices(value, shape, defaults, place);
  if (!(ITEM in shape))
    return isMap(value)
      ? checkSection(value, shape, isMap(defaults) ? defaults : {}, place)
      : drop(value, shape, place);
  return Array.isArray(value) ? checkItems(value as readonly Json[], shape[ITEM], place) : drop(value, shape, place);
}

function drop(value: Json, shape: Shape, { path, at, report }: Place): undefined {
  report.wrong.push({ path, at, shape, value });
  return undefined;
}

/** A list is kept as a whole or not at all: half a list would mean something else. */
function checkItems(items: readonly Json[], shape: Shape, place: Place): Json | undefined {
  const checked = items.map((item, i) =>
    checkValue(item, shape, undefined, { ...place, path: [...place.path, String(i)], at: `${place.at}[${i}]` }),
  );
  const kept = checked.filter((item) => item !== undefined);
  return kept.length === items.length ? kept : undefined;
}

function checkChoices(
  value: Json,
  choices: readonly Shape[],
  defaults: Json | undefined,
  place: Place,
): Json | undefined {
  const reports = choices.map((choice) => {
    const report: Report = { unknown: [], wrong: [], words: [] };
    return { report, checked: checkValue(value, choice, defaults, { ...place, report }) };
  });
  const fit = reports.find(({ report }) => report.unknown.length + report.wrong.length + report.words.length === 0);
  if (fit !== undefined) return fit.checked;
  // The choice that fails only at a deeper path is the one that was meant.
  const meant = reports.find(({ report }) => report.wrong.every(({ at }) => at !== place.at));
  if (meant === undefined) return drop(value, choices, place);
  place.report.unknown.push(...meant.report.unknown);
  place.report.wrong.push(...meant.report.wrong);
  place.report.words.push(...meant.report.words);
  return meant.checked;
}

function checkWords(value: Json, shape: string, place: Place): Json | undefined {
  if (hasShape(value, formOf(shape))) return value;
  const words = wordsOf(shape);
  if (isMap(value) && words.includes('texts')) return checkTexts(value, place);
  if (Array.isArray(value) && words.includes('strings')) return checkItems(value as readonly Json[], 'string', place);
  if (Array.isArray(value) && words.includes('objects')) return checkItems(value as readonly Json[], 'map', place);
  if (typeof value === 'string' && words.includes('text')) {
    place.report.words.push({ path: place.path, at: place.at, shape, value });
    return value;
  }
  return drop(value, shape, place);
}

/** Labels and annotations have only string values; a `null` removes a name. */
function checkTexts(map: JsonObject, place: Place): JsonObject {
  const clean: [string, Json][] = [];
  for (const [name, value] of Object.entries(map)) {
    if (value === undefined) continue;
    if (value === null || typeof value === 'string') clean.push([name, value]);
    else drop(value, 'string', inside(place, name));
  }
  return Object.fromEntries(clean);
}
