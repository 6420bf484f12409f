import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { App, Chart, Names, YamlOutputType } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { contentsOf, duringSynthesis } from './chart-contents';
import { describeFinding } from './findings';
import type { Finding } from './findings';
import { compareText } from './kubernetes/order';
import { describeSize, reportOf } from './kubernetes/sizes';
import type { TextReport } from './kubernetes/sizes';
import { TalosPatch } from './talos/patch';

/** One written file, measured. */
export interface WrittenFile extends TextReport {
  /** Relative to the app's output folder. */
  readonly file: string;
  /** Kubernetes objects in it; for a patch those inside its inline manifests. */
  readonly objects: number;
  /** For a patch its inline manifests. */
  readonly manifests?: readonly (TextReport & { readonly name: string; readonly objects: number })[];
}

/** What one synthesis wrote. */
export interface Synthesis {
  /** The app's output folder. */
  readonly outdir: string;
  readonly files: readonly WrittenFile[];
  /** Warnings of all constructs that were not silenced. */
  readonly warnings: readonly PlacedFinding[];
}

/** A finding with the construct that it is about. */
export interface PlacedFinding extends Finding {
  /** Path of the construct in the app: `home-cilium/cilium`. */
  readonly in: string;
}

/**
 * Writes an app: `<outdir>/*.k8s.yaml`, and the patches of every {@link TalosPatch} in it. Call it instead of `app.synth()`,
 * which writes the same objects more slowly and in another style.
 * @throws Error with every problem of every construct when anything is refused; then nothing is written.
 */
export function synthesize(app: App): Synthesis {
  return duringSynthesis(app, () => {
    const constructs = app.node.findAll();
    refuseProblems(constructs);
    const patches = constructs.filter((construct): construct is TalosPatch => construct instanceof TalosPatch);
    const rendered = patches.map((patch) => ({ patch, ...patch.render() }));
    const placed = ({ node: { path } }: IConstruct, findings: readonly Finding[]): readonly PlacedFinding[] =>
      findings.map((finding) => ({ ...finding, in: path }));
    const manifests = isPlain(app) ? writeCharts(app) : writeOtherwise(app);
    for (const { patch } of rendered) patch.write();
    return {
      outdir: app.outdir,
      files: [
        ...manifests,
        ...rendered.flatMap(({ patch, report }) =>
          report.map((one) => ({ ...one, file: relative(app.outdir, join(patch.outdir, one.file)) })),
        ),
      ],
      warnings: [
        ...constructs.flatMap((construct) => (hasFindings(construct) ? placed(construct, construct.findings) : [])),
        ...rendered.flatMap(({ patch, findings }) => placed(patch, findings)),
      ].filter(({ level }) => level === 'warning'),
    };
  });
}

/** A synthesis for people: a line per file (objects, bytes, gzip bytes, hash), the totals, then the warnings. */
export function describeSynthesis({ outdir, files, warnings }: Synthesis): string {
  const rows = files.flatMap(({ file, manifests = [], ...size }) => [
    { label: file, ...size },
    ...manifests.map(({ name, ...own }) => ({ label: `  ${name}`, ...own })),
  ]);
  const width = Math.max(...rows.map(({ label }) => label.length), 0);
  const lines = rows.map(
    ({ label, objects, bytes, gzipBytes, sha256 }) =>
      `  ${label.padEnd(width)}  ${String(objects).padStart(3)} objects  ${`${String(bytes)} bytes`.padStart(13)}  ` +
      `${`${String(gzipBytes)} gzip`.padStart(11)}  sha256:${sha256.slice(0, 12)}`,
  );
  const total = describeSize(files.reduce((sum, { bytes }) => sum + bytes, 0));
  return [
    `${outdir}: ${String(files.length)} files, ${total}`,
    ...lines,
    warnings.length === 0 ? 'No warnings.' : `${String(warnings.length)} ${warnings.length === 1 ? 'warning' : 'warnings'}:`,
    ...describeWarnings(warnings),
  ].join('\n');
}

/** What several constructs are told in the same words, as clusters of one app are, is said once. */
function describeWarnings(warnings: readonly PlacedFinding[]): readonly string[] {
  const places = new Map<string, string[]>();
  for (const warning of warnings) {
    const text = describeFinding(warning);
    places.set(text, [...(places.get(text) ?? []), warning.in]);
  }
  return [...places].map(([text, paths]) => `[${[...new Set(paths)].join(', ')}] ${text}`);
}

/** The same problems in the same words as `app.synth()`. */
function refuseProblems(constructs: readonly IConstruct[]): void {
  const problems = constructs.flatMap(({ node }) => node.validate().map((problem) => `[${node.path}] ${problem}`));
  if (problems.length > 0) throw new Error(`Validation failed with the following errors:\n  ${problems.join('\n  ')}`);
}

/** Whether an app wants what most want: a file for each chart, and nothing else. */
function isPlain(app: App): boolean {
  const { recordConstructMetadata } = app as unknown as { readonly recordConstructMetadata?: boolean };
  return app.synth === App.prototype.synth && app.yamlOutputType === YamlOutputType.FILE_PER_CHART && recordConstructMetadata !== true;
}

/** Writes the files that `app.synth()` would write, under the same names; their text is that of the inline manifests. */
function writeCharts(app: App): readonly WrittenFile[] {
  const constructs = app.node.findAll();
  // Reading comes first: it tells the app which charts depend on each other.
  for (const construct of constructs) if (Chart.isChart(construct)) contentsOf(construct);
  const isChained = constructs.some((one) => one.node.dependencies.some((other) => Chart.of(one) !== Chart.of(other)));
  const files = app.charts.map((chart, i) => {
    const { objects, written } = contentsOf(chart);
    const name = `${isChained ? `${String(i).padStart(4, '0')}-` : ''}${Names.toDnsLabel(chart)}${app.outputFileExtension}`;
    return { file: name, objects: objects.length, ...written() };
  });
  mkdirSync(app.outdir, { recursive: true });
  for (const { file, text } of files) writeFileSync(join(app.outdir, file), text);
  return files.map(({ file, objects, report }) => ({ file, objects, ...report })).sort((a, b) => compareText(a.file, b.file));
}

/** Leaves an unusual app to itself, and tells what it wrote by the times of the files. */
function writeOtherwise(app: App): readonly WrittenFile[] {
  const before = timesOf(app);
  app.synth();
  const manifests = [...timesOf(app)].filter(([file, time]) => before.get(file) !== time).map(([file]) => file);
  return manifests.sort().map((file) => {
    const text = readFileSync(join(app.outdir, file), 'utf8');
    return { file, objects: text.match(/^kind: /gm)?.length ?? 0, ...reportOf(text) };
  });
}

/** When each manifest of an app was last written. */
function timesOf({ outdir, outputFileExtension }: App): ReadonlyMap<string, bigint> {
  const files = existsSync(outdir) ? readdirSync(outdir, { recursive: true, encoding: 'utf8' }) : [];
  return new Map(
    files
      .filter((file) => file.endsWith(outputFileExtension))
      .map((file) => [file, statSync(join(outdir, file), { bigint: true }).mtimeNs]),
  );
}

/** Constructs of this library say what they found; others may, too. */
function hasFindings(construct: IConstruct): construct is IConstruct & { readonly findings: readonly Finding[] } {
  return 'findings' in construct && Array.isArray(construct.findings);
}
