/** From a chart to the data of an imported release. */
import { CILIUM_VERSIONS } from '../../imports/cilium-chart';
import type { JsonObject } from '../kubernetes/json';
import { groupedBy } from '../kubernetes/groups';
import type { ChangedBlock, ImportedReleaseData, ImportedTemplates, TemplateHashes } from '../cilium/imported-release';
import { IMPORT_FORMAT, ImportedRelease } from '../cilium/imported-release';
import { proofOf, provenHashes, provenTrees } from '../cilium/proven-templates';
import { unitsOfText } from '../cilium/template-trees';
import type { TemplateTree } from '../cilium/template-trees';
import type { ShapeMap } from '../cilium/shape';
import { candidatesFor } from '../cilium/versions';
import type { Chart } from './archive';
import { objects } from './changes/templates';
import { parseVersion } from './exact-version';
import { textsOf } from './template/minor-templates';
import { Blocks, countsForRender, templateHashes } from './template/blocks';
import type { Reach } from './template/blocks';
import { hashOf, unitsOf } from './template/units';
import type { Unit } from './template/units';
import { pruned } from './template/effects';
import type { Node as EffectNode } from './template/nodes';
import { NodeTable } from './template/nodes';
import { curatedOf, shippedKnowledge } from './values/curated';
import type { Curated } from './values/curated';
import { imageTable, minorDefaults, sorted } from './values/defaults';
import { kubernetesTypes } from './values/kubernetes-paths';
import { templateReads, undeclaredReads } from './values/reads';
import type { SchemaNode } from './values/shapes';
import { shapesOf } from './values/shapes';
import { overlay } from './values/tree';

/** What a chart gives besides its data. */
export interface ReadRelease {
  readonly data: ImportedReleaseData;
  readonly curated: Curated;
  readonly shapes: ShapeMap;
  /** Every value with its default, images included. */
  readonly defaults: JsonObject;
  readonly reads: readonly string[];
  /** The templates with blocks that the proven release does not have, and what is new in them. */
  readonly changed: readonly ChangedFile[];
  /** Values that templates read although neither the schema nor our lists know them. */
  readonly undeclared: readonly string[];
}

/** A file that the proven release has otherwise, or does not have. */
export interface ChangedFile {
  readonly file: string;
  /** The lines, counted from 1, that the proven release does not have; none where lines are only gone or moved. */
  readonly lines: readonly number[];
  /** The values that these lines read. */
  readonly values: readonly string[];
  /** The keys of `cilium-config` that they write. */
  readonly keys: readonly string[];
}

/** The release of a chart, in memory: as `cdk8s-talos-cilium import` and then `importedRelease` give it. */
export function releaseOfChart(chart: Chart): ImportedRelease {
  return new ImportedRelease(readRelease(chart).data);
}

/**
 * The release of a chart, in memory; `undefined` for one that is built in: its version is known, and its templates are those that were
 * compared with Helm.
 */
export function importedUnlessKnown(chart: Chart): ImportedRelease | undefined {
  const isKnown = CILIUM_VERSIONS.some((version) => version === chart.version);
  return isKnown && hasTemplatesOf(chart) ? undefined : releaseOfChart(chart);
}

function hasTemplatesOf({ version, files }: Chart): boolean {
  const proven = provenHashes(version).files;
  const counting = files.filter(({ path }) => countsForRender(path));
  return (
    counting.length === Object.keys(proven).length && counting.every(({ path, text }) => proven[path] === hashOf(text))
  );
}

/** Reads what an imported release consists of. Same chart, same data. */
export function readRelease({ version, digest, files, schema, defaults: written }: Chart): ReadRelease {
  const texts = textsOf(files);
  const hashes = templateHashes(texts);
  const { nearest } = proofOf({ ...hashes, changed: [], trees: {}, objects: {} }, candidatesFor(version));
  const reads = templateReads(files);
  const { curated, shapes, undeclared } = shapesOfRelease({ version, nearest, schema, files, reads });
  const defaults = sorted(written) as JsonObject;
  const patch = { version, patch: parseVersion(version).patch, defaults };
  const { byType } = kubernetesTypes(overlay(new Map([[version, shapes]])), curated.kubernetes);
  const { effects, changed, places, trees } = readTemplates(texts, nearest, hashes);
  const templates: ImportedTemplates = { ...hashes, changed, trees, objects: objectsOf(texts) };
  const data: ImportedReleaseData = {
    format: IMPORT_FORMAT,
    version,
    chart: digest,
    defaults: JSON.stringify(minorDefaults([patch]).base),
    images: JSON.stringify(imageTable([patch])[version] ?? {}),
    shapes: JSON.stringify(shapes),
    kubernetes: JSON.stringify(byType),
    reads: JSON.stringify(reads),
    effects: JSON.stringify(effects),
    templates: JSON.stringify(templates),
  };
  return { data, curated, shapes, defaults, reads, undeclared, changed: places };
}

