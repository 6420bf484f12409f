/** The data of the release that a command is about. */
import { knownMinors, loadProfile } from '../cilium/versions';
import type { Profile } from '../cilium/versions';
import { newestRelease, releaseOf } from '../inputs/release';
import { findSettings, readSettings } from './settings';
import { CommandError, say } from './terminal';

/**
 * The data of a release: `1.19.6`, `v1.19.6`, or a range as Helm accepts it; without one, of the release of the settings file, otherwise of
 * the newest release. A patch that is not known has the data of its neighbour, and a note.
 */
export function releaseData(given: string | undefined): Profile {
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
