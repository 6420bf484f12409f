import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, mapsIn } from '../kubernetes/json';
import { statsOf } from './folders';
import type { RenderedPatch } from './patches';
import type { Prediction } from './predictions';
import type { SynthFinding } from './problems';

/** Name of the report next to the patches. */
export const REPORT = 'report.json';

const WRITTEN_BY = 'cdk8s-talos-cilium';

/** A file by its path, and the SHA-256 of its text and of its data. */
export interface HashedFile {
  readonly file: string;
  readonly sha256: string;
  /** The same for the same data, however it is written. */
  readonly contentSha256?: string | undefined;
}

/** What the report of a patch says about its app. Several patches have one report with all of it, to which the others lead. */
export interface AppReport {
  /** The output folder of the app, as seen from the folder of the report. */
  readonly outdir: string;
  /** Manifests in that folder. */
  readonly files: readonly HashedFile[];
  /** Folders of the other patches, as seen from here. */
  readonly patches?: readonly string[];
  /** The folder whose report lists the manifests and all patches. */
  readonly listedIn?: string;
}

/** What a report is made of. */
export interface ReportInput {
  readonly rendered: RenderedPatch;
  readonly talos: { readonly talosVersion: string; readonly generatedBy: string };
  readonly app: AppReport;
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
export function reportText({ rendered, talos, app, prediction, warnings }: ReportInput): string {
  const outputs = rendered.report.map(
    ({ file, objects, bytes, gzipBytes, replaces, manifests: inside, ...hashes }) => ({
      file,
      objects,
      bytes,
      gzipBytes,
      sha256: hashes.sha256,
      contentSha256: hashes.contentSha256,
      replaces,
      manifests: inside.map((manifest) => ({
        name: manifest.name,
        objects: manifest.objects,
        bytes: manifest.bytes,
        gzipBytes: manifest.gzipBytes,
        sha256: manifest.sha256,
      })),
    }),
  );
  const report = {
    writtenBy: WRITTEN_BY,
    talosVersion: talos.talosVersion,
    generatedBy: talos.generatedBy,
    appends: rendered.appends,
    outputs,
    app,
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
  readonly app: AppReport;
  readonly patches: readonly HashedFile[];
}

/** The earlier run of a folder; `undefined` without a report, 'foreign' for a report of another program. */
export function earlierRun(folder: string): EarlierRun | 'foreign' | undefined {
  const stats = statsOf(join(folder, REPORT));
  if (stats === undefined) return undefined;
  const report = stats.isFile() ? parsed(readFileSync(join(folder, REPORT), 'utf8')) : undefined;
  if (!isMap(report) || report.writtenBy !== WRITTEN_BY || !isMap(report.app) || typeof report.app.outdir !== 'string')
    return 'foreign';
  const { outdir, files, patches, listedIn } = report.app;
  const app = {
    outdir,
    files: hashedFiles(files),
    patches: Array.isArray(patches) ? patches.filter((one) => typeof one === 'string') : [],
    ...(typeof listedIn === 'string' && { listedIn }),
  };
  return { app, patches: hashedFiles(report.outputs) };
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
  return mapsIn(list).flatMap(({ file, sha256, contentSha256 }) =>
    typeof file === 'string' && typeof sha256 === 'string' && isBelow(file)
      ? [{ file, sha256, ...(typeof contentSha256 === 'string' && { contentSha256 }) }]
      : [],
  );
}

function isBelow(file: string): boolean {
  return file.split(/[/\\]/).every((part) => !['', '.', '..'].includes(part)) && !/^[A-Za-z]:/.test(file);
}
