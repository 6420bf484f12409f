/** Where values are written: in files, or on the command line. */
import type { PlaceTree, TextPlace } from '../helm/places';
import { isMap } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import { pathTo } from '../rules/nearest';
import type { Finding } from '../rules/finding';
import type { Placeholder } from './placeholders';

/** A place in a file, counted from 1; for an option of the command line, `--set hubble.uii`, line and column are 0. */
export interface Place extends TextPlace {
  /** As the user wrote it; `<stdin>` for standard input. */
  readonly file: string;
}

/** The places of values and of everything in them. */
export interface Places extends PlaceTree<Place> {
  readonly below: ReadonlyMap<string, Places>;
  /** A placeholder without a value in this scalar or name. */
  readonly placeholder?: Placeholder | undefined;
}

/** A finding with the place of what it is about. */
export interface PlacedFinding extends Finding {
  readonly place?: Place | undefined;
}

/** Values, and where they are written. */
export interface PlacedValues {
  readonly values: JsonObject;
  readonly places: Places;
}

/** `prod.yaml:3:3`, or the option. */
export function describePlace({ file, line, column }: Place): string {
  return line === 0 ? file : `${file}:${String(line)}:${String(column)}`;
}

/** The places of a text as places of its file. */
export function placesIn(file: string, { at, below, block }: PlaceTree): Places {
  return {
    at: { file, line: at.line, column: at.column },
    below: new Map([...below].map(([name, tree]) => [name, placesIn(file, tree)])),
    block,
  };
}

/** No values, of a file. */
export function noValues(file: string): PlacedValues {
  return { values: {}, places: { at: { file, line: 1, column: 1 }, below: new Map() } };
}

/** One layer of values over another, as Helm merges values files: of what both write, the upper place counts. */
export function over(below: PlacedValues, above: PlacedValues): PlacedValues {
  const { value, places } = join([below.values, below.places], [above.values, above.places]);
  return { values: value as JsonObject, places };
}

function join(
  [belowValue, belowPlaces]: readonly [Json | undefined, Places],
  [value, places]: readonly [Json | undefined, Places],
): { readonly value: Json | undefined; readonly places: Places } {
  if (!isMap(belowValue) || !isMap(value)) return { value, places };
  const values = new Map(Object.entries(belowValue));
  const trees = new Map(belowPlaces.below);
  for (const [name, item] of Object.entries(value)) {
    const [lower, upper] = [trees.get(name), places.below.get(name) ?? places];
    const joined = lower === undefined ? undefined : join([values.get(name), lower], [item, upper]);
    values.set(name, joined === undefined ? item : joined.value);
    trees.set(name, joined?.places ?? upper);
  }
  return { value: Object.fromEntries(values), places: { at: places.at, below: trees } };
}

/** Values that an option changed, `--set`: what differs gets the place of the option. */
export function changedBy(option: string, { values, places }: PlacedValues, changed: JsonObject): PlacedValues {
  return { values: changed, places: changes(option, '', [values, changed], places) };
}

function changes(
  option: string,
  path: string,
  [before, after]: readonly [Json | undefined, Json | undefined],
  places: Places | undefined,
): Places {
  const at = { file: path === '' ? option : `${option} ${path}`, line: 0, column: 0 };
  const isInside = (isMap(before) && isMap(after)) || (Array.isArray(before) && Array.isArray(after));
  if (!isInside && before === after && places !== undefined) return places;
  const below = new Map<string, Places>();
  for (const [name, item] of entriesOf(after)) {
    const inside = Array.isArray(after) ? `${path}[${name}]` : pathTo(path, name);
    const lower = isInside ? new Map(entriesOf(before)).get(name) : undefined;
    below.set(name, changes(option, inside, [lower, item], isInside ? places?.below.get(name) : undefined));
  }
  return { at: isInside && places !== undefined ? places.at : at, below };
}

function entriesOf(value: Json | undefined): readonly (readonly [string, Json | undefined])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

/** What is known of the place of a path. */
export interface FoundPlace {
  readonly place: Place;
  /** How many steps of the path are written there. */
  readonly depth: number;
  /** Whether the path itself is written. */
  readonly isWritten: boolean;
}

/** The place of a path of a finding, `hubble.relay.tolerations[0]`, or of what is written around it. */
export function findPlace(places: Places, path: string): FoundPlace {
  const { tree, depth, isWritten } = findTree(places, path);
  return { place: tree.at, depth, isWritten };
}

/** What is written at a path, or around it. */
export function findTree(
  places: Places,
  path: string,
): { readonly tree: Places; readonly depth: number; readonly isWritten: boolean } {
  const steps = stepsOf(path);
  let [here, depth] = [places, 0];
  while (depth < steps.length) {
    const found = nextStep(here, steps.slice(depth));
    if (found === undefined) break;
    here = found.tree;
    depth += found.steps;
  }
  return { tree: here, depth, isWritten: depth === steps.length };
}

/** A name may have dots, which some paths do not quote. */
function nextStep(
  { below }: Places,
  steps: readonly string[],
): { readonly tree: Places; readonly steps: number } | undefined {
  for (let count = 1; count <= steps.length; count++) {
    const name = steps.slice(0, count).join('.');
    const tree = below.get(name) ?? shortened(below, name);
    if (tree !== undefined) return { tree, steps: count };
  }
  return undefined;
}

/** Long names are shortened in paths. */
function shortened(below: Places['below'], name: string): Places | undefined {
  if (!name.endsWith('…')) return undefined;
  return [...below].find(([known]) => known.startsWith(name.slice(0, -1)))?.[1];
}

/** The names and indexes of a path of a finding. */
export function stepsOf(path: string): readonly string[] {
  return [...path.matchAll(/\['([^']*)'\]|\["([^"]*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, ...one]) => one.find((step) => step !== undefined) ?? '',
  );
}
