/** The data of the release that a command is about. */
import type { Command } from 'commander';
import type { ImportedRelease } from '../cilium/imported-release';
import { knownMinors, loadProfile } from '../cilium/versions';
import type { Profile } from '../cilium/versions';
import { newestRelease, releaseOf } from '../inputs/release';
import type * as archive from '../releases/archive';
import type * as importRelease from '../releases/import-release';
import { findSettings, readSettings } from './settings';
import { CommandError, say } from './terminal';

/** Which release is meant. */
export interface ReleaseOptions {
  readonly version?: string;
  readonly chart?: string;
}

/** Adds the options that name a release. */
export function addReleaseOptions(command: Command): Command {
  return command
    .option('--version <version>', 'Cilium release (default: that of the settings file, otherwise the newest known)')
    .option(...CHART_OPTION);
}

/** The flags and the description of `--chart`. */
export const CHART_OPTION = [
  '--chart <archive>',
  'the chart of a release that is not known here: cilium-1.20.4.tgz, or its folder',
] as const;

/** The data of the release of a chart, or of a known one. @throws CommandError, or CiliumError for a chart that cannot be read. */
export function releaseData({ version, chart }: ReleaseOptions): Profile {
  if (chart === undefined) return knownRelease(version);
  return chartData(chart, version).profile;
}

/** The release of a chart, and its data. @throws CommandError, or CiliumError for a chart that cannot be read. */
export function chartData(
  chart: string,
  version: string | undefined,
): { readonly release: ImportedRelease; readonly profile: Profile } {
  if (version !== undefined) throw new CommandError('--chart names the release: omit --version.');
  /* eslint-disable @typescript-eslint/no-require-imports -- only charts are read */
  const { readChart } = require('../releases/archive') as typeof archive;
  const { releaseOfChart } = require('../releases/import-release') as typeof importRelease;
  /* eslint-enable @typescript-eslint/no-require-imports */
  const release = releaseOfChart(readChart(chart));
  const found = loadProfile(release);
  if (found === undefined) throw new CommandError(`'${chart}' is not a chart of a release that this library can read.`);
  return { release, profile: found.profile };
}

/**
 * The data of a release: `1.19.6`, `v1.19.6`, or a range as Helm accepts it; without one, of the release of the settings file, otherwise of
 * the newest release. A patch that is not known has the data of its neighbour, and a note.
 */
function knownRelease(given: string | undefined): Profile {
  const settings = given === undefined ? findSettings(process.cwd()) : undefined;
  const version = given ?? (settings === undefined ? undefined : readSettings(settings).settings.version);
  const release = version === undefined ? newestRelease() : releaseOf(version);
  const found = release === undefined ? undefined : loadProfile(release);
  if (found === undefined)
    throw new CommandError(
      `Cilium ${version ?? ''} is not known; known minors are ${knownMinors().join(', ')}. Write --version ${newestRelease()}, or import the release.`,
    );
  if (version === undefined)
    say(`No --version: Cilium ${found.profile.version}, the newest release that is known here.`);
  else if (!found.exact) say(`Cilium ${release ?? ''} is not known; this is ${found.profile.version}.`);
  return found.profile;
}
