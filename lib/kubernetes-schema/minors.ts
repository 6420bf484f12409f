/** Which fields a Kubernetes release has, derived from the definitions of neighbouring releases. */

/** Whether a release has a field. */
export type Verdict = 'there' | 'not there' | 'unknown';

/** `1.34` and `1.34.1` are 34. `undefined` for anything else. */
export function minorOf(version: string): number | undefined {
  const minor = /^v?1\.(\d+)(\.|$)/.exec(version)?.[1];
  return minor === undefined ? undefined : Number(minor);
}

/**
 * Whether a release has a field.
 * @param having the minors that have it, `1.34 1.36`; a range such as `1.26-1.30` for what went before the oldest definitions. None: `''`.
 * @param known the minors whose definitions are known, oldest first.
 * @param release `undefined` when it is unknown: then a field of any minor may be there.
 */
export function verdictOf(having: string, known: readonly string[], release: string | undefined): Verdict {
  const minors = known.map((minor) => minorOf(minor) ?? 0);
  const minor = release === undefined ? undefined : minorOf(release);
  if (minor === undefined) return having === '' ? 'not there' : 'there';
  const has = (other: number): boolean =>
    having.split(' ').some((text) => {
      const [first = NaN, last = first] = text.split('-').map((one) => minorOf(one) ?? NaN);
      return first <= other && other <= last;
    });
  const [oldest = 0, newest = 0] = [minors[0], minors.at(-1)];
  if (minor > newest) return having !== '' && has(newest) ? 'there' : 'unknown';
  if (minors.includes(minor) || minor < oldest)
    return has(minor) || has(Math.max(minor, oldest)) ? 'there' : 'not there';
  const before = minors.filter((other) => other < minor).at(-1) ?? oldest;
  const after = minors.find((other) => other > minor) ?? newest;
  return has(before) || has(after) ? 'there' : 'not there';
}
