/** The Cilium release that a version or a range of versions means. */
import { CILIUM_VERSIONS } from '../../imports/cilium-chart';
import { withoutV } from '../helm/semver';
import { isInRange } from '../helm/version-range';

/** The newest release that is known here. */
export function newestRelease(): string {
  return [...CILIUM_VERSIONS].sort(compare).at(-1) ?? '';
}

/**
 * The release of a version as people write it: `v1.18.4` and `1.18.4` are that release, known or not; a range, as Helm and Flux read
 * them (`1.18`, `1.18.x`, `~1.18.2`, `>=1.18.0 <1.20.0`), is the newest known release in it. `undefined` when none is.
 */
export function releaseOf(version: string): string | undefined {
  const bare = withoutV(version.trim());
  if (/^\d+\.\d+\.\d+(-[\w.-]+)?(\+[\w.-]+)?$/.test(bare)) return bare.replace(/\+.*$/, '');
  return [...CILIUM_VERSIONS].sort(compare).findLast((known) => isInRange(known, bare));
}

/** The release that begins a range in which no release is known, for a finding that names it: `1.15.0` of `1.15.x`. */
export function firstOf(range: string): string {
  const [, major, minor = '0', patch = '0'] = /(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(range) ?? [];
  return major === undefined ? range : `${major}.${minor}.${patch}`;
}

type Numbers = readonly [number, number, number];

function numbersOf(release: string): Numbers {
  const [major = 0, minor = 0, patch = 0] = release.split('.').map(Number);
  return [major, minor, patch];
}

function order(a: Numbers, b: Numbers): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

function compare(a: string, b: string): number {
  return order(numbersOf(a), numbersOf(b));
}
