/** Reads chart archives (`.tgz`) and unpacked charts. Nothing is written to disk, and nothing of a chart is trusted. */
import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readdirSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { JsonObject } from '../kubernetes/json';
import { judgeChart } from './chart-judge';
import { compareVersions, parseVersion } from './exact-version';
import { getChart, printable, refusal } from './import-findings';
import type { Refuse } from './import-findings';
import { LIMITS, megabytes, readTar, safePath } from './tar';
import type { TarFile } from './tar';

/** One file of a chart: its path and its text. */
export interface ArchiveFile {
  readonly path: string;
  readonly text: string;
}

/** A chart archive found on disk. */
export interface ChartArchive {
  /** Exact version, for example `1.18.4`. */
  readonly version: string;
  readonly file: string;
}

/** A chart of Cilium that was read. */
export interface Chart {
  /** Exact version, for example `1.20.4` or `1.21.0-pre.0`. */
  readonly version: string;
  readonly appVersion?: string;
  /** SHA-256 of the paths and texts, the same for an archive and for its unpacked folder: `sha256:…`. */
  readonly digest: string;
  /** Sorted by their paths below the chart: `Chart.yaml`, `templates/…`. */
  readonly files: readonly ArchiveFile[];
  /** `values.yaml` as Helm reads it. */
  readonly defaults: JsonObject;
  /** `values.schema.json` */
  readonly schema: JsonObject;
}

/**
 * Lists the stable `cilium-<version>.tgz` archives of a folder, oldest first. Prereleases are skipped: their values still change.
 *
 * @throws Error when the folder cannot be read or holds no archive.
 */
export function findArchives(folder: string): readonly ChartArchive[] {
  const archives = readdirSync(folder).flatMap((name) => {
    const version = /^cilium-(\d+\.\d+\.\d+)\.tgz$/.exec(name)?.[1];
    return version === undefined ? [] : [{ version, file: join(folder, name) }];
  });
  if (archives.length === 0) throw new Error(`${folder} holds no cilium-<version>.tgz.`);
  return archives.sort((a, b) => compareVersions(parseVersion(a.version), parseVersion(b.version)));
}

/**
 * Reads Cilium's chart from an archive or an unpacked folder.
 *
 * @throws CiliumError when it is not a chart of a supported release, or cannot be read safely.
 */
export function readChart(path: string): Chart {
  const refuse = refusal(path);
  const files = chartFiles(path, refuse);
  const judged = judgeChart(new Map(files.map((file) => [file.path, file.text])), refuse);
  return { ...judged, digest: digestOf(files), files };
}

/**
 * Reads the files of an archive whatever chart it is; paths begin with the folder of the chart: `cilium/values.yaml`.
 *
 * @throws CiliumError when the archive cannot be read safely.
 */
export function readArchive(file: string): readonly ArchiveFile[] {
  const refuse = refusal(file);
  return unpack(file, refuse).map((one) => asText(one, refuse));
}

/** Paths below the chart, sorted. */
function chartFiles(path: string, refuse: Refuse): readonly ArchiveFile[] {
  const stats = statOf(path, refuse);
  const found = stats.isDirectory() ? readFolder(path, refuse) : belowRoot(unpack(path, refuse), refuse);
  return found
    .filter((file) => !isIgnored(file.path))
    .map((file) => asText(file, refuse))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function statOf(path: string, refuse: Refuse): Stats {
  try {
    // A NUL, or nothing at all, is not a path.
    return statSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    return refuse(
      'file',
      missing ? 'The file or folder does not exist.' : `The file cannot be read: ${message}.`,
      `Pass the path of an archive or of an unpacked chart; this gets one: ${getChart()}.`,
    );
  }
}

function unpack(file: string, refuse: Refuse): readonly TarFile[] {
  const stats = statOf(file, refuse);
  if (!stats.isFile())
    return refuse('file', 'This is neither a file nor a folder.', `Pass an archive; this gets one: ${getChart()}.`);
  if (stats.size > LIMITS.packed)
    return refuse('size', `The file is ${megabytes(stats.size)} long; an archive of Cilium has less than 1 MiB.`);
  const packed = read(file, refuse);
  if (packed[0] !== 0x1f || packed[1] !== 0x8b) {
    const start =
      packed.length === 0 ? 'it is empty' : `it starts with ${JSON.stringify(packed.toString('latin1', 0, 12))}`;
    return refuse('archive', `The file is not a gzip archive: ${start}.`);
  }
  return readTar(gunzip(packed, refuse), refuse);
}

function gunzip(packed: Buffer, refuse: Refuse): Buffer {
  try {
    return gunzipSync(packed, { maxOutputLength: LIMITS.unpacked });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE')
      return refuse(
        'size',
        `The archive unpacks to more than ${megabytes(LIMITS.unpacked)}; one of Cilium has less than 2 MiB.`,
      );
    return refuse('archive', `The archive is ${code === 'Z_BUF_ERROR' ? 'truncated' : 'damaged'}: ${message}.`);
  }
}

function read(file: string, refuse: Refuse): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    return refuse('file', `The file cannot be read: ${(error as Error).message}.`, 'Check its permissions.');
  }
}

