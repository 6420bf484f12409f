/** Versions as Helm's `semverCompare` reads them: loose (`1.16`, `v1.18.4`), prereleases apart. */

const TAIL = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*';
const VERSION = new RegExp(`^v?(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?(-${TAIL})?(?:\\+${TAIL})?$`);

/** A release without the `v` that tags of Git and of images begin with: `v1.19.6` is `1.19.6`. Anything else stays as it is. */
export function withoutV<T>(release: T): T {
  return typeof release === 'string' ? (release.replace(/^v(?=\d)/, '') as T) : release;
}

/** Whether a text is a version: not `1.x`, `latest` or an empty text. */
export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/**
 * Whether a version meets a constraint: `>=1.16`, `<0.9.0`. A prerelease meets none.
 *
 * @throws RangeError when the version cannot be read, where Helm stops with an error.
 */
export function satisfies(text: string, constraint: `${'>=' | '<'}${string}`): boolean {
  const match = VERSION.exec(text);
  if (match === null) throw new RangeError(`"${text}" is not a version such as 1.16 or 1.18.4.`);
  const [, operator, bound = ''] = /^(>=|<)(.*)$/.exec(constraint) ?? [];
  const order = compareNumbers(match.slice(1, 4), bound.split('.'));
  return match[4] === undefined && (operator === '>=' ? order >= 0 : order < 0);
}

/** Numbers that are not written count as 0. */
function compareNumbers(left: readonly (string | undefined)[], right: readonly (string | undefined)[]): number {
  const differences = [0, 1, 2].map((i) => Number(left[i] ?? 0) - Number(right[i] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}
