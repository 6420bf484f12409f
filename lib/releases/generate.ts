/** From chart archives to the files of `imports/cilium-chart/`. */
import { parse } from 'yaml';
import type { ShapeMap } from '../cilium/shape';
import type { Json, JsonObject } from '../kubernetes/json';
import type { ArchiveFile, ChartArchive } from './archive';
import { readArchive } from './archive';
import { curatedOf } from './values/curated';
import type { Curated, Knowledge } from './values/curated';
import { kubernetesTypes } from './values/kubernetes-paths';
import type { PatchDefaults } from './values/defaults';
import { imageTable, minorDefaults, sorted } from './values/defaults';
import type { GeneratedFile } from './generated-file';
import { json } from './generated-file';
import { ranges } from './ranges';
import { templateFiles } from './template/minor-templates';
import { templateReads, undeclaredReads } from './values/reads';
import { templateObjects } from './templates';
import type { SchemaNode } from './values/shapes';
import { shapesOf } from './values/shapes';
import { common, overlay, shapeAt } from './values/tree';
import type { Node } from './values/tree';
import { compareMinors, parseVersion } from './exact-version';
import { userTypes } from './types/user-types';
import { indexTypes, resolvedTypes } from './types/write-types';

/** What the import made, and what it has to say. */
export interface Generated {
  readonly files: readonly GeneratedFile[];
  /** Values that templates read although no list knows them: `<version>: <path>`. Must be empty. */
  readonly unknownReads: readonly string[];
}

interface Release {
  readonly version: string;
  readonly defaults: JsonObject;
  readonly shapes: ShapeMap;
  /** Paths that the templates read. */
  readonly reads: readonly string[];
  readonly files: readonly ArchiveFile[];
  /** Keys that the template of `cilium-config` writes, whatever the values. */
  readonly configKeys: readonly string[];
}

/** Reads the archives (oldest first) and makes all files. Same archives, same bytes. */
export function generate(archives: readonly ChartArchive[], knowledge: Knowledge): Generated {
  const curated = curatedOf(knowledge);
  const unknownReads: string[] = [];
  const releases = archives.map(({ version, file }): Release => {
    const files = readArchive(file);
    const text = (path: string): string => {
      const found = files.find((f) => f.path === `cilium/${path}`);
      if (found === undefined) throw new Error(`${file} holds no ${path}.`);
      return found.text;
    };
    const shapes = shapesOf(JSON.parse(text('values.schema.json')) as SchemaNode, version, curated);
    unknownReads.push(...undeclaredReads(files, shapes, curated.ignoredReads).map((path) => `${version}: ${path}`));
    // Helm reads values.yaml as YAML 1.1.
    const defaults = sorted(parse(text('values.yaml'), { version: '1.1' }) as Json) as JsonObject;
    const configKeys = [...text('templates/cilium-configmap.yaml').matchAll(/^ {2}([a-z0-9][-a-z0-9]+):/gm)].map(
      ([, key = '']) => key,
    );
    return { version, defaults, shapes, files, reads: templateReads(files), configKeys };
  });
  return {
    files: [...write(releases, curated), { path: 'knowledge.json', text: json(knowledge as unknown as Json) }],
    unknownReads,
  };
}

function write(releases: readonly Release[], curated: Curated): readonly GeneratedFile[] {
  const versions = releases.map(({ version }) => version);
  const minors = [...new Set(versions.map((v) => parseVersion(v).minor))].sort(compareMinors);
  const all = overlay(new Map(releases.map(({ version, shapes }) => [version, shapes])));
  const byMinor = minors.map((minor) => {
    const own = releases.filter(({ version }) => parseVersion(version).minor === minor);
    return { minor, own, root: overlay(new Map(own.map(({ version, shapes }) => [version, shapes]))) };
  });
  const shared = common(byMinor.map(({ root }) => root));
  return [
    ...byMinor.flatMap(({ minor, own, root }) => writeMinor(minor, own, root)),
    { path: 'values.ts', text: resolvedTypes(all, versions) },
    ...userTypes(
      [
        {
          path: 'values-common.ts',
          name: 'CommonValues',
          about: 'What may be written for every supported version alike.',
          root: shared ?? all,
          versions,
          defaultAt: commonDefault(releases),
        },
        ...byMinor.map(({ minor, root, own }) => ({
          path: `values-${minor}.ts`,
          name: `CiliumValues${minor.replace('.', '')}`,
          about: `What may be written for Cilium ${minor}. Everything is optional; \`null\` deletes a default.`,
          root,
          versions: own.map(({ version }) => version),
          defaultAt: commonDefault(own),
        })),
        {
          path: 'values-all.ts',
          name: 'CiliumValues',
          about: 'The values of all supported versions together, for values whose version is known only at run time.',
          root: all,
          versions,
          defaultAt: commonDefault(releases),
        },
      ],
      curated,
    ),
    { path: 'index.ts', text: indexTypes(versions, minors) },
    { path: 'kubernetes.json', text: json(kubernetesPaths(all, curated)) },
    { path: 'config-keys.json', text: json(configKeys(releases, minors)) },
  ];
}

