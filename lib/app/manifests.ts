import { existsSync, lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { Chart, Names, YamlOutputType } from 'cdk8s';
import type { App } from 'cdk8s';
import { contentHash, contentHashOf } from '../kubernetes/content';
import { compareText } from '../kubernetes/order';
import { measured } from '../kubernetes/sizes';
import type { MeasuredText } from '../kubernetes/sizes';
import { hookOf, isOrdinary, synthOf, synthOfCdk8s } from './app';
import { contentsOf, isOrdinaryChart } from './contents';
import { WriteError } from './journal';
import { pictureOf } from './picture';
import { explained } from './write';

/** A file in the output folder of an app. */
export interface OutputFile extends MeasuredText {
  /** Below the output folder, with slashes. */
  readonly file: string;
  readonly objects: number;
  /** SHA-256 of the data, however it is written. */
  readonly contentSha256: () => string | undefined;
}

/**
 * The files that an app writes, not yet written. With the text of inline manifests where the app writes one file per
 * chart and `isOwnText` is set; otherwise those of `app.synth()`, byte for byte.
 */
export function outputFiles(app: App, isOwnText: boolean): readonly OutputFile[] {
  return isOwnText && app.yamlOutputType === YamlOutputType.FILE_PER_CHART && !recordsMetadata(app)
    ? chartFiles(app)
    : stagedFiles(app);
}

/** Whether the files of an app are known before they are written: it writes as cdk8s does. */
export function canBeStaged(app: App): boolean {
  // An app whose own `synth` calls `synthesize` gets the files of cdk8s.
  return isOrdinary(app) || hookOf(app).isRunning;
}

function recordsMetadata(app: App): boolean {
  return (app as unknown as { readonly recordConstructMetadata?: unknown }).recordConstructMetadata === true;
}

/** The files that `app.synth()` would write, under the same names; their text is that of the inline manifests. */
function chartFiles(app: App): readonly OutputFile[] {
  const files = namedCharts(app).map(({ file, chart }) => {
    const { objects, written } = contentsOf(chart);
    return { file, objects: objects.length, ...written(), contentSha256: () => contentHash(objects) };
  });
  return files.sort((a, b) => compareText(a.file, b.file));
}

/** The charts of an app that writes a file for each, with the names of the files. */
function namedCharts(app: App): readonly { readonly file: string; readonly chart: Chart }[] {
  const { constructs, charts } = pictureOf(app);
  // Charts are read first: only then does the app know which of them depend on each other.
  for (const chart of charts) contentsOf(chart);
  const isChained = constructs.some((one) => one.node.dependencies.some((other) => Chart.of(one) !== Chart.of(other)));
  return app.charts.map((chart, i) => ({
    file: `${isChained ? `${String(i).padStart(4, '0')}-` : ''}${Names.toDnsLabel(chart)}${app.outputFileExtension}`,
    chart,
  }));
}

/** Has cdk8s write into a temporary folder. */
function stagedFiles(app: App): readonly OutputFile[] {
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-talos-cilium-'));
  const target = app as { outdir: string };
  const { outdir } = target;
  try {
    target.outdir = folder;
    readOnce(app, () => {
      (synthOfCdk8s(app) ?? synthOf(app)).call(app);
    });
    const charts = app.yamlOutputType === YamlOutputType.FILE_PER_CHART ? namedCharts(app) : [];
    const objects = new Map(charts.map(({ file, chart }) => [file, contentsOf(chart).objects]));
    return filesIn(folder, objects);
  } catch (error) {
    // A name that no file can have, such as one that is too long.
    const { path = '' } = error as NodeJS.ErrnoException;
    throw path.startsWith(folder) ? explained(new WriteError(join(outdir, relative(folder, path)), error)) : error;
  } finally {
    target.outdir = outdir;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lets cdk8s write charts as they were read: for each of them it would validate the whole app again. */
function readOnce(app: App, write: () => void): void {
  const charts = pictureOf(app).charts.filter(isOrdinaryChart);
  for (const chart of charts)
    Object.defineProperty(chart, 'toJson', { value: () => contentsOf(chart).objects, configurable: true });
  try {
    write();
  } finally {
    for (const chart of charts) Reflect.deleteProperty(chart, 'toJson');
  }
}

/** Runs the `synth` of an unusual app, and finds what it wrote by modification times. */
export function writtenByApp(app: App): readonly OutputFile[] {
  const hook = hookOf(app);
  const before = timesOf(app);
  hook.isRunning = true;
  try {
    synthOf(app).call(app);
  } finally {
    hook.isRunning = false;
  }
  const after = timesOf(app);
  return [...after]
    .filter(([file, time]) => before.get(file) !== time)
    .map(([file]) => fileOf(app.outdir, file))
    .sort((a, b) => compareText(a.file, b.file));
}

function filesIn(folder: string, objects: ReadonlyMap<string, readonly unknown[]>): readonly OutputFile[] {
  return pathsIn(folder)
    .map((file) => fileOf(folder, file, objects.get(file)))
    .sort((a, b) => compareText(a.file, b.file));
}

function fileOf(folder: string, file: string, data?: readonly unknown[]): OutputFile {
  const text = readFileSync(join(folder, file), 'utf8');
  const objects = text.match(/^kind: /gm)?.length ?? 0;
  // Reading YAML takes longer than writing it: only where the data is not at hand.
  const contentSha256 = (): string | undefined => (data === undefined ? contentHashOf(text) : contentHash(data));
  return { file, objects, ...measured(text), contentSha256 };
}

/** Regular files at any depth, with slashes. */
function pathsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/** When each manifest of an app was last written. */
function timesOf({ outdir, outputFileExtension }: App): ReadonlyMap<string, bigint> {
  const files = pathsIn(outdir).filter((file) => file.endsWith(outputFileExtension));
  return new Map(files.map((file) => [file, lstatSync(join(outdir, file), { bigint: true }).mtimeNs]));
}
