import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { isMap } from '../kubernetes/json';
import { statsOf } from './folders';
import type { RenderedPatch } from './patches';
import type { Prediction } from './predictions';
import type { SynthFinding } from './problems';

/** Name of the report next to the patches. */
export const REPORT = 'report.json';

const WRITTEN_BY = 'cdk8s-talos-cilium';

/** A file by its path and the SHA-256 of its text. */
export interface HashedFile {
  readonly file: string;
  readonly sha256: string;
}

/** What a report is made of. */
export interface ReportInput {
  readonly rendered: RenderedPatch;
  readonly talos: { readonly talosVersion: string; readonly generatedBy: string };
  /** The output folder of the app, as seen from the folder of the report. */
  readonly outdir: string;
  /** Manifests in that folder. */
  readonly manifests: readonly HashedFile[];
  /** What becomes of the Services and pods of its cluster. */
  readonly prediction: Prediction;
  /** All warnings of the run. */
  readonly warnings: readonly SynthFinding[];
}

/**
 * The report of a patch as JSON, for scripts that deploy it: per file and per inline manifest its objects, bytes, gzip bytes and
 * SHA-256, per file the sections that it replaces as a whole, the props whose lists append when the patch is applied again, the
 * manifests of the app, what becomes of the Services and pods of its cluster, and all warnings of the run. The same app gives the same bytes on every machine.
 */
export function reportText({ rendered, talos, outdir, manifests, prediction, warnings }: ReportInput): string {
  const outputs = rendered.report.map(({ file, objects, bytes, gzipBytes, sha256, replaces, manifests: inside }) => ({
    file,
    objects,
    bytes,
    gzipBytes,
    sha256,
    replaces,
    manifests: inside.map((manifest) => ({
      name: manifest.name,
      objects: manifest.objects,
      bytes: manifest.bytes,
      gzipBytes: manifest.gzipBytes,
      sha256: manifest.sha256,
    })),
  }));
  const report = {
    writtenBy: WRITTEN_BY,
    talosVersion: talos.talosVersion,
    generatedBy: talos.generatedBy,
    appends: rendered.appends,
    outputs,
    app: { outdir, files: manifests.map(({ file, sha256 }) => ({ file, sha256 })) },
    services: prediction.services,
    pods: prediction.pods,
    warnings: warnings.map(({ id, in: place, paths, message, hint, page, docs }) => ({
      id,
      in: place,
      paths,
      message,
      hint,
      page,
      docs,
    })),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** What an earlier run left, by its report. */
export interface EarlierRun {
  /** The output folder of the app, as seen from the folder of the report. */
  readonly outdir: string;
  readonly patches: readonly HashedFile[];
  readonly manifests: readonly HashedFile[];
}

/** The earlier run of a folder; `undefined` without a report, 'foreign' for a report of another program. */
export function earlierRun(folder: string): EarlierRun | 'foreign' | undefined {
  const stats = statsOf(join(folder, REPORT));
  if (stats === undefined) return undefined;
  const report = stats.isFile() ? parsed(readFileSync(join(folder, REPORT), 'utf8')) : undefined;
  if (!isMap(report) || report.writtenBy !== WRITTEN_BY || !isMap(report.app) || typeof report.app.outdir !== 'string')
    return 'foreign';
  return { outdir: report.app.outdir, patches: hashedFiles(report.outputs), manifests: hashedFiles(report.app.files) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A report is a file that users may edit: only plain names below its folders count. */
function hashedFiles(list: unknown): readonly HashedFile[] {
  const files: readonly unknown[] = Array.isArray(list) ? list : [];
  return files.flatMap((one) =>
    isMap(one) && typeof one.file === 'string' && typeof one.sha256 === 'string' && isBelow(one.file)
      ? [{ file: one.file, sha256: one.sha256 }]
      : [],
  );
}

function isBelow(file: string): boolean {
  return file.split(/[/\\]/).every((part) => !['', '.', '..'].includes(part)) && !/^[A-Za-z]:/.test(file);
}

/** What a text is known by in a report. Line endings do not count: Git may have changed them. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
}
