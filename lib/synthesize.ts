import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { App } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { describeFinding } from './findings';
import type { Finding } from './findings';
import { describeSize, reportOf } from './kubernetes/sizes';
import type { TextReport } from './kubernetes/sizes';
import { TalosPatch } from './talos/patch';

/** One written file, measured. */
export interface WrittenFile extends TextReport {
  /** Relative to the app's output folder. */
  readonly file: string;
  /** Kubernetes objects in it; for a patch those inside its inline manifests. */
  readonly objects: number;
}

/** What one synthesis wrote. */
export interface Synthesis {
  /** The app's output folder. */
  readonly outdir: string;
  readonly files: readonly WrittenFile[];
  /** Warnings of all constructs that were not silenced. */
  readonly warnings: readonly Finding[];
}

/**
 * Writes an app: `<outdir>/*.k8s.yaml`, and the patches of every {@link TalosPatch} in it. Call it instead of `app.synth()`.
 * @throws Error with every problem of every construct when anything is refused; then nothing is written.
 */
export function synthesize(app: App): Synthesis {
  const constructs = app.node.findAll();
  const patches = constructs.filter((construct): construct is TalosPatch => construct instanceof TalosPatch);
  // The patches are rendered before anything is written, so that what they refuse leaves no half of an output behind.
  const rendered = patches.map((patch) => ({ patch, ...patch.render() }));
  const before = timesOf(app.outdir);
  app.synth();
  const manifests = [...timesOf(app.outdir)].filter(([file, time]) => before.get(file) !== time).map(([file]) => file);
  for (const { patch } of rendered) patch.write();
  return {
    outdir: app.outdir,
    files: [
      ...manifests.sort().map((file) => manifestFile(app.outdir, file)),
      ...rendered.flatMap(({ patch, report }) =>
        report.map((one) => ({ ...one, file: relative(app.outdir, join(patch.outdir, one.file)) })),
      ),
    ],
    warnings: [
      ...constructs.flatMap((construct) => (hasFindings(construct) ? construct.findings : [])),
      ...rendered.flatMap(({ findings }) => findings),
    ].filter(({ level }) => level === 'warning'),
  };
}

/** A synthesis for people: a line per file (objects, bytes, gzip bytes, hash), the totals, then the warnings. */
export function describeSynthesis({ outdir, files, warnings }: Synthesis): string {
  const width = Math.max(...files.map(({ file }) => file.length), 0);
  const lines = files.map(
    ({ file, objects, bytes, gzipBytes, sha256 }) =>
      `  ${file.padEnd(width)}  ${String(objects).padStart(3)} objects  ${`${String(bytes)} bytes`.padStart(13)}  ` +
      `${`${String(gzipBytes)} gzip`.padStart(11)}  sha256:${sha256.slice(0, 12)}`,
  );
  const total = describeSize(files.reduce((sum, { bytes }) => sum + bytes, 0));
  return [
    `${outdir}: ${String(files.length)} files, ${total}`,
    ...lines,
    warnings.length === 0 ? 'No warnings.' : `${String(warnings.length)} warnings:`,
    ...warnings.map(describeFinding),
  ].join('\n');
}

function manifestFile(outdir: string, file: string): WrittenFile {
  const text = readFileSync(join(outdir, file), 'utf8');
  return { file, objects: text.match(/^kind: /gm)?.length ?? 0, ...reportOf(text) };
}

/** When each manifest below a folder was last written. */
function timesOf(outdir: string): ReadonlyMap<string, bigint> {
  const files = existsSync(outdir) ? readdirSync(outdir, { recursive: true, encoding: 'utf8' }) : [];
  return new Map(
    files.filter((file) => file.endsWith('.k8s.yaml')).map((file) => [file, statSync(join(outdir, file), { bigint: true }).mtimeNs]),
  );
}

/** Constructs of this library say what they found; others may, too. */
function hasFindings(construct: IConstruct): construct is IConstruct & { readonly findings: readonly Finding[] } {
  return 'findings' in construct && Array.isArray(construct.findings);
}
