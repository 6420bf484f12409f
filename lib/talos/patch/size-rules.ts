import { describeSize } from '../../kubernetes/sizes';
import { problem } from '../../rules/rule';
import type { Rule } from '../../rules/rule';
import type { Output } from '../cluster/setting';
import type { SizeTarget } from './input';
import type { PatchExample } from './rule';

const KIB = 1024;

/** The Talos API accepts messages of 32 MiB, and a message holds the config about three times. */
const LARGEST = 10 * KIB * KIB;

const APPLY = 'with talosctl apply-config, which has no such limit';

/** A measured output of a patch. */
export interface SizeSubject {
  readonly output: Output;
  readonly bytes: number;
  readonly gzipBytes: number;
  readonly target: SizeTarget;
}

/** Sizes at which a patch no longer reaches its nodes. */
export const SIZE_RULES: readonly Rule<SizeSubject, PatchExample>[] = [
  {
    id: 'talos-patch/too-large',
    level: 'error',
    find: ({ output, bytes }) =>
      bytes > LARGEST &&
      problem(
        `${output}.yaml`,
        `${describeSize(bytes)} is more than the Talos API carries safely (${describeSize(LARGEST)}).`,
        'Serve parts of it as external manifests.',
      ),
    examples: {
      bad: { size: { bytes: 11 * KIB * KIB, gzipBytes: KIB * KIB } },
      good: { size: { bytes: 9 * KIB * KIB, gzipBytes: KIB * KIB } },
    },
  },
  userData('talos-patch/user-data-16-kib', 'aws', 16 * KIB, 'AWS'),
  userData('talos-patch/user-data-32-kib', 'hetzner', 32 * KIB, 'Hetzner Cloud'),
];

/** User data of a cloud holds the whole machine config: beyond its limit the config must be compressed, or does not fit at all. */
function userData(id: string, cloud: SizeTarget, limit: number, who: string): Rule<SizeSubject, PatchExample> {
  return {
    id,
    level: ({ gzipBytes }) => (gzipBytes <= limit ? 'warning' : 'error'),
    find: ({ output, bytes, gzipBytes, target }) => {
      if (target !== cloud || bytes <= limit || bytes > LARGEST) return undefined;
      const fits = gzipBytes <= limit;
      return problem(
        `${output}.yaml`,
        `${describeSize(bytes)} is more than ${who} accepts as user data (${describeSize(limit)}); compressed with gzip it is ${describeSize(gzipBytes)}${fits ? ', which Talos accepts too' : ', still too much'}.`,
        fits
          ? `Pass the machine config compressed, or ${APPLY}.`
          : `Apply the machine config ${APPLY}, or serve parts of it as external manifests.`,
      );
    },
    examples: {
      bad: { patch: { target: cloud }, size: { bytes: 2 * limit, gzipBytes: limit / 2 } },
      good: { patch: { target: cloud }, size: { bytes: limit, gzipBytes: limit / 2 } },
    },
  };
}
