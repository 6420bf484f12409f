import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { checkArguments } from '../props/check';
import { needed, props, text as textShape } from '../props/shape';

/** How large a text is, plain and compressed, and what it is known by. */
export interface SizeReport {
  /** Bytes of the UTF-8 text. */
  readonly bytes: number;
  /** Bytes after `gzip`, whose level is 6, as that of Terraform's and Go's gzip is. */
  readonly gzipBytes: number;
  /** SHA-256 of the text, in hex. */
  readonly sha256: string;
}

/** A text with its measures, so that they are taken once. */
export interface MeasuredText {
  readonly text: string;
  readonly report: SizeReport;
}

/** A text together with its report. */
export function measured(text: string): MeasuredText {
  return { text, report: reportOf(text) };
}

const ARGUMENTS = props<{ readonly text: string }>({ text: needed(textShape) });

/** Measures a text. The same text gives the same report. */
export function reportOf(text: string): SizeReport {
  checkArguments('reportOf', { text }, ARGUMENTS);
  const bytes = Buffer.from(text, 'utf8');
  return {
    bytes: bytes.length,
    gzipBytes: gzipSync(bytes).length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

/** A size for people: `812 B`, `54.3 KiB`, `1.2 MiB`. */
export function describeSize(bytes: number): string {
  if (bytes < 1024) return `${String(bytes)} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
