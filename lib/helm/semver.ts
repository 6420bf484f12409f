/** Version comparison as Helm's `semverCompare` does it: loose versions (`1.16`, `v1.18.4`), one or more conditions, prereleases apart. */

/** A version taken apart. What is not written counts as 0. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** `rc.1` in `1.18.0-rc.1`, otherwise empty. */
  readonly prerelease: string;
}

/** A release without the `v` that tags of Git and of images begin with: `v1.19.6` is `1.19.6`. Anything else stays as it is. */
export function withoutV<T>(release: T): T {
  return typeof release === 'string' ? (release.replace(/^v(?=\d)/, '') as T) : release;
}

const PRERELEASE = '(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?';
const BUILD = '(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?';
const NUMBERS = 'v?(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?';
const VERSION = new RegExp(`^${NUMBERS}${PRERELEASE}${BUILD}$`);
const CONDITION = new RegExp(`(>=|<=|>|<|=|~)?\\s*${NUMBERS}${PRERELEASE}${BUILD}`, 'y');

/** Reads a version; `undefined` when the text is none, such as `1.x`, `latest` or an empty text. */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor, patch, prerelease] = VERSION.exec(text) ?? [];
  return major === undefined ? undefined : version(major, minor, patch, prerelease);
}

/**
 * Whether a version meets a constraint: `>=1.16`, `>= 1.27-0`, `<0.9.0`, `~1.16`, `>=1.8, <1.10`. Without an operator the numbers
 * that are written must agree. A prerelease meets a constraint only when one of its conditions names a prerelease, too.
 *
 * @throws RangeError when the version or the constraint cannot be read, where Helm stops with an error.
 */
export function satisfies(text: string, constraint: string): boolean {
  const subject = parseVersion(text);
  if (subject === undefined) throw new RangeError(`"${text}" is no version such as 1.16 or 1.18.4.`);
  const conditions = parseConstraint(constraint);
  if (subject.prerelease !== '' && conditions.every(({ bound }) => bound.prerelease === '')) return false;
  return conditions.every((condition) => meets(subject, condition));
}

/** Orders versions: negative when `a` is older. A prerelease comes before its release. */
export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || comparePrereleases(a.prerelease, b.prerelease);
}

interface Condition {
  readonly operator: string;
  readonly bound: Version;
  /** How many numbers are written: `1.16` has two. */
  readonly written: number;
}

function version(major: string, minor = '0', patch = '0', prerelease = ''): Version {
  return { major: Number(major), minor: Number(minor), patch: Number(patch), prerelease };
}

function parseConstraint(constraint: string): readonly Condition[] {
  const text = constraint.trim();
  const conditions: Condition[] = [];
  let at = 0;
  do {
    CONDITION.lastIndex = at;
    const [whole, operator = '=', major, minor, patch, prerelease] = CONDITION.exec(text) ?? [];
    const gap = whole === undefined ? null : /^(?:\s*,\s*(?=\S)|\s+|$)/.exec(text.slice(at + whole.length));
    if (whole === undefined || major === undefined || gap === null)
      throw new RangeError(`"${constraint}" is no version constraint.`);
    conditions.push({ operator, bound: version(major, minor, patch, prerelease), written: patch ? 3 : minor ? 2 : 1 });
    at += whole.length + gap[0].length;
  } while (at < text.length);
  return conditions;
}

function meets(subject: Version, { operator, bound, written }: Condition): boolean {
  const order = compareVersions(subject, bound);
  switch (operator) {
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    // `>1.16` means 1.17 and later, `<=1.16` includes 1.16.9: numbers that are not written cover all of theirs.
    case '>':
      return written === 3 ? order > 0 : order > 0 && !agrees(subject, bound, written);
    case '<=':
      return order <= 0 || (written < 3 && agrees(subject, bound, written));
    case '~':
      return order >= 0 && agrees(subject, bound, Math.min(written, 2));
    default:
      return written === 3 ? order === 0 : order >= 0 && agrees(subject, bound, written);
  }
}

function agrees(a: Version, b: Version, written: number): boolean {
  return a.major === b.major && (written < 2 || a.minor === b.minor) && (written < 3 || a.patch === b.patch);
}

/** Dotted parts in turn: numbers by value and before words, words by code point, fewer parts first; none at all comes last. */
function comparePrereleases(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? 1 : -1;
  const [left, right] = [a.split('.'), b.split('.')];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [x, y] = [left[i], right[i]];
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    if (x === y) continue;
    const [xNumber, yNumber] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (xNumber && yNumber) return Number(x) - Number(y);
    if (xNumber !== yNumber) return xNumber ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return 0;
}
