/** Ranges of versions as Helm and Flux read them (Masterminds/semver): `^1.18`, `~1.19.0`, `1.18.x`, `>=1.18.0 <1.20.0`, `1.18 - 1.19`. */

type Numbers = readonly [major: number, minor: number, patch: number];

/** One comparison of a range. */
interface Bound {
  readonly operator: string;
  readonly numbers: Numbers;
  /** It has a prerelease, and every release with the same numbers is newer. */
  readonly isPrerelease: boolean;
  /** How many numbers are written, up to the first `x` or `*`. */
  readonly written: number;
}

const LONGEST = 512;
const MOST_PARTS = 32;
const PART = '[0-9|xX*]+';
const TAIL = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const VERSION = `v?${PART}(?:\\.${PART})?(?:\\.${PART})?(?:-${TAIL})?(?:\\+${TAIL})?`;
const HYPHEN = new RegExp(`\\s*(${VERSION})\\s+-\\s+(${VERSION})\\s*`, 'g');
const BOUND = new RegExp(
  `\\s*(?<operator>!=|>=|=>|<=|=<|~>|[=><~^])?\\s*v?(?<major>${PART})(?:\\.(?<minor>${PART}))?(?:\\.(?<patch>${PART}))?` +
    `(?<prerelease>-${TAIL})?(?:\\+${TAIL})?(?<separator>\\s*,?\\s*)`,
  'y',
);

/** Whether a release, `1.18.4`, is in a range. A prerelease is in none, and so is every release where Helm cannot read the range. */
export function isInRange(release: string, range: string): boolean {
  const [, ...found] = /^(\d+)\.(\d+)\.(\d+)$/.exec(release) ?? [];
  if (found.length === 0 || range.length > LONGEST) return false;
  const [major = 0, minor = 0, patch = 0] = found.map(Number);
  const parts = range.replace(HYPHEN, '>= $1, <= $2 ').split('||').map(boundsOf);
  if (parts.length > MOST_PARTS || parts.includes(undefined)) return false;
  return parts.some((bounds) => bounds?.every((bound) => meets([major, minor, patch], bound)));
}

/** The comparisons of a part, which all must hold; `undefined` where Helm cannot read it. */
function boundsOf(part: string): readonly Bound[] | undefined {
  const bounds: Bound[] = [];
  BOUND.lastIndex = 0;
  while (BOUND.lastIndex < part.length || bounds.length === 0) {
    const { operator = '', prerelease, separator = '', ...texts } = BOUND.exec(part)?.groups ?? {};
    const bound = boundOf(operator, [texts.major, texts.minor, texts.patch], prerelease);
    const isEnd = BOUND.lastIndex === part.length;
    if (bound === undefined || (isEnd ? separator.includes(',') : separator === '')) return undefined;
    bounds.push(bound);
  }
  return bounds;
}

function boundOf(
  operator: string,
  texts: readonly (string | undefined)[],
  prerelease: string | undefined,
): Bound | undefined {
  const open = texts.findIndex((text) => text === undefined || /^[xX*]$/.test(text));
  const written = open === -1 ? texts.length : open;
  const read = texts.slice(0, written).map((text) => (/^\d+$/.test(text ?? '') ? Number(text) : undefined));
  if (texts[0] === undefined || read.includes(undefined)) return undefined;
  if (
    prerelease
      ?.slice(1)
      .split('.')
      .some((one) => /^0\d+$/.test(one))
  )
    return undefined;
  const [major = 0, minor = 0, patch = 0] = read;
  return { operator, numbers: [major, minor, patch], isPrerelease: prerelease !== undefined, written };
}

function meets(own: Numbers, bound: Bound): boolean {
  const { operator, numbers, written } = bound;
  const order = compare(own, bound);
  const [major, minor, patch] = numbers.map((number, i) => own[i] === number) as [boolean, boolean, boolean];
  switch (operator) {
    case '':
    case '=':
      return written === 3 ? order === 0 : isNear(own, bound);
    case '!=':
      if (written === 3 || written === 0) return order !== 0;
      return !(major && (written === 1 || minor)) || (written === 2 && bound.isPrerelease);
    case '>':
      if (written === 1) return own[0] > numbers[0];
      return written === 2 ? own[0] > numbers[0] || (major && own[1] > numbers[1]) : order > 0;
    case '<':
      return order < 0;
    case '>=':
    case '=>':
      return order >= 0;
    case '<=':
    case '=<':
      if (written === 3) return order <= 0;
      return own[0] < numbers[0] || (major && (written === 1 || own[1] <= numbers[1]));
    case '~':
    case '~>':
      return isNear(own, bound);
    default:
      if (order < 0) return false;
      if (numbers[0] > 0 || written === 1) return major;
      if (numbers[1] > 0 || written === 2) return major && minor;
      return major && minor && patch;
  }
}

/** `~1.18.2`: the same minor, not older. */
function isNear(own: Numbers, bound: Bound): boolean {
  const { numbers, written } = bound;
  if (compare(own, bound) < 0) return false;
  if (numbers.every((number) => number === 0) && (written === 3 || written === 0)) return true;
  return own[0] === numbers[0] && (written === 1 || own[1] === numbers[1]);
}

function compare(own: Numbers, { numbers, isPrerelease }: Bound): number {
  return own[0] - numbers[0] || own[1] - numbers[1] || own[2] - numbers[2] || (isPrerelease ? 1 : 0);
}