/** Strips the one folder that all files of a chart's archive are in. */
function belowRoot(files: readonly TarFile[], refuse: Refuse): readonly TarFile[] {
  const roots = [...new Set(files.map(({ path }) => path.split('/', 1)[0] ?? ''))];
  const charts = roots.filter((root) => files.some(({ path }) => path === `${root}/Chart.yaml`));
  if (files.some(({ path }) => path === 'Chart.yaml'))
    return refuse('root', 'The archive has Chart.yaml at its top; in a chart archive, all files are in one folder.');
  if (charts.length > 1)
    return refuse(
      'root',
      `The archive has ${String(charts.length)} charts: ${charts.slice(0, 5).map(printable).join(', ')}.`,
    );
  if (files.length === 0) return refuse('chart', 'The archive has no files.');
  if (charts.length === 0) return refuse('chart', 'The archive has no Chart.yaml in its folder: it is not a chart.');
  const other = roots.find((root) => root !== charts[0]);
  if (other !== undefined) return refuse('root', `The archive has ${printable(other)} outside of the chart's folder.`);
  return files.map(({ path, content }) => ({ path: path.slice(path.indexOf('/') + 1), content }));
}

/** The files of an unpacked chart. Links are refused: Helm follows them, out of the chart as well. */
function readFolder(root: string, refuse: Refuse): readonly TarFile[] {
  const files: TarFile[] = [];
  const counted = { entries: 0, bytes: 0 };
  const walk = (below: string): void => {
    for (const name of list(join(root, below), refuse)) {
      const path = safePath(below === '' ? name : `${below}/${name}`, refuse);
      if (isIgnored(path)) continue;
      const stats = lstatSync(join(root, path));
      if (stats.isSymbolicLink())
        refuse(
          'link',
          `${printable(path)} is a symbolic link; a chart has only files and folders.`,
          'Replace it by the file itself.',
        );
      if (!stats.isFile() && !stats.isDirectory())
        refuse('link', `${printable(path)} is neither a file nor a folder.`, 'Remove it.');
      if ((counted.entries += 1) > LIMITS.entries)
        refuse(
          'size',
          `The folder has more than ${String(LIMITS.entries)} entries; a chart of Cilium has about 170.`,
          'Pass the folder with Chart.yaml.',
        );
      if (stats.isDirectory()) walk(path);
      else {
        if (stats.size > LIMITS.file)
          refuse(
            'size',
            `${printable(path)} is ${megabytes(stats.size)} long; Helm reads files up to 5 MiB.`,
            'Remove it.',
          );
        if ((counted.bytes += stats.size) > LIMITS.unpacked)
          refuse(
            'size',
            `The folder has more than ${megabytes(LIMITS.unpacked)}; a chart of Cilium has less than 2 MiB.`,
            'Pass the folder with Chart.yaml.',
          );
        files.push({ path, content: read(join(root, path), refuse) });
      }
    }
  };
  if (!list(root, refuse).includes('Chart.yaml'))
    return refuse(
      'chart',
      'The folder has no Chart.yaml: it is not an unpacked chart.',
      'Pass the folder with Chart.yaml, or an archive.',
    );
  walk('');
  return files;
}

function list(folder: string, refuse: Refuse): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    return refuse('file', `The folder cannot be read: ${(error as Error).message}.`, 'Check its permissions.');
  }
}

/** The patterns of the chart's own .helmignore: what editors and version control leave behind. */
function isIgnored(path: string): boolean {
  return path
    .split('/')
    .some(
      (part) =>
        (part.startsWith('.') && part !== '.helmignore') || /\.(?:swp|bak|tmp|orig|tmproj|tmpl|gotmpl)$|~$/.test(part),
    );
}

/** The text as Helm has it: UTF-8 without its mark. */
function asText({ path, content }: TarFile, refuse: Refuse): ArchiveFile {
  try {
    return { path, text: new TextDecoder('utf-8', { fatal: true }).decode(content) };
  } catch {
    return refuse('text', `${printable(path)} is not valid UTF-8.`);
  }
}

/** Lengths keep apart what belongs to which file. */
function digestOf(files: readonly ArchiveFile[]): string {
  const hash = createHash('sha256');
  for (const { path, text } of files) {
    for (const part of [path, text]) hash.update(`${String(Buffer.byteLength(part))}:`).update(part);
  }
  return `sha256:${hash.digest('hex')}`;
}
