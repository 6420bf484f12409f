/** The releases between two: upstream tests one minor at a time, from the newest patch of each. */
import { RELEASES } from '../cilium/known-faults/releases';
import { minorOf, minorsOfHistory, releasesOfHistory } from '../releases/history';

/** Orders releases, oldest first. */
export function compareReleases(one: string, other: string): number {
  const [a, b] = [one, other].map((release) => release.split(/[.-]/).map(Number));
  const difference = [0, 1, 2].map((i) => (a?.[i] ?? 0) - (b?.[i] ?? 0)).find((number) => number !== 0);
  return difference ?? 0;
}

/** The newest known release of a minor. */
export function newestPatch(minor: string): string | undefined {
  const known = [...new Set([...releasesOfHistory(), ...RELEASES])];
  return known
    .filter((release) => minorOf(release) === minor)
    .sort(compareReleases)
    .at(-1);
}

/** The releases to upgrade to, one after another; the last one is the target. Nothing when both are the same. */
export function routeBetween(from: string, to: string): readonly string[] {
  const minors = minorsOfHistory();
  const [start, end] = [minors.indexOf(minorOf(from)), minors.indexOf(minorOf(to))];
  const between = start < 0 || end < 0 ? [] : minors.slice(start, end);
  const stops = between.flatMap((minor) => newestPatch(minor) ?? []).filter((stop) => compareReleases(stop, from) > 0);
  return [...new Set([...stops, to])].filter((stop) => stop !== from);
}

/** How many minors lie between two releases: 1 for the next one. */
export function minorsBetween(from: string, to: string): number {
  const minor = (release: string): number => Number(release.split('.')[1]);
  return minor(to) - minor(from);
}
