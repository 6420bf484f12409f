/** How far a chart's templates are those of a release that was compared with Helm. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CILIUM_VERSIONS } from '../../imports/cilium-chart';
import type { ChangedBlock, ImportedTemplates, TemplateHashes } from './imported-release';
import { partsOf } from './release-parts';
import type { TemplateTree } from './template-trees';

/** `templates.json` of a minor: hashes by the patches that have them, `"0-3"`, open at the end when the newest has it. */
export interface TemplatesFile {
  readonly files: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly blocks: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** The templates of the newest patch, by path. */
  readonly trees: Readonly<Record<string, TemplateTree>>;
}

/** How a chart's templates compare with those of the proven release that is nearest to them. */
export interface Proof {
  /** The proven release, `1.20.2`. */
  readonly nearest: string;
  /** Files that differ, sorted; none means that the chart prints what the proven release does. */
  readonly files: readonly string[];
  /** What differs in them, block by block. A file that has none of these differs in comments only. */
  readonly blocks: readonly ChangedBlock[];
}

/**
 * The proven release whose templates differ least, and how.
 * @param releases the proven releases, oldest first.
 */
export function proofOf(templates: ImportedTemplates, releases: readonly string[]): Proof {
  const proofs = releases.map((release) => ({ release, hashes: provenHashes(release) }));
  const scored = proofs.map(({ release, hashes }) => ({
    release,
    hashes,
    differing: differingFiles(templates, hashes).length + unknownBlocks(templates, hashes).length,
  }));
  // Of equals the newest.
  const nearest = scored.reduce((best, one) => (one.differing <= best.differing ? one : best));
  const files = differingFiles(templates, nearest.hashes);
  return {
    nearest: nearest.release,
    files,
    blocks: files.flatMap((file) => changedBlocks(file, templates, nearest.hashes)),
  };
}

/** What is known of a file that differs from the proven one. */
function changedBlocks(file: string, templates: ImportedTemplates, proven: TemplateHashes): readonly ChangedBlock[] {
  const now = templates.blocks[file];
  const before = proven.blocks[file];
  // Gone, or nothing that has blocks: it may concern any render.
  if (now === undefined || (before === undefined && proven.files[file] !== undefined))
    return [{ file, line: 1, hash: '' }];
  const known = new Set(before);
  const imported = templates.changed.filter((block) => block.file === file && !known.has(block.hash));
  const recorded = new Set(templates.changed.map(({ hash }) => hash));
  // A block that was known when it was imported, and that the release that is nearest by now does not have.
  const others = now.filter((hash) => !known.has(hash) && !recorded.has(hash));
  return [...imported, ...others.map((hash) => ({ file, line: 1, hash }))];
}

function differingFiles(templates: TemplateHashes, proven: TemplateHashes): readonly string[] {
  return [...new Set([...Object.keys(templates.files), ...Object.keys(proven.files)])]
    .filter((path) => templates.files[path] !== proven.files[path])
    .sort();
}

function unknownBlocks(templates: TemplateHashes, proven: TemplateHashes): readonly string[] {
  return Object.entries(templates.blocks).flatMap(([path, hashes]) => {
    const known = new Set(proven.blocks[path]);
    return hashes.filter((hash) => !known.has(hash));
  });
}

/** The hashes of a proven release. */
export function provenHashes(release: string): TemplateHashes {
  const { minor, patch } = partsOf(release);
  const { files, blocks } = readTemplates(minor);
  return {
    files: Object.fromEntries(
      Object.entries(files).flatMap(([path, byPatches]) =>
        Object.entries(byPatches).flatMap(([range, hash]) => (covers(range, patch) ? [[path, hash] as const] : [])),
      ),
    ),
    blocks: Object.fromEntries(
      Object.entries(blocks).flatMap(([path, byPatches]) => {
        const found = Object.entries(byPatches).flatMap(([range, hashes]) => (covers(range, patch) ? hashes : []));
        return found.length > 0 ? [[path, found] as const] : [];
      }),
    ),
  };
}

/** The templates of a proven release by path; only those of the newest patch of a minor ship. */
export function provenTrees(release: string): Readonly<Record<string, TemplateTree>> | undefined {
  const { minor } = partsOf(release);
  const newest = CILIUM_VERSIONS.filter((version) => version.startsWith(`${minor}.`)).at(-1);
  return release === newest ? readTemplates(minor).trees : undefined;
}

const read = new Map<string, TemplatesFile>();

function readTemplates(minor: string): TemplatesFile {
  let found = read.get(minor);
  if (found === undefined) {
    const file = join(__dirname, '..', '..', 'imports', 'cilium-chart', minor, 'templates.json');
    found = JSON.parse(readFileSync(file, 'utf8')) as TemplatesFile;
    read.set(minor, found);
  }
  return found;
}

/** Whether a range of patches, `0-4` or `9-`, has a patch. Several are separated by commas. */
export function covers(ranges: string, patch: number): boolean {
  return ranges.split(',').some((range) => {
    const [first, last] = range.split('-');
    return Number(first) <= patch && (last === '' || patch <= Number(last));
  });
}
