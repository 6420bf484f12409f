import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'cdk8s';
import type { Finding } from '../rules/finding';
import { staleFiles, stateOf } from './file-states';
import { changedFile, keptFile, manifestInTheWay, patchInTheWay } from './folder-checks';
import { keyOf, outputOf, realPath, statsOf, wayTo } from './folders';
import type { OutputFile } from './manifests';
import { predictionOf } from './judges';
import { clustersOf } from './picture';
import { propsOfPatch } from './patches';
import type { PatchInApp, RenderedPatch } from './patches';
import { placed } from './problems';
import type { SynthFinding } from './problems';
import { REPORT, earlierRun, reportText } from './report';
import type { AppReport, EarlierRun, HashedFile } from './report';
import type { PlannedFile, WritePlan } from './write';

/** A patch with its text. */
export interface PatchToWrite {
  readonly patch: PatchInApp;
  readonly rendered: RenderedPatch;
}

/** What a run of an app writes, and what it finds in the places of its files. */
export interface Plan extends WritePlan {
  readonly findings: readonly SynthFinding[];
}

/** What earlier runs of an app left in the folder of a patch. */
interface EarlierSet {
  readonly folder: string;
  readonly run: EarlierRun;
}

/** What earlier runs of an app left: in the folders of its patches, and in those of patches that it had. */
export function earlierSets(app: App, patches: readonly PatchInApp[]): ReadonlyMap<string, EarlierSet> {
  const output = outputOf(app.outdir);
  const sets = new Map<string, EarlierSet>();
  const visit = (folder: string): void => {
    const key = keyOf(folder);
    const run = sets.has(key) ? undefined : earlierRun(folder);
    if (run === undefined || run === 'foreign' || run.app.outdir !== wayTo(output, folder)) return;
    sets.set(key, { folder, run });
    const { listedIn, patches: others = [] } = run.app;
    for (const other of listedIn === undefined ? others : [listedIn]) visit(join(realPath(folder), other));
  };
  for (const { outdir } of patches) visit(outdir);
  return sets;
}

/** Folders of patches that an app had and has no more. */
export function goneFolders(sets: ReadonlyMap<string, EarlierSet>, patches: readonly PatchInApp[]): readonly string[] {
  const kept = new Set(patches.map(({ outdir }) => keyOf(outdir)));
  return [...sets].filter(([key]) => !kept.has(key)).map(([, { folder }]) => folder);
}

/**
 * Plans manifests and patches, reports last. Manifests that an unusual app wrote already are in the reports only: those that it did not
 * write this time may still be current.
 */
export function planOf(
  app: App,
  patches: readonly PatchToWrite[],
  manifests: readonly OutputFile[],
  { warnings, isWritten }: { readonly warnings: readonly SynthFinding[]; readonly isWritten: boolean },
): Plan {
  const sets = earlierSets(
    app,
    patches.map(({ patch }) => patch),
  );
  const ofManifests = isWritten ? [] : [manifestPlan(app, manifests, sets)];
  const ofPatches = patches.map(({ patch, rendered }) => patchPlan(patch, rendered, sets.get(keyOf(patch.outdir))));
  const gone = goneFolders(
    sets,
    patches.map(({ patch }) => patch),
  ).map((folder) => gonePlan(folder, sets.get(keyOf(folder))));
  const plans = [...ofManifests, ...ofPatches, ...gone];
  return {
    findings: plans.flatMap(({ findings }) => findings),
    files: [...plans.flatMap(({ files }) => files), ...reportsOf(app, patches, manifests, warnings)],
    stale: plans.flatMap(({ stale }) => stale),
  };
}

