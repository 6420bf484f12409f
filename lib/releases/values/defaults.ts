/** Writes default trees as one base per minor, deltas per patch, and the image table. */
import type { Json, JsonObject } from '../../kubernetes/json';
import { isMap } from '../../kubernetes/json';

/** How the defaults of a patch differ from those of the patch before. Paths are dotted; keys with dots do not occur as paths. */
export interface PatchDelta {
  readonly set?: JsonObject;
  readonly removed?: readonly string[];
}

/** `defaults.json`: the first patch of a minor and the differences of the later ones, without image tags and digests. */
export interface MinorDefaults {
  readonly base: JsonObject;
  readonly patches: Readonly<Record<string, PatchDelta>>;
}

/** One patch release: its number and its default tree. */
export interface PatchDefaults {
  readonly patch: number;
  readonly version: string;
  readonly defaults: JsonObject;
}

const IMAGE_LEAF = /^(tag|digest|[a-z]+Digest)$/;

/** Splits the trees of one minor (oldest first, patch 0 first). */
export function minorDefaults(patches: readonly PatchDefaults[]): MinorDefaults {
  const trees = patches.map(({ patch, defaults }) => ({ patch, tree: withoutImages(defaults) }));
  const deltas: Record<string, PatchDelta> = {};
  trees.forEach(({ patch, tree }, i) => {
    if (i === 0) return;
    const delta = difference(trees[i - 1].tree, tree);
    if (delta !== undefined) deltas[String(patch)] = delta;
  });
  return { base: trees[0].tree, patches: deltas };
}

/** Image tags and digests by exact version and path. */
export function imageTable(
  patches: readonly PatchDefaults[],
): Readonly<Record<string, Readonly<Record<string, Json>>>> {
  return Object.fromEntries(
    patches.map(({ version, defaults }) => [version, Object.fromEntries(imageLeaves(defaults, ''))]),
  );
}

function isImage(value: Json | undefined): value is JsonObject {
  return isMap(value) && 'repository' in value && 'pullPolicy' in value;
}

function imageLeaves(tree: JsonObject, path: string): readonly (readonly [string, Json])[] {
  return Object.entries(tree).flatMap(([name, value]): readonly (readonly [string, Json])[] => {
    const at = path === '' ? name : `${path}.${name}`;
    if (isMap(value)) return imageLeaves(value, at);
    return isImage(tree) && IMAGE_LEAF.test(name) ? [[at, value ?? null]] : [];
  });
}

function withoutImages(tree: JsonObject): JsonObject {
  const image = isImage(tree);
  return Object.fromEntries(
    Object.entries(tree)
      .filter(([name]) => !(image && IMAGE_LEAF.test(name)))
      .map(([name, value]) => [name, isMap(value) ? withoutImages(value) : value]),
  );
}

function difference(before: JsonObject, after: JsonObject): PatchDelta | undefined {
  const set: Record<string, Json> = {};
  const removed: string[] = [];
  const walk = (a: JsonObject, b: JsonObject, path: string): void => {
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const at = path === '' ? name : `${path}.${name}`;
      const [x, y] = [a[name], b[name]];
      if (y === undefined) removed.push(at);
      else if (x === undefined || !(isMap(x) && isMap(y))) {
        if (JSON.stringify(x) !== JSON.stringify(y)) set[at] = y;
      } else walk(x, y, at);
    }
  };
  walk(before, after, '');
  if (Object.keys(set).length === 0 && removed.length === 0) return undefined;
  return {
    ...(Object.keys(set).length > 0 && { set: sorted(set) as JsonObject }),
    ...(removed.length > 0 && { removed: removed.sort() }),
  };
}

/** Deep copy with sorted names, so that the same charts always give the same bytes. */
export function sorted(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map((item: Json) => sorted(item));
  if (!isMap(value)) return value === undefined ? null : value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, child]) => [name, sorted(child)]),
  );
}
