/** The files of `imports/cilium-chart/<minor>/` about templates: `effects.json` and `templates.json`. */
import { groupedBy } from '../../kubernetes/groups';
import type { ArchiveFile } from '../archive';
import type { GeneratedFile } from '../generated-file';
import { ranges } from '../ranges';
import { templateHashes } from './blocks';
import { EffectsOfMinor } from './effects';

interface ReleaseFiles {
  readonly version: string;
  readonly files: readonly ArchiveFile[];
}

/** Texts by path below the chart. */
export function textsOf(files: readonly ArchiveFile[]): ReadonlyMap<string, string> {
  return new Map(files.map(({ path, text }) => [path.replace(/^cilium\//, ''), text]));
}

/** Both files of the releases of a minor, oldest first. */
export function templateFiles(minor: string, releases: readonly ReleaseFiles[]): readonly GeneratedFile[] {
  const effects = new EffectsOfMinor();
  for (const { version, files } of releases) effects.add(version, textsOf(files));
  const { nodes, outputs, trees } = effects.result();
  const versions = releases.map(({ version }) => version);
  const patches = outputs.map(({ node, versions: having }) => [node, ranges(versions, having)]);
  // An expression, or the templates of a file, a line.
  const lines = (list: readonly unknown[]): string => list.map((one) => JSON.stringify(one)).join(',\n');
  return [
    { path: `${minor}/effects.json`, text: `{"nodes":[\n${lines(nodes)}\n],\n"outputs":[\n${lines(patches)}\n]}\n` },
    {
      path: `${minor}/templates.json`,
      text: `{${[...hashSections(releases), section('trees', trees)].join(',\n')}}\n`,
    },
  ];
}

/** The hashes of templates and their blocks by the patches that have them. */
function hashSections(releases: readonly ReleaseFiles[]): readonly string[] {
  const versions = releases.map(({ version }) => version);
  const hashes = releases.map(({ version, files }) => ({ version, ...templateHashes(textsOf(files)) }));
  const paths = [...new Set(hashes.flatMap(({ files }) => Object.keys(files)))].sort();
  const byRange = (of: 'files' | 'blocks', path: string): Readonly<Record<string, readonly string[]>> => {
    const having = new Map<string, Set<string>>();
    for (const one of hashes)
      for (const hash of [one[of][path] ?? []].flat())
        having.set(hash, (having.get(hash) ?? new Set<string>()).add(one.version));
    const found = groupedBy([...having.keys()].sort(), (hash) => ranges(versions, having.get(hash) ?? new Set()));
    return Object.fromEntries([...found].sort());
  };
  const ofFiles = (path: string): unknown =>
    Object.fromEntries(Object.entries(byRange('files', path)).map(([range, [hash]]) => [range, hash]));
  const parsed = paths.filter((path) => hashes.some(({ blocks }) => blocks[path] !== undefined));
  return [
    section('files', Object.fromEntries(paths.map((path) => [path, ofFiles(path)]))),
    section('blocks', Object.fromEntries(parsed.map((path) => [path, byRange('blocks', path)]))),
  ];
}

function section(name: string, entries: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(entries).map(([path, value]) => `${JSON.stringify(path)}: ${JSON.stringify(value)}`);
  return `"${name}": {\n${lines.join(',\n')}\n}`;
}
