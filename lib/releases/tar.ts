/** Reads tar archives, strictly: what a chart has no use for is refused, not skipped. Nothing is written to disk. */
import { printable } from './import-findings';
import type { Refuse } from './import-findings';

/** A file of an archive: its path as the archive has it, without `./` before it. */
export interface TarFile {
  readonly path: string;
  readonly content: Buffer;
}

/** What a chart may have at most. The largest of Cilium has 171 files and 1.8 MB, with 190 KB of values and templates of 70 KB and 1200 actions; Helm allows 5 MiB for a file and 100 MiB in all. */
export const LIMITS = {
  packed: 16 * 1024 * 1024,
  unpacked: 32 * 1024 * 1024,
  file: 5 * 1024 * 1024,
  yaml: 1024 * 1024,
  template: 256 * 1024,
  actions: 4000,
  entries: 2000,
  path: 512,
} as const;

const BLOCK = 512;

/** Kinds of entries that are neither files nor folders. */
const REFUSED_TYPES: Readonly<Record<string, string>> = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '3': 'a character device',
  '4': 'a block device',
  '6': 'a named pipe',
};

/** Reads the files of ustar, GNU and pax archives, in their order. */
export function readTar(tar: Buffer, refuse: Refuse): readonly TarFile[] {
  const files = new Map<string, Buffer>();
  const names: { long?: string | undefined } = {};
  let entries = 0;
  let at = 0;
  for (; ; entries += 1) {
    if (at + BLOCK > tar.length) return refuse('archive', 'The archive is truncated: its end marker is missing.');
    const header = tar.subarray(at, at + BLOCK);
    if (isZero(header)) break;
    if (entries >= LIMITS.entries)
      return refuse(
        'size',
        `The archive has more than ${String(LIMITS.entries)} entries; a chart of Cilium has about 170.`,
      );
    const size = sizeOf(header, at, refuse);
    const content = tar.subarray(at + BLOCK, at + BLOCK + size);
    if (content.length < size) return refuse('archive', `The archive is truncated after ${String(tar.length)} bytes.`);
    readEntry(header, content, { at, names, files, refuse });
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  if (!isZero(tar.subarray(at))) return refuse('archive', 'The archive has data after its end marker.');
  return [...files].map(([path, content]) => ({ path, content }));
}

interface Reading {
  /** Offset of the entry. */
  readonly at: number;
  /** The name that an entry before this one gives it. */
  readonly names: { long?: string | undefined };
  readonly files: Map<string, Buffer>;
  readonly refuse: Refuse;
}

function readEntry(header: Buffer, content: Buffer, { at, names, files, refuse }: Reading): void {
  const type = String.fromCharCode(header[156] ?? 0);
  if (type === 'L') names.long = decode(untilZero(content), refuse);
  else if (type === 'x') names.long = paxPath(content, at, refuse) ?? names.long;
  else if (type === 'g') {
    if (paxPath(content, at, refuse) !== undefined)
      refuse('archive', 'A global header of the archive gives all its entries one path.');
  } else {
    const name = names.long ?? shortName(header, refuse);
    names.long = undefined;
    const path = safePath(name, refuse);
    if (type === '5') return;
    if (type !== '0' && type !== '\0')
      refuse(
        'link',
        `${printable(name)} is ${REFUSED_TYPES[type] ?? 'an entry of unknown type'}; a chart has only files and folders.`,
      );
    if (content.length > LIMITS.file)
      refuse('size', `${printable(name)} is ${megabytes(content.length)} long; Helm reads files up to 5 MiB.`);
    if (files.has(path)) refuse('duplicate', `The archive has ${printable(name)} twice.`);
    files.set(path, content);
  }
}

/** The length of an entry, whose checksum is right. */
function sizeOf(header: Buffer, at: number, refuse: Refuse): number {
  const sum = octal(header, 148, 8);
  let own = 8 * 0x20; // the checksum itself counts as spaces
  for (let i = 0; i < BLOCK; i += 1) if (i < 148 || i >= 156) own += header[i] ?? 0;
  if (sum !== own) return refuse('archive', `The archive is damaged at byte ${String(at)}: a checksum is wrong.`);
  const size = octal(header, 124, 12);
  return size ?? refuse('archive', `The archive is damaged at byte ${String(at)}: an entry has no length.`);
}

function octal(header: Buffer, from: number, length: number): number | undefined {
  const text = header.toString('latin1', from, from + length).replace(/^[ \0]+|[ \0]+$/g, '');
  return /^[0-7]{1,11}$/.test(text) ? parseInt(text, 8) : undefined;
}

/** Only POSIX' own format has a prefix; GNU keeps times there. */
function shortName(header: Buffer, refuse: Refuse): string {
  const isPosix = header.toString('latin1', 257, 263) === 'ustar\0';
  const [name, prefix] = [header.subarray(0, 100), isPosix ? header.subarray(345, 500) : Buffer.alloc(0)].map((field) =>
    decode(untilZero(field), refuse),
  );
  return prefix === '' ? (name ?? '') : `${prefix ?? ''}/${name ?? ''}`;
}

function untilZero(field: Buffer): Buffer {
  const end = field.indexOf(0);
  return end === -1 ? field : field.subarray(0, end);
}

/** The path in records `<length> <key>=<value>\n`, where `length` counts the whole record. */
function paxPath(content: Buffer, at: number, refuse: Refuse): string | undefined {
  let path: string | undefined;
  for (let from = 0; from < content.length;) {
    const [, digits = ''] = /^(\d{1,9}) /.exec(content.toString('latin1', from, from + 11)) ?? [];
    const record = content.subarray(from, from + Number(digits));
    const equals = record.indexOf('=');
    if (digits === '' || record.length !== Number(digits) || record.at(-1) !== 0x0a || equals < digits.length + 1)
      return refuse('archive', `The archive is damaged at byte ${String(at)}: an extended header cannot be read.`);
    const key = record.toString('latin1', digits.length + 1, equals);
    if (key === 'path') path = decode(record.subarray(equals + 1, -1), refuse);
    if (key === 'size' || key.startsWith('GNU.sparse'))
      return refuse('archive', `The archive has a sparse or huge file at byte ${String(at)}; a chart has none.`);
    from += record.length;
  }
  return path;
}

/** The path of an entry, without `./` before it and `/` after it. */
export function safePath(name: string, refuse: Refuse): string {
  const path = name.replace(/^\.\/+(?=.)/, '').replace(/\/+$/, '');
  const reason =
    name.length > LIMITS.path
      ? `is longer than ${String(LIMITS.path)} characters`
      : /^\/|^[A-Za-z]:/.test(name)
        ? 'is absolute'
        : name.includes('\\')
          ? 'has a backslash'
          : /\p{Cc}/u.test(name)
            ? 'has a control character'
            : path.split('/').includes('..')
              ? 'leads out of the chart'
              : path !== '.' && path.split('/').some((part) => part === '' || part === '.')
                ? 'has an empty part'
                : undefined;
  if (reason !== undefined) return refuse('path', `The path ${printable(name)} ${reason}.`);
  return path;
}

function decode(bytes: Buffer, refuse: Refuse): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse('text', `The name ${printable(bytes.toString('latin1'))} is not valid UTF-8.`);
  }
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}

/** A length for people. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
