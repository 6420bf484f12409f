/** Exact chart versions, taken apart. */

/** `1.18.4` as parts. */
export interface ExactVersion {
  /** `1.18` */
  readonly minor: string;
  readonly patch: number;
}

/** @throws Error when the text is no `major.minor.patch`. */
export function parseVersion(version: string): ExactVersion {
  const parts = /^(\d+\.\d+)\.(\d+)$/.exec(version);
  if (parts === null) throw new Error(`${version} is not an exact version (such as 1.18.4).`);
  return { minor: parts[1], patch: Number(parts[2]) };
}

/** Orders minors (`1.9` before `1.18`). */
export function compareMinors(a: string, b: string): number {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor - bMajor || aMinor - bMinor;
}

/** Orders exact versions, oldest first. */
export function compareVersions(a: ExactVersion, b: ExactVersion): number {
  return compareMinors(a.minor, b.minor) || a.patch - b.patch;
}
