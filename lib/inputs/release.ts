/** The Cilium release that a version or a range of versions means. */
import { CILIUM_VERSIONS } from '../../imports/cilium-chart';
import { withoutV } from '../helm/semver';

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

/** Whether a release is in a range, by the rules of Masterminds/semver, which Helm and Flux use. */
export function isInRange(release: string, range: string): boolean {
  return range.split('||').some((part) => comparators(part).every((one) => meets(release, one)));
}

type Numbers = readonly [number, number, number];

function comparators(part: string): readonly string[] {
  const hyphen = /^\s*v?(\S+)\s+-\s+v?(\S+)\s*$/.exec(part);
  if (hyphen !== null) return [`>=${hyphen[1] ?? ''}`, `<=${hyphen[2] ?? ''}`];
  const found = part.match(/(?:[<>=!~^]+\s*)?[\w.*+-]+/g) ?? [];
  return found.map((one) => one.replace(/\s+/g, ''));
}

function meets(release: string, comparator: string): boolean {
  const [, operator = '', text = ''] = /^([<>=!~^]*)v?(.*)$/.exec(comparator) ?? [];
  const written = text.split(/[-+]/)[0]?.split('.') ?? [];
  const known = written.filter((one) => /^\d+$/.test(one)).map(Number);
  if (known.length === 0) return /^[*xX]?$/.test(written[0] ?? '');
  const low: Numbers = [known[0] ?? 0, known[1] ?? 0, known[2] ?? 0];
  const next = (digits: number): Numbers =>
    digits === 1 ? [low[0] + 1, 0, 0] : digits === 2 ? [low[0], low[1] + 1, 0] : [low[0], low[1], low[2] + 1];
  const own = numbersOf(release);
  const isIn = (from: Numbers, to: Numbers): boolean => order(own, from) >= 0 && order(own, to) < 0;
  switch (operator) {
    case '':
    case '=':
    case '==':
      return isIn(low, next(known.length));
    case '!=':
      return !isIn(low, next(known.length));
    case '~':
    case '~>':
      return isIn(low, next(Math.min(known.length, 2)));
    case '^':
      return isIn(
        low,
        low[0] > 0 || known.length === 1 ? next(1) : low[1] > 0 || known.length === 2 ? next(2) : next(3),
      );
    case '>':
      return order(own, next(known.length)) >= 0;
    case '>=':
    case '=>':
      return order(own, low) >= 0;
    case '<':
      return order(own, low) < 0;
    case '<=':
    case '=<':
      return order(own, next(known.length)) < 0;
    default:
      return false;
  }
}

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
