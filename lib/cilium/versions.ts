/** The data of each Cilium release: its defaults, its images and the shapes of its values. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CILIUM_VERSIONS } from '../../imports/cilium-chart';
import { toJson } from '../helm/json';
import { deepFreeze, isMap, ownValue, setOwn, valueAt } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import { Effects } from './effects';
import type { EffectNode, EffectTable } from './effects';
import { ImportedRelease } from './imported-release';
import { covers, proofOf } from './proven-templates';
import type { Proof } from './proven-templates';
import { partsOf } from './release-parts';
import type { Shape, ShapeMap } from './shape';
import { isSection } from './shape';

/** The data of one release, deeply frozen. */
export interface Profile {
  /** The release of this data: the requested one, or the nearest known patch of its minor. */
  readonly version: string;
  /** The known release whose templates this library renders: the same, or the one that is nearest to an imported release. */
  readonly rendersAs: string;
  /** The release that rules about agent, operator and API expect: the requested one, or of a minor that is not known `rendersAs`. */
  readonly behavesAs: string;
  readonly minor: string;
  readonly patch: number;
  /** Every value with its default, images included. */
  readonly defaults: JsonObject;
  /** The values of this release. */
  readonly shapes: ShapeMap;
  /** Where the user imported the data. */
  readonly imported?: ImportedProfile;
}

/** What is known only of an imported release. */
export interface ImportedProfile {
  readonly release: ImportedRelease;
  readonly proof: Proof;
  /** Whether its minor is one that this library renders. */
  readonly isKnownMinor: boolean;
}

/** The source of the data of a release. `undefined` when its minor is not supported. */
export interface Found {
  readonly profile: Profile;
  /** False when the patch is unknown and a neighbour's data is used: the user must then set the images. */
  readonly exact: boolean;
}

/**
 * Our defaults where the chart's need randomness: its `helm` method generates key material while rendering.
 * `cronJob` generates it in the cluster.
 */
const OUR_DEFAULTS: Readonly<Record<string, Json>> = {
  'hubble.tls.auto.method': 'cronJob',
  'clustermesh.apiserver.tls.auto.method': 'cronJob',
};

interface DefaultsFile {
  readonly base: JsonObject;
  readonly patches: Readonly<Record<string, { readonly set?: JsonObject; readonly removed?: readonly string[] }>>;
}

interface ShapesFile {
  readonly shapes: ShapeMap;
  /** Paths of only some patches: `9-` is from patch 9 on, `0-4` the first five. */
  readonly patches: Readonly<Record<string, string>>;
}

const profiles = new Map<string, Profile>();

/**
 * The data for a release, `1.18.4` or an imported one. Only the files of its minor are read, once.
 * An unknown patch uses the nearest known one of its minor.
 *
 * @returns `undefined` when the text is not a release or its minor is not supported.
 */
export function loadProfile(version: string | ImportedRelease): Found | undefined {
  if (version instanceof ImportedRelease) return { profile: importedProfile(version), exact: true };
  const [, minor, digits] = /^(\d+\.\d+)\.(\d+)$/.exec(version) ?? [];
  if (minor === undefined) return undefined;
  const patch = Number(digits);
  const known = patchesOf(minor);
  const nearest = known.reduce<number | undefined>(
    (best, candidate) =>
      best === undefined || Math.abs(candidate - patch) < Math.abs(best - patch) ? candidate : best,
    undefined,
  );
  if (nearest === undefined) return undefined;
  return { profile: profileOf(minor, nearest), exact: nearest === patch };
}

/** The release that an imported one behaves as; `undefined` for a version, which behaves as itself. */
export function behaviorOf(version: unknown): string | undefined {
  return version instanceof ImportedRelease ? importedProfile(version).behavesAs : undefined;
}

/** The supported minors, oldest first. */
export function knownMinors(): readonly string[] {
  return [...new Set(CILIUM_VERSIONS.map((version) => version.slice(0, version.lastIndexOf('.'))))];
}

/** The known patches of a minor, oldest first; none when it is not supported. */
export function patchesOf(minor: string): readonly number[] {
  return CILIUM_VERSIONS.filter((version) => version.startsWith(`${minor}.`)).map((version) =>
    Number(version.slice(minor.length + 1)),
  );
}