function manifestPlan(app: App, manifests: readonly OutputFile[], sets: ReadonlyMap<string, EarlierSet>): Plan {
  const output = outputOf(app.outdir);
  const earlier = new Map(
    [...sets.values()].flatMap(({ run }) => run.app.files.map((one) => [one.file, one] as const)),
  );
  const below = belowOutput(app);
  const files = manifests.map(({ file, text }) => ({ file, path: join(app.outdir, file), text }));
  const findings = files.flatMap(({ file, path, text }): readonly Finding[] => {
    const left = earlier.get(below(file));
    const state = stateOf(path, left, text);
    if (state === 'changed') return [changedFile(path)];
    const isForeign = state === 'folder' || (state === 'unlisted' && (sets.size > 0 || !canBeManifest(path)));
    return isForeign ? [manifestInTheWay(path, state)] : [];
  });
  const stale = staleFiles(
    output,
    [...earlier.values()],
    files.map(({ file }) => join(output, below(file))),
  );
  return {
    findings: placed(app, [...findings, ...stale.changed.map(keptFile)]),
    files,
    stale: stale.unchanged,
  };
}

/** Without a report it is unknown whose manifests an output folder has: like cdk8s, a run replaces those, and links. */
function canBeManifest(path: string): boolean {
  if (statsOf(path)?.isFile() !== true) return true;
  const text = readFileSync(path, 'utf8');
  return text.trim() === '' || (/^apiVersion:/m.test(text) && /^kind:/m.test(text));
}

function patchPlan(patch: PatchInApp, rendered: RenderedPatch, earlier: EarlierSet | undefined): Plan {
  const left = earlier?.run.patches ?? [];
  const files = rendered.report.map(({ output, file }) => ({
    file,
    path: join(patch.outdir, file),
    text: String(Reflect.get(rendered, output)),
  }));
  const findings = files.flatMap(({ file, path, text }) => {
    const state = stateOf(
      path,
      left.find((one) => one.file === file),
      text,
    );
    if (state === 'changed') return [changedFile(path)];
    return state === 'folder' || state === 'unlisted' ? [patchInTheWay(path)] : [];
  });
  const stale = staleFiles(
    patch.outdir,
    left,
    files.map(({ path }) => path),
  );
  return { findings: placed(patch, [...findings, ...stale.changed.map(keptFile)]), files, stale: stale.unchanged };
}

function gonePlan(folder: string, earlier: EarlierSet | undefined): Plan {
  const { unchanged, changed } = staleFiles(folder, earlier?.run.patches ?? [], []);
  const findings = changed.map((path) => ({ ...keptFile(path), in: '' }));
  return { findings, files: [], stale: [...unchanged, join(folder, REPORT)] };
}

/** The report of the first patch lists the manifests and the folders of the others, whose reports lead to it: all once. */
function reportsOf(
  app: App,
  patches: readonly PatchToWrite[],
  manifests: readonly OutputFile[],
  warnings: readonly SynthFinding[],
): readonly PlannedFile[] {
  const output = outputOf(app.outdir);
  const below = belowOutput(app);
  const [first, ...others] = patches.map(({ patch }) => patch.outdir);
  if (first === undefined) return [];
  const appReport = (folder: string): AppReport => {
    const outdir = wayTo(output, folder);
    if (folder !== first) return { outdir, files: [], listedIn: wayTo(first, folder) };
    const files = manifests.map(({ file, report: { sha256 }, contentSha256 }): HashedFile => ({
      file: below(file),
      sha256,
      contentSha256: contentSha256(),
    }));
    return { outdir, files, ...(others.length > 0 && { patches: others.map((one) => wayTo(one, first)) }) };
  };
  const reports = patches.map(({ patch, rendered }) => ({
    path: join(patch.outdir, REPORT),
    text: reportText({
      rendered,
      talos: talosOf(patch),
      app: appReport(patch.outdir),
      prediction: predictionOf(clustersOf(patch)),
      warnings,
    }),
  }));
  // That of the first patch completes the set.
  return reports.reverse();
}

/** The name of a manifest below the output folder: under `--format helm` the app writes into `templates` of it. */
function belowOutput(app: App): (file: string) => string {
  const below = wayTo(app.outdir, outputOf(app.outdir));
  return (file) => (below === '' ? file : `${below}/${file}`);
}

function talosOf(patch: PatchInApp): { readonly talosVersion: string; readonly generatedBy: string } {
  return propsOfPatch(patch).talos as { readonly talosVersion: string; readonly generatedBy: string };
}
