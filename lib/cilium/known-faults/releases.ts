import { CILIUM_VERSIONS } from '../../../imports/cilium-chart';
import { partsOf } from '../release-parts';

/** A Cilium release, `1.19.4`. */
export type Release = `${number}.${number}.${number}`;

/** The releases of one minor that have a fault. */
export interface Affected {
  /** The first one, or the oldest for which upstream's issue or source shows it. */
  readonly from: Release;
  /** The last one: the next patch mends it. @default - no known release of the minor mends it */
  readonly until?: Release;
}

/** Releases that upstream has published beside those whose charts are imported. */
const PUBLISHED: readonly Release[] = ['1.18.13', '1.18.14', '1.19.7', '1.19.8', '1.20.1', '1.20.2'];

/** The stable releases of the supported minors, oldest first. */
export const RELEASES: readonly Release[] = [...new Set([...CILIUM_VERSIONS, ...PUBLISHED])].sort(
  (one, other) => weightOf(one) - weightOf(other),
);

/** Whether a release is among those with a fault. A release after the known ones has the faults that no release mends. */
export function isAffected(affected: readonly Affected[], version: string): boolean {
  const { minor, patch } = partsOf(version);
  return affected.some(
    ({ from, until }) =>
      partsOf(from).minor === minor &&
      patch >= partsOf(from).patch &&
      (until === undefined || patch <= partsOf(until).patch),
  );
}

/** The first release after a given one without the fault, of its minor or a later one; `undefined` when none is known. */
export function mendedIn(affected: readonly Affected[], version: string): Release | undefined {
  return RELEASES.find((release) => weightOf(release) > weightOf(version) && !isAffected(affected, release));
}

/** The minor of a release, `1.19`. */
export function minorOf(version: string): string {
  return partsOf(version).minor;
}

function weightOf(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return (major * 1000 + minor) * 1000 + patch;
}
