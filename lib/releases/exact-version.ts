/** Exact chart versions, taken apart. */

/** `1.18.4` or `1.21.0-pre.0` as parts. */
export interface ExactVersion {
  /** `1.18` */
  readonly minor: string;
  readonly patch: number;
  /** `pre.0`, `rc.1`; absent for a stable release. */
  readonly prerelease?: string;
}

const EXACT = /^(\d{1,9}\.\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;

/** Whether a text is an exact version. */
export function isExactVersion(version: string): boolean {
  return EXACT.test(version);
}

/** @throws Error when the text is not `major.minor.patch` or `major.minor.patch-prerelease`. */
export function parseVersion(version: string): ExactVersion {
  const parts = EXACT.exec(version);
  if (parts === null) throw new Error(`${version} is not an exact version (such as 1.18.4).`);
  const [, minor = '', patch, prerelease] = parts;
  return prerelease === undefined ? { minor, patch: Number(patch) } : { minor, patch: Number(patch), prerelease };
}

/** Orders minors (`1.9` before `1.18`). */
export function compareMinors(a: string, b: string): number {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor - bMajor || aMinor - bMinor;
}

/** Orders exact versions as semantic versioning does: oldest first, a prerelease before its release, `pre` before `rc`. */
export function compareVersions(a: ExactVersion, b: ExactVersion): number {
  return compareMinors(a.minor, b.minor) || a.patch - b.patch || comparePrereleases(a.prerelease, b.prerelease);
}

function comparePrereleases(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  const [left, right] = [a.split('.'), b.split('.')];
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const order = compareIdentifiers(left[i] ?? '', right[i] ?? '');
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Numbers by size and before texts; texts by their characters. */
function compareIdentifiers(a: string, b: string): number {
  const [aIsNumber, bIsNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (aIsNumber && bIsNumber) return Number(a) - Number(b);
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
