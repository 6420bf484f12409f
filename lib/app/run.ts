import { join } from 'node:path';
import type { App } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { duringSynthesis, forget } from './contents';
import type { SynthResult, SynthFile } from './describe';
import { folderFindings, manifestFileFindings, patchFileFindings, staleFiles } from './folder-checks';
import { isForStdout, outputOf, wayTo } from './folders';
import { canBeStaged, outputFiles, writtenByApp } from './manifests';
import type { OutputFile } from './manifests';
import { unwritableChart } from './unwritable';
import { predictionOf } from './judges';
import { propsOfPatch } from './patches';
import type { PatchInApp, RenderedPatch } from './patches';
import { clustersOf, pictureOf } from './picture';
import type { Picture } from './picture';
import { failsOnWarnings, placed, problemsOf, refuse } from './problems';
import type { SynthFinding } from './problems';
import { REPORT, earlierRun, reportText } from './report';
import { notice } from './tell';
import { writeFiles } from './write';
import type { PlannedFile } from './write';

/** How an app is written. */
export interface RunOptions {
  /** Manifests get the text of the inline manifests, not that of cdk8s. */
  readonly isOwnText: boolean;
  /** Warnings are refused. */
  readonly failOnWarnings: boolean;
}

/** Writes an app with its patches. @throws CiliumError with every problem when anything is refused; then nothing is written. */
export function run(app: App, { isOwnText, failOnWarnings }: RunOptions): SynthResult {
  return duringSynthesis(app, () => {
    if (!canBeStaged(app)) return runByApp(app, failOnWarnings);
    const checked = check(app, failOnWarnings);
    const manifests = outputFiles(app, isOwnText);
    const plan = planOf(app, checked, manifests);
    const files = manifests.map(({ file, text }) => ({ path: join(app.outdir, file), text }));
    refuse([...manifestFileFindings(app.outdir, files), ...plan.findings, ...checked.warnings], false);
    writeFiles([app.outdir], [...files, ...plan.files], [...plan.stalePatches, ...plan.staleManifests]);
    return resultOf(app, manifests, checked);
  });
}

/** For an app with its own `synth`: manifests that it does not write this time may still be current, so none is deleted. */
function runByApp(app: App, failOnWarnings: boolean): SynthResult {
  const early = check(app, failOnWarnings);
  refuse([...planOf(app, early, []).findings, ...early.warnings], false);
  const manifests = writtenByApp(app);
  forget(app);
  const checked = check(app, failOnWarnings);
  const plan = planOf(app, checked, manifests);
  refuse([...plan.findings, ...checked.warnings], false);
  writeFiles([], plan.files, plan.stalePatches);
  return resultOf(app, manifests, checked);
}

/** Refuses what {@link run} refuses before it looks at files of earlier runs; returns the warnings. */
export function checkApp(app: App): readonly SynthFinding[] {
  return duringSynthesis(app, () => {
    const picture = pictureOf(app);
    const found = problemsOf(picture);
    refuse([...found, ...unwritable(picture, found)], failsOnWarnings(picture));
    return found;
  });
}

interface Checked {
  readonly patches: readonly { readonly patch: PatchInApp; readonly rendered: RenderedPatch }[];
  readonly warnings: readonly SynthFinding[];
}

function check(app: App, failOnWarnings: boolean): Checked {
  const picture = pictureOf(app);
  const all = picture.patches;
  const patches = isForStdout(app.outdir) ? [] : all;
  if (patches.length < all.length) {
    notice(
      app,
      `cdk8s synth --stdout prints manifests only, so Talos patches are not written: ${pathsOf(all)}. Run cdk8s synth for them.`,
    );
  }
  const found = problemsOf(picture);
  const findings = [...found, ...unwritable(picture, found), ...folderFindings(app.outdir, patches)];
  refuse(findings, failOnWarnings || failsOnWarnings(picture));
  return { patches: patches.map((patch) => ({ patch, rendered: patch.render() })), warnings: findings };
}

/** Paths of constructs, for people. */
export function pathsOf(constructs: readonly IConstruct[]): string {
  return constructs.map(({ node: { path } }) => path).join(', ');
}

/** Charts with objects that no YAML can hold; they are read only when nothing else is wrong. */
function unwritable({ charts }: Picture, found: readonly SynthFinding[]): readonly SynthFinding[] {
  if (found.some(({ level }) => level === 'error')) return [];
  return charts.flatMap((chart) => {
    const problem = unwritableChart(chart);
    return placed(chart, problem === undefined ? [] : [problem]);
  });
}

interface Plan {
  readonly findings: readonly SynthFinding[];
  readonly files: readonly PlannedFile[];
  readonly stalePatches: readonly string[];
  readonly staleManifests: readonly string[];
}

function planOf(app: App, { patches, warnings }: Checked, manifests: readonly OutputFile[]): Plan {
  const output = outputOf(app.outdir);
  // Under `--format helm` the app writes into `templates` of the output folder.
  const below = wayTo(app.outdir, output);
  const listed = manifests.map(({ file, report: { sha256 } }) => ({
    file: below === '' ? file : `${below}/${file}`,
    sha256,
  }));
  const plans = patches.map(({ patch, rendered }): Plan => {
    const folder = patch.outdir;
    const found = earlierRun(folder);
    const earlier = found === 'foreign' ? undefined : found;
    const files = rendered.report.map(({ output: name, file }) => ({
      path: join(folder, file),
      text: String(Reflect.get(rendered, name)),
    }));
    const report = reportText({
      rendered,
      talos: talosOf(patch),
      outdir: wayTo(output, folder),
      manifests: listed,
      prediction: predictionOf(clustersOf(patch)),
      warnings,
    });
    const stale = staleFiles(
      folder,
      earlier?.patches ?? [],
      files.map(({ path }) => path),
    );
    const written = listed.map(({ file }) => join(output, file));
    for (const path of stale.changed)
      notice(app, `'${path}' was changed after it was written and is not written any more; it stays as it is.`);
    return {
      findings: placed(patch, patchFileFindings(files, earlier)),
      files: [...files, { path: join(folder, REPORT), text: report }],
      stalePatches: stale.unchanged,
      staleManifests: staleFiles(output, earlier?.manifests ?? [], written).unchanged,
    };
  });
  return {
    findings: plans.flatMap(({ findings }) => findings),
    files: plans.flatMap(({ files }) => files),
    stalePatches: plans.flatMap(({ stalePatches }) => stalePatches),
    staleManifests: plans.flatMap(({ staleManifests }) => staleManifests),
  };
}

function talosOf(patch: PatchInApp): { readonly talosVersion: string; readonly generatedBy: string } {
  return propsOfPatch(patch).talos as { readonly talosVersion: string; readonly generatedBy: string };
}

function resultOf(app: App, manifests: readonly OutputFile[], { patches, warnings }: Checked): SynthResult {
  const ofCharts = manifests
    .filter(({ file }) => file.endsWith(app.outputFileExtension))
    .map(({ file, objects, report }): SynthFile => ({ file, objects, ...report }));
  const ofPatches = patches.flatMap(({ patch, rendered }) =>
    rendered.report.map((one): SynthFile => ({ ...one, file: `${wayTo(patch.outdir, app.outdir)}/${one.file}` })),
  );
  const prediction = predictionOf(pictureOf(app).ciliums);
  return { outdir: app.outdir, files: [...ofCharts, ...ofPatches], warnings, prediction };
}
