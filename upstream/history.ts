/** The values of every release since 1.14, from chart archives: which exist, with which type and default. */
import { parse } from 'yaml';
import { REMOVED_VALUES } from '../lib/cilium/removed-values-table';
import { satisfies } from '../lib/helm/semver';
import { isMap } from '../lib/kubernetes/json';
import type { Json, JsonObject } from '../lib/kubernetes/json';
import { readArchive } from '../lib/releases/archive';
import type { ArchiveFile, ChartArchive } from '../lib/releases/archive';
import { sorted } from '../lib/releases/values/defaults';
import { templateReads } from '../lib/releases/values/reads';
import type { SchemaNode } from '../lib/releases/values/shapes';

/** A value of one release. */
interface ValueOfRelease {
  /** Types of JSON Schema, joined by `|`; `any` where the chart declares none. */
  readonly type: string;
  /** `undefined` where the chart has none. */
  readonly value: Json | undefined;
}

/** `[release]`: absent from there on. `[release, type]`: without a default. `[release, type, default]`. */
type Change =
  | readonly [release: string]
  | readonly [release: string, type: string]
  | readonly [release: string, type: string, value: Json];

/**
 * `values.json`: the releases, oldest first, and for each path its changes. Of images only tags and digests are omitted: each release
 * has others. Same archives, same bytes.
 */
export function historyOf(archives: readonly ChartArchive[]): string {
  const releases = archives.map(({ version, file }) => ({ version, values: valuesOf(version, readArchive(file)) }));
  const paths = [...new Set(releases.flatMap(({ values }) => [...values.keys()]))].sort();
  const lines = paths.map((path) => {
    const changes = changesOf(releases.map(({ version, values }) => [version, values.get(path)] as const));
    return `  ${JSON.stringify(path)}: ${JSON.stringify(changes)}`;
  });
  const versions = JSON.stringify(archives.map(({ version }) => version));
  return `{\n "releases": ${versions},\n "values": {\n${lines.join(',\n')}\n }\n}\n`;
}

function changesOf(states: readonly (readonly [string, ValueOfRelease | undefined])[]): readonly Change[] {
  const changes: Change[] = [];
  let before: ValueOfRelease | undefined;
  for (const [version, state] of states) {
    if (state === undefined) {
      if (before !== undefined) changes.push([version]);
    } else if (before === undefined || !same(before, state)) {
      changes.push(state.value === undefined ? [version, state.type] : [version, state.type, state.value]);
    }
    before = state;
  }
  return changes;
}

function same(one: ValueOfRelease, other: ValueOfRelease): boolean {
  return JSON.stringify([one.type, one.value]) === JSON.stringify([other.type, other.value]);
}

function valuesOf(version: string, files: readonly ArchiveFile[]): ReadonlyMap<string, ValueOfRelease> {
  const text = (path: string): string | undefined => files.find((file) => file.path === `cilium/${path}`)?.text;
  // Helm reads values.yaml as YAML 1.1.
  const defaults = new Map(leavesOf(sorted(parse(text('values.yaml') ?? '', { version: '1.1' }) as Json), ''));
  const schema = text('values.schema.json');
  const declared = new Map(schema === undefined ? [] : typesOf(JSON.parse(schema) as SchemaNode, ''));
  const known = [...defaults.keys(), ...declared.keys()];
  const sections = new Set(known.flatMap(sectionsOf));
  const read = templateReads(files.filter(({ path }) => !path.endsWith('/validate.yaml'))).filter(
    (path) =>
      !sections.has(path) && !sectionsOf(path).some((above) => known.includes(above)) && !isRefused(path, version),
  );
  const leaves = [...new Set([...known, ...read])].filter((path) => !sections.has(path) && !IMAGE_LEAF.test(path));
  // A read above another read is a section, too.
  const above = new Set(leaves.flatMap(sectionsOf));
  return new Map(
    leaves
      .filter((path) => !above.has(path))
      .map((path) => {
        const value = defaults.get(path);
        return [path, { type: declared.get(path) ?? typeOf(value), value }];
      }),
  );
}

const IMAGE_LEAF = /[iI]mage\.(tag|digest|[a-z]+Digest)$/;

/** Templates also read values in order to refuse them, and methods of Helm's own objects. */
function isRefused(path: string, version: string): boolean {
  return path === 'AsMap' || (path in REMOVED_VALUES && satisfies(version, `>=${REMOVED_VALUES[path]?.since ?? '0'}`));
}

/** The sections that a path is in: `a`, `a.b` for `a.b.c`. */
function sectionsOf(path: string): readonly string[] {
  const names = path.split('.');
  return names.slice(1).map((_, i) => names.slice(0, i + 1).join('.'));
}

function leavesOf(tree: Json | undefined, path: string): readonly (readonly [string, Json])[] {
  if (!isMap(tree) || Object.keys(tree).length === 0 || isOfNames(tree) || isFragment(path))
    return [[path, tree ?? null]];
  return Object.entries(tree).flatMap(([name, child]) => leavesOf(child, path === '' ? name : `${path}.${name}`));
}

/** A map whose names are data, such as a node selector. */
function isOfNames(tree: JsonObject): boolean {
  return Object.keys(tree).some((name) => !/^\w+$/.test(name));
}

/** A fragment of Kubernetes: what the chart has below it are defaults. */
function isFragment(path: string): boolean {
  return /(^|\.)affinity$/.test(path);
}

function typesOf(node: SchemaNode, path: string): readonly (readonly [string, string])[] {
  const children = Object.entries(node.properties ?? {});
  const isSection = children.length > 0 && children.every(([name]) => /^\w+$/.test(name)) && !isFragment(path);
  if (isSection) return children.flatMap(([name, child]) => typesOf(child, path === '' ? name : `${path}.${name}`));
  return [[path, kindsOf(node).join('|') || 'any']];
}

function kindsOf({ type, oneOf, anyOf, enum: words }: SchemaNode): readonly string[] {
  const choices = oneOf ?? anyOf;
  if (choices !== undefined) return [...new Set(choices.flatMap(kindsOf))];
  if (words !== undefined) return [...new Set(words.map(typeOf))];
  return type === undefined ? [] : typeof type === 'string' ? [type] : type;
}

function typeOf(value: Json | undefined): string {
  if (value === null || value === undefined) return 'any';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
