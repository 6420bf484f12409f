import type { GeneratedBy, TalosMinor, TalosVersion } from '../../lib/talos/cluster/versions';
import type { ConfigSection } from '../../lib/talos/cluster/sections';

/** The cluster that a patch is made for: the Talos that runs, and where its configs come from. */
export interface Target {
  readonly talosVersion: TalosVersion;
  readonly generatedBy: GeneratedBy;
  /** The sections of the configs, where `generatedBy` does not determine them. */
  readonly sections?: readonly ConfigSection[];
}

/** Clusters with configs as they were generated. */
export const TARGETS: readonly Target[] = [
  { talosVersion: '1.11', generatedBy: '1.11' },
  { talosVersion: '1.12', generatedBy: '1.12' },
  { talosVersion: '1.12.4', generatedBy: '1.11' },
  { talosVersion: '1.13', generatedBy: '1.13' },
  { talosVersion: '1.13.9', generatedBy: '1.12' },
  { talosVersion: '1.14', generatedBy: '1.11' },
  { talosVersion: '1.14', generatedBy: '1.12' },
  { talosVersion: '1.14', generatedBy: '1.13' },
  { talosVersion: '1.14', generatedBy: '1.14' },
];

/** `1.12.4-by-1.11` */
export const nameOf = ({ talosVersion, generatedBy }: Target): string => `${talosVersion}-by-${generatedBy}`;

/** Whether the running Talos is of a minor or a later one. */
export const runs = ({ talosVersion }: Target, minor: TalosMinor): boolean =>
  Number(talosVersion.split('.')[1]) >= Number(minor.split('.')[1]);

/** Whether configs hold sections of a kind that Talos generates up to 1.13. */
export const hasSection = ({ generatedBy, sections }: Target, section: ConfigSection): boolean =>
  sections?.includes(section) ?? generatedBy !== '1.14';