/** The patches of a minor that have a path, as text: `1.18`, `1.18.9 and later`, `1.19.0 to 1.19.4`; `undefined` when none does. */
export function whereKnown(minor: string, path: readonly string[]): string | undefined {
  const { shapes, patches } = readShapes(minor);
  if (!knowsPath(shapes, path)) return undefined;
  const range = rangeOf(patches, path);
  if (range === undefined) return minor;
  return range
    .split(',')
    .map((part) => {
      const [first, last] = part.split('-');
      return last === '' ? `${minor}.${first} and later` : `${minor}.${first} to ${minor}.${last}`;
    })
    .join(', ');
}

/** The patches of a path, or of what is around it; `undefined` for all. */
function rangeOf(patches: ShapesFile['patches'], path: readonly string[]): string | undefined {
  return path.map((_, i) => patches[path.slice(0, i + 1).join('.')]).find((found) => found !== undefined);
}

function knowsPath(shape: Shape | undefined, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return shape !== undefined;
  return isSection(shape) && Object.hasOwn(shape, name) && knowsPath(shape[name], rest);
}

function profileOf(minor: string, patch: number): Profile {
  const version = `${minor}.${patch}`;
  let profile = profiles.get(version);
  if (profile === undefined) {
    profile = deepFreeze({
      version,
      rendersAs: version,
      behavesAs: version,
      minor,
      patch,
      defaults: readDefaults(minor, patch),
      shapes: shapesOfPatch(minor, patch),
    });
    profiles.set(version, profile);
  }
  return profile;
}

function readDefaults(minor: string, patch: number): JsonObject {
  // Parsed for this release alone, so that it can be written into.
  const { base, patches } = parseJson<DefaultsFile>(minor, 'defaults.json');
  for (const [number, { set = {}, removed = [] }] of Object.entries(patches)) {
    if (Number(number) > patch) continue;
    for (const path of removed) put(base, path, undefined);
    for (const [path, value] of Object.entries(set)) put(base, path, value);
  }
  const images = readJson<Readonly<Record<string, JsonObject>>>(minor, 'images.json')[`${minor}.${patch}`] ?? {};
  return completed(base, images);
}

/** Default values with their images and our own defaults; they are written into. */
function completed(defaults: JsonObject, images: JsonObject): JsonObject {
  for (const [path, value] of [...Object.entries(images), ...Object.entries(OUR_DEFAULTS)]) put(defaults, path, value);
  return defaults;
}

/** Default values with every section that another release has, empty where it is gone: what reads from it finds nothing. */
function withSections(own: JsonObject, other: JsonObject = {}): JsonObject {
  const missing = Object.entries(other).flatMap(([name, value]): readonly (readonly [string, JsonObject])[] => {
    const mine = ownValue(own, name);
    if (!isMap(value) || (mine !== undefined && !isMap(mine))) return [];
    return [[name, withSections(mine ?? {}, value)]];
  });
  return { ...own, ...Object.fromEntries(missing) };
}

/** The proven releases that an imported one is compared with: those of its minor, or of the newest. */
export function candidatesFor(version: string): readonly string[] {
  const { minor } = partsOf(version);
  const ofMinor = `${knownMinors().includes(minor) ? minor : (knownMinors().at(-1) ?? '')}.`;
  return CILIUM_VERSIONS.filter((known) => known.startsWith(ofMinor));
}

const importedProfiles = new WeakMap<ImportedRelease, Profile>();

function importedProfile(release: ImportedRelease): Profile {
  let profile = importedProfiles.get(release);
  if (profile === undefined) {
    const { version } = release;
    const { minor, patch } = partsOf(version);
    const proof = proofOf(release.templates(), candidatesFor(version));
    const isKnownMinor = knownMinors().includes(minor);
    const data = {
      ...{ version, rendersAs: proof.nearest, behavesAs: isKnownMinor ? version : proof.nearest },
      ...{ minor, patch },
      defaults: deepFreeze(
        withSections(completed(release.defaults(), release.images()), loadProfile(proof.nearest)?.profile.defaults),
      ),
      shapes: deepFreeze(release.shapes()),
    };
    profile = Object.freeze({ ...data, imported: { release, proof, isKnownMinor } });
    importedProfiles.set(release, profile);
  }
  return profile;
}