/** The shapes of the values: those of the schema, with what is known of the release that is nearest. */
function shapesOfRelease({
  version,
  nearest,
  schema,
  files,
  reads,
}: Pick<Chart, 'version' | 'schema' | 'files'> & {
  readonly nearest: string;
  readonly reads: readonly string[];
}): Pick<ReadRelease, 'curated' | 'shapes' | 'undeclared'> {
  const known = curatedOf(shippedKnowledge());
  const isKnownMinor = parseVersion(version).minor === parseVersion(nearest).minor;
  const as = isKnownMinor ? version : nearest;
  const isRead = (path: string): boolean => reads.some((read) => read === path || read.startsWith(`${path}.`));
  // In a new minor an undeclared value may be gone.
  const hidden = known.hidden(as).filter(([path]) => isKnownMinor || isRead(path));
  const curated: Curated = { ...known, followsSchema: true, hidden: () => hidden };
  const declared = shapesOf(schema as SchemaNode, as, curated);
  const undeclared = undeclaredReads(files, declared, known.ignoredReads);
  if (undeclared.length === 0) return { curated, shapes: declared, undeclared };
  // The longer path first: a section of undeclared values is not a value itself.
  const more = [...undeclared].sort((a, b) => b.length - a.length).map((path) => [path, 'any'] as const);
  const all: Curated = { ...curated, hidden: () => [...hidden, ...more] };
  return { curated: all, shapes: shapesOf(schema as SchemaNode, as, all), undeclared };
}

interface EffectsPart {
  readonly nodes: readonly EffectNode[];
  readonly outputs: readonly number[];
}

/** Every value may change something: for templates in a language that this library does not know yet. */
const ANY_EFFECT: EffectsPart = { nodes: ['', ['?', 0]], outputs: [1] };

/** What the templates make of values, and the blocks that the proven release does not have. */
function readTemplates(
  texts: ReadonlyMap<string, string>,
  nearest: string,
  hashes: TemplateHashes,
): {
  readonly trees: ImportedTemplates['trees'];
  readonly effects: EffectsPart;
  readonly changed: readonly ChangedBlock[];
  readonly places: readonly ChangedFile[];
} {
  const proven = provenHashes(nearest).blocks;
  const known = new Map(Object.entries(proven).map(([file, hashes]) => [file, new Set(hashes)]));
  const units = provenUnits(nearest);
  const table = new NodeTable();
  let blocks: Blocks;
  try {
    blocks = new Blocks(texts, table);
  } catch {
    return { effects: ANY_EFFECT, changed: [], places: [], trees: {} };
  }
  const reached = blocks.reaching({
    hasBlock: (file, hash) => known.get(file)?.has(hash) === true,
    hasUnit: (file, hash) => units?.get(file)?.has(hash) ?? units === undefined,
  });
  const { nodes, placeOf } = pruned(table, [
    ...blocks.outputs,
    ...blocks.allTests,
    ...reached.map(({ guard }) => guard),
  ]);
  const files = provenHashes(nearest).files;
  const differing = Object.keys(hashes.files).filter((path) => hashes.files[path] !== files[path]);
  return {
    trees: blocks.trees(differing, { placeOf, hasLines: true }),
    effects: { nodes, outputs: blocks.outputs.map(placeOf) },
    changed: reached.map((one) => {
      const { block, output, guard } = one;
      const [line = block.line] = newUnits(one, units).map((unit) => unit.line);
      return { file: block.file, line, hash: block.hash, output, guard: placeOf(guard), isDefined: block.isDefined };
    }),
    places: changedFiles(reached, units),
  };
}

type KnownUnits = ReadonlyMap<string, ReadonlySet<string>> | undefined;

/** The lines and actions of a proven release's files; `undefined` where only hashes of its blocks ship. */
function provenUnits(release: string): KnownUnits {
  const trees = provenTrees(release);
  if (trees === undefined) return undefined;
  const hashesOf = (tree: TemplateTree): readonly string[] =>
    tree.flatMap((part) => {
      if (typeof part === 'string') return unitsOfText(part, false).map(({ hash }) => hash);
      const [, head, , then, otherwise = []] = part;
      return [head, ...hashesOf(then), ...hashesOf(otherwise)];
    });
  return new Map(Object.entries(trees).map(([file, tree]) => [file, new Set(hashesOf(tree))]));
}

/** The lines and actions of a block that the proven release does not have anywhere in the file. */
function newUnits({ body, block }: Reach, known: KnownUnits): readonly Unit[] {
  return unitsOf(block.file, body).filter(({ hash }) => known?.get(block.file)?.has(hash) !== true);
}

function changedFiles(reached: readonly Reach[], known: KnownUnits): readonly ChangedFile[] {
  const byBody = new Map(reached.map((one) => [one.body, one]));
  const units = [...byBody.values()].map((one) => ({ file: one.block.file, units: newUnits(one, known) }));
  return [...groupedBy(units, ({ file }) => file)].map(([file, blocks]): ChangedFile => {
    const all = blocks.flatMap((block) => block.units);
    const keys = file === 'templates/cilium-configmap.yaml' ? all.flatMap(({ key }) => key ?? []) : [];
    return {
      file,
      lines: [...new Set(all.map(({ line }) => line))].sort((a, b) => a - b),
      values: [...new Set(all.flatMap((unit) => unit.values))].sort(),
      keys: [...new Set(keys)].sort(),
    };
  });
}

/** The objects of each file that Helm renders, `DaemonSet cilium`. */
function objectsOf(texts: ReadonlyMap<string, string>): Readonly<Record<string, readonly string[]>> {
  const byFile = groupedBy(objects(texts), ({ file }) => file);
  return Object.fromEntries(
    [...byFile].map(([file, sites]) => [
      file,
      [...new Set(sites.map(({ kind, name }) => (name === undefined ? kind : `${kind} ${name}`)))],
    ]),
  );
}
