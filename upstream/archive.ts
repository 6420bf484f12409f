/** Reads chart archives (`.tgz`) without unpacking them to disk. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { compareVersions, parseVersion } from './version';

/** One file of an archive: its path inside the archive and its text. */
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
 * Reads the text files of a gzipped tar archive, in archive order.
 *
 * @throws Error when the archive is truncated or not a gzipped tar.
 */
export function readArchive(file: string): readonly ArchiveFile[] {
  return readTar(gunzipSync(readFileSync(file)));
}

const BLOCK = 512;

/** Reads ustar, GNU long names and pax paths: what Helm's packager and `tar` write. */
export function readTar(tar: Buffer): readonly ArchiveFile[] {
  const files: ArchiveFile[] = [];
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= tar.length;) {
    const header = tar.subarray(at, at + BLOCK);
    if (header[0] === 0) break; // two empty blocks end an archive
    const size = parseInt(text(header, 124, 12), 8);
    if (Number.isNaN(size) || at + BLOCK + size > tar.length) throw new Error(`The archive is damaged at byte ${at}.`);
    const body = tar.subarray(at + BLOCK, at + BLOCK + size);
    const type = text(header, 156, 1);
    if (type === 'L') longName = text(body, 0, size);
    else if (type === 'x') longName = paxPath(body) ?? longName;
    else {
      if (type === '' || type === '0') files.push({ path: longName ?? shortName(header), text: body.toString('utf8') });
      longName = undefined;
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

function shortName(header: Buffer): string {
  const prefix = text(header, 257, 5) === 'ustar' ? text(header, 345, 155) : '';
  return prefix === '' ? text(header, 0, 100) : `${prefix}/${text(header, 0, 100)}`;
}

/** A pax record is `<length> <key>=<value>\n`. */
function paxPath(body: Buffer): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(body.toString('utf8'))?.[1];
}

function text(buffer: Buffer, from: number, length: number): string {
  const end = buffer.indexOf(0, from);
  return buffer.toString('utf8', from, end === -1 || end > from + length ? from + length : end).trim();
}
