/** The index of a Helm repository: which releases of Cilium it has that are not imported. */
import { parse } from 'yaml';
import { isMap, mapsIn } from '../lib/kubernetes/json';
import type { ExactVersion } from '../lib/releases/exact-version';
import { compareMinors, compareVersions, parseVersion } from '../lib/releases/exact-version';

/** A release in the index. */
export interface PublishedRelease {
  /** `1.20.4` or `1.21.0-pre.0` */
  readonly version: string;
  /** SHA-256 of its archive. */
  readonly digest: string;
}

/** Names that Cilium gives to releases. They become names of files and titles of issues, so nothing else is read. */
const VERSION = /^\d{1,3}\.\d{1,3}\.\d{1,3}(?:-(?:pre|rc|snapshot)\.\d{1,3})?$/;

/** @throws Error when the text is not an index with charts of Cilium. */
export function publishedReleases(index: string): readonly PublishedRelease[] {
  const data: unknown = parse(index, { maxAliasCount: 0 });
  const entries = isMap(data) && isMap(data.entries) ? mapsIn(data.entries.cilium) : [];
  const releases = entries.flatMap(({ version, digest }) =>
    typeof version === 'string' && VERSION.test(version) && typeof digest === 'string' && /^[0-9a-f]{64}$/.test(digest)
      ? [{ version, digest }]
      : [],
  );
  if (releases.length === 0) throw new Error('The index has no charts of Cilium.');
  return releases;
}

/**
 * The releases that are not known, oldest first: stable ones of known and newer minors, and the newest prerelease of each minor of
 * which no stable release is published.
 */
export function newReleases(
  published: readonly PublishedRelease[],
  known: readonly string[],
): readonly PublishedRelease[] {
  const minors = known.map((version) => parseVersion(version).minor).sort(compareMinors);
  const oldest = minors[0] ?? '';
  const read = published
    .map((release) => ({ release, parts: parseVersion(release.version) }))
    .filter(({ release, parts }) => compareMinors(parts.minor, oldest) >= 0 && !known.includes(release.version))
    .sort((a, b) => compareVersions(a.parts, b.parts));
  const isStable = ({ prerelease }: ExactVersion): boolean => prerelease === undefined;
  const released = new Set([...minors, ...read.filter(({ parts }) => isStable(parts)).map(({ parts }) => parts.minor)]);
  return read
    .filter(
      ({ parts }, i) => isStable(parts) || (!released.has(parts.minor) && read[i + 1]?.parts.minor !== parts.minor),
    )
    .map(({ release }) => release);
}
