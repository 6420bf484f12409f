/** What is not known to be equal to Helm in the render of an imported release. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../rules/finding';
import { groupedBy } from '../kubernetes/groups';
import { valueAt } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import { Evaluation } from './effects';
import type { ChangedBlock } from './imported-release';
import { covers, provenTrees } from './proven-templates';
import { partsOf } from './release-parts';
import { printedBy, printsTheSame } from './template-trees';
import type { ImportedProfile, Profile } from './versions';
import { effectsOf, loadProfile } from './versions';

/** What the user wrote for an imported release. */
export interface Imported {
  /** Merged over the defaults. */
  readonly merged: JsonObject;
  /** As the user wrote them. */
  readonly written: JsonObject;
  /** Whether a minor that was never rendered is accepted. */
  readonly isAccepted: boolean;
}

/** The findings about the release itself; none for a release of this library. */
export function unprovenFindings(profile: Profile, given: Imported): readonly Finding[] {
  const { imported } = profile;
  if (imported === undefined) return [];
  return [
    ...(imported.isKnownMinor || given.isAccepted ? [] : [unknownMinor(profile, imported)]),
    ...templateFindings(profile, imported, given.merged),
    ...notRendered(profile, imported, given.written),
  ];
}

function unknownMinor({ version }: Profile, { proof }: ImportedProfile): Finding {
  return {
    id: 'values/unproven-minor',
    level: 'error',
    paths: ['version'],
    message: `Cilium ${version} belongs to a minor that this library was never compared with Helm for; it would be rendered like ${proof.nearest}.`,
    hint: 'Set `unproven: true` to render it, or upgrade to a release of this library that knows the minor.',
  };
}

/** As many files as a sentence can list. */
const MOST_FILES = 12;

function templateFindings(profile: Profile, { proof }: ImportedProfile, merged: JsonObject): readonly Finding[] {
  const touched = touchedBlocks(profile, merged);
  if (touched.length === 0) return [];
  const places = [...groupedBy(touched, ({ file }) => file).values()].map((blocks) => placeOf(blocks, profile));
  const more = places.length - MOST_FILES;
  const listed = `${places.slice(0, MOST_FILES).join('; ')}${more > 0 ? `; and ${String(more)} more` : ''}`;
  return [
    {
      id: 'values/unproven-templates',
      level: 'warning',
      paths: ['version'],
      message: `These values render templates of Cilium ${profile.version} that differ from those of ${proof.nearest}, with which this library renders: ${listed}.`,
      hint: `Compare with Helm: \`npx cdk8s-talos-cilium verify --chart cilium-${profile.version}.tgz -f values.yaml\`; acknowledge this warning where they are equal.`,
    },
  ];
}

/** The changed blocks that these values execute, or may. */
export function touchedBlocks(profile: Profile, merged: JsonObject): readonly ChangedBlock[] {
  const blocks = profile.imported?.proof.blocks ?? [];
  if (blocks.length === 0) return [];
  const evaluation = new Evaluation(effectsOf(profile), merged);
  const executed = blocks.filter(
    ({ output, guard }) => output !== '' && (guard === undefined || evaluation.truth(guard) !== false),
  );
  const comparison = new FileComparison(profile, evaluation);
  return executed.flatMap((block) => {
    if (block.isDefined === true) return [block];
    const lines = comparison.newLines(block.file);
    return lines === undefined ? [block] : lines.map((line) => ({ ...block, line }));
  });
}

/** What files print under these values, in the imported release and in the proven one. */
class FileComparison {
  private readonly templates;
  private readonly proven;
  private readonly then: Evaluation | undefined;
  private readonly known = new Map<string, readonly number[] | undefined>();

  constructor(
    { imported, rendersAs }: Profile,
    private readonly now: Evaluation,
  ) {
    this.templates = imported?.release.templates();
    this.proven = provenTrees(rendersAs);
    const found = this.proven === undefined ? undefined : loadProfile(rendersAs);
    this.then = found && new Evaluation(effectsOf(found.profile), now.values);
  }

