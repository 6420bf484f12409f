/** What a comparison needs to know about one chart archive. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isOpen, isSection, ITEM, REST } from '../../cilium/shape';
import type { Shape, ShapeMap } from '../../cilium/shape';
import type { Json, JsonObject } from '../../kubernetes/json';
import type { ArchiveFile } from '../archive';
import { readArchive } from '../archive';
import type { Curated } from '../values/curated';
import { templateReads } from '../values/reads';
import type { SchemaNode } from '../values/shapes';
import { shapesOf } from '../values/shapes';
import { isMap } from '../../kubernetes/json';

/** One chart, taken apart. Paths of files begin below the chart's folder: `templates/…`. */
export interface Chart {
  readonly version: string;
  readonly files: ReadonlyMap<string, string>;
  readonly defaults: JsonObject;
  /** Path of every value that the schema declares, with its type in words. */
  readonly types: ReadonlyMap<string, string>;
  /** Paths that the templates read. */
  readonly reads: readonly string[];
}

/**
 * Finds `cilium-<version>.tgz` in the first folder that has it, and reads it.
 *
 * @throws Error when no folder has it, or it is not a chart.
 */
export function openChart(folders: readonly string[], version: string): Chart {
  const file = folders.map((folder) => join(folder, `cilium-${version}.tgz`)).find((path) => existsSync(path));
  if (file === undefined) throw new Error(`No cilium-${version}.tgz in ${folders.join(', ')}.`);
  return chartOf(version, readArchive(file));
}

/** The schema alone: what we know better must not hide what changed. */
const SCHEMA_ONLY: Curated = {
  type: () => undefined,
  byName: new Map(),
  strict: new Set(),
  wider: new Set(),
  isTexts: () => false,
  isFragment: () => false,
  hidden: () => [],
  nullable: new Set(),
  ignoredReads: new Set(),
};

function chartOf(version: string, archive: readonly ArchiveFile[]): Chart {
  const files = new Map(archive.map(({ path, text }) => [path.replace(/^[^/]+\//, ''), text]));
  const text = (path: string): string => {
    const found = files.get(path);
    if (found === undefined) throw new Error(`The chart ${version} holds no ${path}.`);
    return found;
  };
  const schema = JSON.parse(text('values.schema.json')) as SchemaNode;
  return {
    version,
    files,
    // Helm reads values.yaml as YAML 1.1.
    defaults: parse(text('values.yaml'), { version: '1.1' }) as JsonObject,
    types: typesOf(shapesOf(schema, version, SCHEMA_ONLY)),
    reads: templateReads(archive),
  };
}

/** Every value with its type in words. */
export function typesOf(shapes: ShapeMap): ReadonlyMap<string, string> {
  return new Map(leaves(shapes, ''));
}

function leaves(shape: Shape, path: string): readonly (readonly [string, string])[] {
  if (!isSection(shape)) return [[path, words(shape)]];
  const children = Object.entries(shape).filter(([name]) => name !== REST);
  const below = children.flatMap(([name, child]) => leaves(child, path === '' ? name : `${path}.${name}`));
  return children.length === 0 || isOpen(shape) ? [[path, 'map'], ...below] : below;
}

function words(shape: Shape): string {
  if (typeof shape === 'string') return shape;
  if (Array.isArray(shape)) return (shape as readonly Shape[]).map(words).join('|');
  const map = shape as ShapeMap;
  if (ITEM in map) return `list of ${words(map[ITEM])}`;
  const names = Object.keys(map).filter((name) => name !== REST);
  return names.length === 0 ? 'map' : `map of ${names.sort().join(', ')}`;
}

/** Defaults by path; lists, empty maps and maps in which the schema declares no children count as one value. */
export function defaultLeaves({ defaults, types }: Chart): ReadonlyMap<string, Json> {
  const sections = new Set([...types.keys()].flatMap((path) => ancestors(path)));
  const found = new Map<string, Json>();
  const walk = (tree: JsonObject, path: string): void => {
    for (const [name, value] of Object.entries(tree)) {
      const at = path === '' ? name : `${path}.${name}`;
      if (isMap(value) && sections.has(at)) walk(value, at);
      else found.set(at, value ?? null);
    }
  };
  walk(defaults, '');
  return found;
}

/** Every section above a path. */
export function ancestors(path: string): readonly string[] {
  const names = path.split('.');
  return names.slice(1).map((_, i) => names.slice(0, i + 1).join('.'));
}
