import { join } from 'node:path';
import type { App } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { readableFinding } from '../rules/readable';
import { duringSynthesis, forget } from './contents';
import type { SynthResult, SynthFile } from './describe';
import { extensionFindings, folderFindings, manifestFileFindings } from './folder-checks';
import { isForStdout, wayTo } from './folders';
import { canBeStaged, outputFiles, writtenByApp } from './manifests';
import type { OutputFile } from './manifests';
import { unwritableChart } from './unwritable';
import { predictionOf } from './judges';
import type { PatchInApp } from './patches';
import { pictureOf } from './picture';
import type { Picture } from './picture';
import { earlierSets, goneFolders, planOf } from './plan';
import type { PatchToWrite } from './plan';
import { failsOnWarnings, placed, problemsOf, refuse } from './problems';
import type { SynthFinding } from './problems';
import { notice } from './tell';
import { restoreFolders, writeSet } from './write';

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
    restoreFolders([app.outdir, ...patchesOf(app).map(({ outdir }) => outdir)]);
    if (!canBeStaged(app)) return runByApp(app, failOnWarnings);
    const checked = check(app, failOnWarnings);
    const manifests = outputFiles(app, isOwnText);
    const files = manifests.map(({ file, text }) => ({ path: join(app.outdir, file), text }));
    refuse([...manifestFileFindings(app.outdir, files), ...checked.warnings], false);
    return resultOf(app, manifests, checked, write(app, checked, manifests, false));
  });
}

/** For an app with its own `synth`, which writes manifests as it likes. */
function runByApp(app: App, failOnWarnings: boolean): SynthResult {
  const early = check(app, failOnWarnings);
  const inTheWay = planOf(app, early.patches, [], { warnings: [], isWritten: true }).findings;
  refuse([...inTheWay.filter(({ level }) => level === 'error'), ...early.warnings], false);
  const manifests = writtenByApp(app);
  forget(app);
  const checked = check(app, failOnWarnings);
  return resultOf(app, manifests, checked, write(app, checked, manifests, true));
}

/** Writes what is not written yet, and returns what else there is to report about files. */
function write(
  app: App,
  { patches, warnings }: Checked,
  manifests: readonly OutputFile[],
  isWritten: boolean,
): readonly SynthFinding[] {
  const own = patches.map(({ patch }) => patch);
  const gone = goneFolders(earlierSets(app, own), own);
  const folders = [...(isWritten ? [] : [app.outdir]), ...own.map(({ outdir }) => outdir), ...gone];
  let found: readonly SynthFinding[] = [];
  writeSet(folders, () => {
    const plan = planOf(app, patches, manifests, { warnings, isWritten });
    refuse([...plan.findings, ...warnings], false);
    found = plan.findings;
    return plan;
  });
  return found;
}

/** The patches that a run writes. */
function patchesOf(app: App): readonly PatchInApp[] {
  return isForStdout(app.outdir) ? [] : pictureOf(app).patches;
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
  readonly patches: readonly PatchToWrite[];
  readonly warnings: readonly SynthFinding[];
}

function check(app: App, failOnWarnings: boolean): Checked {
  const picture = pictureOf(app);
  const all = picture.patches;
  const patches = patchesOf(app);
  if (patches.length < all.length) {
    notice(
      app,
      `cdk8s synth --stdout prints manifests only, so Talos patches are not written: ${pathsOf(all)}. Run cdk8s synth for them.`,
    );
  }
  const found = problemsOf(picture);
  const findings = [
    ...found,
    ...unwritable(picture, found),
    ...extensionFindings(app.outputFileExtension),
    ...folderFindings(app.outdir, patches),
  ];
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

function resultOf(
  app: App,
  manifests: readonly OutputFile[],
  { patches, warnings }: Checked,
  ofFiles: readonly SynthFinding[],
): SynthResult {
  const ofCharts = manifests
    .filter(({ file }) => file.endsWith(app.outputFileExtension))
    .map(({ file, objects, report }): SynthFile => ({ file, objects, ...report }));
  const ofPatches = patches.flatMap(({ patch, rendered }) =>
    rendered.report.map((one): SynthFile => ({ ...one, file: `${wayTo(patch.outdir, app.outdir)}/${one.file}` })),
  );
  const prediction = predictionOf(pictureOf(app).ciliums);
  return {
    outdir: app.outdir,
    files: [...ofCharts, ...ofPatches],
    warnings: [...warnings, ...ofFiles].map(readableFinding),
    prediction,
  };
}