/** The keys of `cilium-config` by the minors that write them: `"1.19 1.20"`. */
function configKeys(releases: readonly Release[], minors: readonly string[]): Json {
  const byMinors: Record<string, string[]> = {};
  for (const key of [...new Set(releases.flatMap((release) => release.configKeys))].sort()) {
    const having = minors.filter((minor) =>
      releases.some((release) => parseVersion(release.version).minor === minor && release.configKeys.includes(key)),
    );
    (byMinors[having.join(' ')] ??= []).push(key);
  }
  return sorted(byMinors);
}

/** @throws Error that names the open maps and lists which `upstream/kubernetes/values.yaml` has no entry for. */
function kubernetesPaths(root: Node, curated: Curated): Json {
  const { byType, unknown } = kubernetesTypes(root, curated.kubernetes);
  if (unknown.length > 0) throw new Error(`upstream/kubernetes/values.yaml has no entry for ${unknown.join(', ')}.`);
  return sorted(byType);
}

function writeMinor(minor: string, releases: readonly Release[], root: Node): readonly GeneratedFile[] {
  const versions = releases.map(({ version }) => version);
  const patches: readonly PatchDefaults[] = releases.map(({ version, defaults }) => ({
    version,
    patch: parseVersion(version).patch,
    defaults,
  }));
  return [
    { path: `${minor}/defaults.json`, text: json(minorDefaults(patches) as unknown as Json) },
    { path: `${minor}/images.json`, text: json(imageTable(patches) as Json) },
    {
      path: `${minor}/shapes.json`,
      text: json({ shapes: shapeAt(root) as Json, patches: partialPaths(root, versions) }),
    },
    { path: `${minor}/reads.json`, text: json(minorReads(releases)) },
    ...templateFiles(minor, releases),
    { path: `${minor}/documents.json`, text: minorDocuments(releases) },
  ];
}

/** Which template prints which object, a row a line, with the patches that have it. */
function minorDocuments(releases: readonly Release[]): string {
  const having = new Map<string, Set<string>>();
  for (const { version, files } of releases)
    for (const { source, kind, name } of templateObjects(files)) {
      const row = JSON.stringify([source, kind, name]);
      having.set(row, (having.get(row) ?? new Set()).add(version));
    }
  const versions = releases.map(({ version }) => version);
  const rows = [...having].sort(([a], [b]) => (sourceOf(a) < sourceOf(b) ? -1 : sourceOf(a) > sourceOf(b) ? 1 : 0));
  return `[\n${rows.map(([row, known]) => `${row.slice(0, -1)},${JSON.stringify(ranges(versions, known))}]`).join(',\n')}\n]\n`;
}

function sourceOf(row: string): string {
  return (JSON.parse(row) as readonly string[])[0] ?? '';
}

/** Paths that only some patches of a minor know, with these patches as ranges, first and last included: `"9-12"`. */
function partialPaths(root: Node, versions: readonly string[]): JsonObject {
  const found: Record<string, string> = {};
  const walk = (node: Node, path: string): void => {
    for (const [name, child] of node.children) {
      const at = path === '' ? name : `${path}.${name}`;
      if (child.versions.size === versions.length) walk(child, at);
      else found[at] = ranges(versions, child.versions);
    }
  };
  walk(root, '');
  return sorted(found) as JsonObject;
}

/** Every path that the templates of a minor read, and of those that only some patches read, which. */
function minorReads(releases: readonly Release[]): Json {
  const readers = new Map<string, Set<string>>();
  for (const { version, reads } of releases) {
    for (const path of reads) readers.set(path, (readers.get(path) ?? new Set()).add(version));
  }
  const versions = releases.map(({ version }) => version);
  const partial = [...readers].filter(([, known]) => known.size < versions.length);
  return {
    paths: [...readers.keys()].sort(),
    patches: sorted(Object.fromEntries(partial.map(([path, known]) => [path, ranges(versions, known)]))),
  };
}

/** The default at a path when all releases agree, for `@default` tags. Only scalars and empty things: the rest is better read in the JSON. */
export function commonDefault(
  releases: readonly { readonly defaults: JsonObject }[],
): (path: string) => Json | undefined {
  return (path) => {
    const found = releases.map(({ defaults }) => at(defaults, path));
    const text = JSON.stringify(found[0]);
    if (text === undefined || found.some((value) => JSON.stringify(value) !== text)) return undefined;
    if (/\.(tag|digest|[a-z]+Digest)$/.test(path)) return undefined;
    return found[0];
  };
}

function at(tree: JsonObject, path: string): Json | undefined {
  return path
    .split('.')
    .reduce<Json | undefined>(
      (node, name) =>
        typeof node === 'object' && node !== null && !Array.isArray(node) ? (node as JsonObject)[name] : undefined,
      tree,
    );
}