  /** The lines of a file that print what the proven release does not; `undefined` where only the whole file can be compared. */
  newLines(file: string): readonly number[] | undefined {
    if (!this.known.has(file)) this.known.set(file, this.compare(file));
    return this.known.get(file);
  }

  private compare(file: string): readonly number[] | undefined {
    const tree = this.templates?.trees[file];
    // A file that had been equal to that of another release has no tree.
    const isGone = this.templates?.files[file] === undefined;
    if (this.then === undefined || (tree === undefined && !isGone)) return undefined;
    const [old, fresh] = [
      printedBy(this.proven?.[file] ?? [], this.then, false),
      printedBy(tree ?? [], this.now, true),
    ];
    if (printsTheSame(old, fresh)) return [];
    const hashes = new Set(old.map(({ hash }) => hash));
    const lines = fresh.flatMap(({ hash, line }) => (line === undefined || hashes.has(hash) ? [] : [line]));
    return lines.length > 0 ? lines : undefined;
  }
}

/** `templates/cilium-agent/daemonset.yaml:120,340 (DaemonSet cilium)` */
function placeOf(blocks: readonly ChangedBlock[], { imported }: Profile): string {
  const lines = [...new Set(blocks.map(({ line }) => line))].sort((a, b) => a - b);
  const outputs = [...new Set(blocks.flatMap(({ output }) => output ?? []))];
  const objects = outputs.flatMap((output) => imported?.release.templates().objects[output] ?? []);
  const named = [...new Set(objects)].slice(0, MOST_FILES);
  return `${blocks[0]?.file ?? ''}:${lineRanges(lines)}${named.length > 0 ? ` (${named.join(', ')})` : ''}`;
}

/** `1,5-9` @param lines sorted. */
export function lineRanges(lines: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const line of lines) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] + 1 === line) last[1] = line;
    else runs.push([line, line]);
  }
  return runs.map(([first, last]) => (first === last ? String(first) : `${String(first)}-${String(last)}`)).join(',');
}

/** Values of the user that the chart's templates read, and those that we render with do not. */
function notRendered(profile: Profile, { release, proof }: ImportedProfile, written: JsonObject): readonly Finding[] {
  const paths = unreadValues(release.reads(), proof.nearest).filter(
    (path) => valueAt(written, path) !== undefined && valueAt(written, path) !== null,
  );
  // A section has no finding of its own beside those in it.
  const leaves = paths.filter((path) => !paths.some((other) => other.startsWith(`${path}.`)));
  return leaves.map((path) => ({
    id: 'values/not-rendered',
    level: 'warning',
    paths: [path],
    message: `The templates of Cilium ${profile.version} read this value; those of ${proof.nearest}, with which this library renders, do not, so that it has no effect.`,
    hint: 'Remove it, or render this release with Helm until a release of this library knows it.',
  }));
}

/** `reads.json` of a minor. */
interface ReadsFile {
  readonly paths: readonly string[];
  readonly patches: Readonly<Record<string, string>>;
}

/** Of the values that templates read those that a proven release does not read. */
export function unreadValues(reads: readonly string[], release: string): readonly string[] {
  const known = readsOfRelease(release);
  return reads.filter((path) => !known.has(path));
}

const reads = new Map<string, ReadonlySet<string>>();

/** What the templates of a proven release read, by value path. Read on demand, once. */
export function readsOfRelease(release: string): ReadonlySet<string> {
  const known = reads.get(release);
  if (known !== undefined) return known;
  const { minor, patch } = partsOf(release);
  const file = join(__dirname, '..', '..', 'imports', 'cilium-chart', minor, 'reads.json');
  const { paths, patches } = JSON.parse(readFileSync(file, 'utf8')) as ReadsFile;
  const found = new Set(paths.filter((path) => covers(patches[path] ?? '0-', patch)));
  reads.set(release, found);
  return found;
}
