import type { Finding } from '../../rules/finding';
import { describeSize } from '../../kubernetes/sizes';
import type { SizeReport } from '../../kubernetes/sizes';
import type { Output } from '../cluster/setting';

const KIB = 1024;

/**
 * How machine configs get to the nodes: as user data of a cloud, which is limited, or `plain`, with `talosctl apply-config` or from
 * a disk, which is not.
 */
export type SizeTarget = 'aws' | 'hetzner' | 'plain';

/** What clouds take as user data, which holds the whole machine config. */
const USER_DATA = [
  { target: 'aws', id: 'talos-patch/user-data-16-kib', limit: 16 * KIB, who: 'AWS' },
  { target: 'hetzner', id: 'talos-patch/user-data-32-kib', limit: 32 * KIB, who: 'Hetzner Cloud' },
] as const;

/** Talos' API takes messages of 32 MiB, and a config is in there about three times. */
const LARGEST = 10 * KIB * KIB;

const APPLY = 'with talosctl apply-config, which has no such limit';

/**
 * Sizes at which a patch no longer gets to its nodes: for a cloud a warning where it has to be compressed, and an error where that is
 * not enough.
 */
export function sizeFindings(
  output: Output,
  { bytes, gzipBytes }: SizeReport,
  target: SizeTarget = 'plain',
): readonly Finding[] {
  const paths = [`${output}.yaml`];
  if (bytes > LARGEST) {
    const message = `${describeSize(bytes)} is more than Talos' API carries safely (${describeSize(LARGEST)}).`;
    return [
      { id: 'talos-patch/too-large', level: 'error', paths, message, hint: 'Serve parts of it as external manifests.' },
    ];
  }
  const cloud = USER_DATA.find((one) => one.target === target);
  if (cloud === undefined || bytes <= cloud.limit) return [];
  const fits = gzipBytes <= cloud.limit;
  const message =
    `${describeSize(bytes)} is more than ${cloud.who} takes as user data (${describeSize(cloud.limit)}); ` +
    `compressed with gzip it is ${describeSize(gzipBytes)}${fits ? ', which Talos takes too' : ', still too much'}.`;
  const hint = fits
    ? `Hand the machine config over compressed, or ${APPLY}.`
    : `Hand the machine config over ${APPLY}, or serve parts of it as external manifests.`;
  return [{ id: cloud.id, level: fits ? 'warning' : 'error', paths, message, hint }];
}