/** Writes a value at a dotted path of a tree; `undefined` removes it. */
function put(tree: JsonObject, path: string, value: Json | undefined): void {
  const names = path.split('.');
  const leaf = names.pop() ?? '';
  let section = tree as Record<string, Json | undefined>;
  for (const name of names) {
    const below = section[name];
    section = (isMap(below) ? below : (section[name] = {})) as Record<string, Json | undefined>;
  }
  if (value === undefined) Reflect.deleteProperty(section, leaf);
  else section[leaf] = value;
}

function shapesOfPatch(minor: string, patch: number): ShapeMap {
  const { shapes, patches } = readShapes(minor);
  const absent = Object.keys(patches).filter((path) => !covers(patches[path] ?? '', patch));
  return absent.reduce((map, path) => withoutShape(map, path.split('.')), shapes);
}

/** The map without the shape at a path; other parts stay the same objects. */
function withoutShape(map: ShapeMap, [name = '', ...rest]: readonly string[]): ShapeMap {
  const { [name]: shape, ...others } = map;
  return rest.length > 0 && isSection(shape) ? { ...map, [name]: withoutShape(shape, rest) } : others;
}

/** What a `values.yaml` says differently from that of its release; names that it lacks are null. Nothing for an unknown release. */
export function changedDefaults(version: string, defaults: JsonObject): JsonObject {
  const found = loadProfile(version);
  if (found?.exact !== true) return {};
  const own = structuredClone(defaults);
  // Ours are not those of the chart.
  for (const [path, ours] of Object.entries(OUR_DEFAULTS)) if (valueAt(own, path) === 'helm') put(own, path, ours);
  return differing(own, found.profile.defaults);
}

function differing(own: JsonObject, known: JsonObject): JsonObject {
  const result: Record<string, Json | undefined> = {};
  for (const [name, value] of Object.entries(own)) {
    const below = ownValue(known, name);
    if (isMap(value) && isMap(below)) {
      const inside = differing(value, below);
      if (Object.keys(inside).length > 0) setOwn(result, name, inside);
    } else if (below === undefined || toJson(value ?? null) !== toJson(below)) setOwn(result, name, value);
  }
  for (const name of Object.keys(known)) if (!Object.hasOwn(own, name)) setOwn(result, name, null);
  return result;
}

interface EffectsFile {
  readonly nodes: readonly EffectNode[];
  /** What Helm prints, with the patches that print it: `9-` is from patch 9 on. */
  readonly outputs: readonly (readonly [node: number, patches: string])[];
}

const effects = new Map<string | ImportedRelease, Effects>();

/** What the chart of a release makes of values. Read on demand, once. */
export function effectsOf(profile: Profile): Effects {
  const key = profile.imported?.release ?? profile.version;
  let found = effects.get(key);
  if (found === undefined) {
    found = new Effects(profile.imported?.release.effects() ?? readEffects(profile));
    effects.set(key, found);
  }
  return found;
}

/** The objects of the templates of a release, in Helm's order of one kind. */
export type TemplatesOfPatch = readonly { readonly source: string; readonly kind: string; readonly name: string }[];

/** Which template of the chart prints which object. Read on demand. */
export function templatesOf({ rendersAs }: Profile): TemplatesOfPatch {
  const { minor, patch } = partsOf(rendersAs);
  const rows = readJson<readonly (readonly [source: string, kind: string, name: string, patches: string])[]>(
    minor,
    'documents.json',
  );
  return rows.flatMap(([source, kind, name, patches]) => (covers(patches, patch) ? [{ source, kind, name }] : []));
}

function readEffects({ minor, patch }: Profile): EffectTable {
  const { nodes, outputs } = readJson<EffectsFile>(minor, 'effects.json');
  return { nodes, outputs: outputs.flatMap(([node, range]) => (covers(range, patch) ? [node] : [])) };
}

function readShapes(minor: string): ShapesFile {
  return readJson<ShapesFile>(minor, 'shapes.json');
}

const files = new Map<string, unknown>();

/** Read on demand: rendering 1.18 never reads the data of 1.20. Only the data of a profile is frozen, with the profile. */
function readJson<T>(minor: string, name: string): T {
  const file = `${minor}/${name}`;
  if (!files.has(file)) files.set(file, parseJson(minor, name));
  return files.get(file) as T;
}

function parseJson<T>(minor: string, name: string): T {
  return JSON.parse(readFileSync(join(__dirname, '..', '..', 'imports', 'cilium-chart', minor, name), 'utf8')) as T;
}
