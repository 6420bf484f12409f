/** Resolves the user's values to those that everything else reads. */
import type { ChartValues, CiliumValues } from '../../imports/cilium-chart';
import type { Finding } from '../rules/finding';
import { coalesce } from '../helm/merge';
import { deepFreeze, isMap } from '../kubernetes/json';
import { isVersion, withoutV } from '../helm/semver';
import type { JsonObject } from '../kubernetes/json';
import { kubernetesFindings } from './kubernetes-values';
import { partialImages, withTagsOf } from './image-findings';
import { ImportedRelease } from './imported-release';
import type { WrittenValues } from './no-effect';
import { plainData } from './plain-data';
import { checkShapes } from './shape-check';
import { knownMinors, loadProfile, patchesOf, whereKnown } from './versions';
import type { Profile } from './versions';
import { unprovenFindings } from './unproven-findings';
import { notPlain, unknownFindings, unknownWord, wrongType } from './value-findings';

/** The input of {@link resolveValues}. */
export interface ValuesInput {
  /** The Cilium release, `1.18.4` or an imported one. */
  readonly version: string | ImportedRelease;
  /** Whether a minor that was never rendered is accepted. Default: no. */
  readonly unproven?: boolean | undefined;
  /** With the chart's own names. Default: none. Anything is accepted; what is not plain data becomes a finding. */
  readonly values?: CiliumValues | JsonObject | undefined;
  /** The level of unknown values. Default: `error`. */
  readonly unknownValues?: 'error' | 'warn' | undefined;
  /** The Kubernetes release, `1.34.1`, whose API server must accept tolerations and so on. Default: any known one. */
  readonly kubernetes?: string | undefined;
  /** The level of values that the API server rejects. Default: `error`. */
  readonly unacceptable?: 'error' | 'warn' | undefined;
}

/** The resolved values, and everything that is wrong with what the user wrote. */
export interface ResolvedValues {
  /**
   * The defaults with the user's values merged over them, frozen. Values with a finding are omitted, so that rules can run, except
   * those that are unknown to all releases and passed on.
   */
  readonly v: ChartValues;
  readonly findings: readonly Finding[];
  /** The release whose defaults and behaviour apply: the requested one, or the nearest known patch. */
  readonly version: string;
  /** What the user wrote and the release knows, with the data of the release; none where the release is unsupported: the values are then those of another one. */
  readonly known?: WrittenValues;
}

/**
 * Merges values over the defaults of a release, by Helm's rules: maps merge, lists and scalars replace, `null` removes a default.
 * A section that is nulled stays as an empty one, so that reading from it is safe.
 * All problems are reported together; never throws.
 */
export function resolveValues({
  version: asked,
  unproven = false,
  values,
  unknownValues = 'error',
  kubernetes,
  unacceptable,
}: ValuesInput): ResolvedValues {
  const found = loadProfile(asked instanceof ImportedRelease ? asked : String(asked));
  const version = String(asked);
  if (found === undefined) return unsupported(version);
  const { data = {}, problems } = plainData(values ?? {});
  const findings: Finding[] = problems.map(notPlain);
  if (!isMap(data))
    findings.push(notPlain({ at: '', message: 'Expected a map of names to values.', hint: 'Write a map.' }));
  const written = withoutBadVersion(isMap(data) ? data : {}, findings);
  const profile = found.exact
    ? found.profile
    : { ...found.profile, behavesAs: version, defaults: withTagsOf(version, found.profile, written) };
  const checked = checkShapes(
    written,
    profile.shapes,
    profile.defaults,
    unknownValues === 'warn' ? isUnknownEverywhere : undefined,
  );
  findings.push(...checked.wrong.map(wrongType), ...checked.words.map((word) => unknownWord(word, unknownValues)));
  findings.push(...unknownFindings(checked.unknown, { written, profile, unknownValues }));
  const v = deepFreeze(coalesce(checked.values, profile.defaults));
  const refused = kubernetesFindings(checked.values, v, kubernetes, profile.imported?.release.kubernetes());
  findings.push(
    ...(unacceptable === 'warn' ? refused.map((finding) => ({ ...finding, level: 'warning' as const })) : refused),
  );
  findings.push(...partialImages(checked.values, profile.defaults, v));
  if (!found.exact) findings.push(neighbour(version, profile));
  findings.push(...unprovenFindings(profile, { merged: v, written: checked.values, isAccepted: unproven }));
  const known = { profile, written: checked.values, merged: v };
  return { v: v as unknown as ChartValues, findings, version: profile.rendersAs, known };
}

/**
 * Whether a value is unknown to all releases. It is passed on, for templates that print a whole section and for features of the user;
 * one of another release would be read as in that release.
 */
function isUnknownEverywhere(path: readonly string[]): boolean {
  return knownMinors().every((minor) => whereKnown(minor, path) === undefined);
}

/** `upgradeCompatibility` affects defaults everywhere, so it must be valid before anything else is derived. */
function withoutBadVersion(values: JsonObject, findings: Finding[]): JsonObject {
  const { upgradeCompatibility: compatibility, ...others } = values;
  if (typeof compatibility !== 'string' || compatibility === '' || isVersion(compatibility)) return values;
  findings.push({
    id: 'values/upgrade-compatibility',
    level: 'error',
    paths: ['upgradeCompatibility'],
    message: `"${compatibility}" is not a version; this is the Cilium minor that the cluster was first installed with.`,
    hint: 'Write it as a string, such as "1.16", or remove it.',
  });
  return others;
}

function neighbour(version: string, { version: used }: Profile): Finding {
  return {
    id: 'values/unknown-patch',
    level: 'warning',
    paths: ['version'],
    message: `Unknown release Cilium ${version}: the defaults and behaviour of ${used} are used, with its images of Envoy, certgen, Hubble UI and others; Cilium's own images get the tag v${version} without a digest.`,
    hint: `Import the release: \`npx cdk8s-talos-cilium import cilium-${version}.tgz\`, and pass what it exports as \`version\`.`,
  };
}

/** With an unsupported minor other findings would be wrong: one finding, and the values of the newest minor. */
function unsupported(version: string): ResolvedValues {
  const minors = knownMinors();
  const newest = minors.map((minor) => `${minor}.${patchesOf(minor).at(-1) ?? 0}`);
  const profile = loadProfile(newest.at(-1) ?? '')?.profile;
  const bare = withoutV(version);
  const ofMinor = newest.find((release) => release.startsWith(`${bare}.`));
  const meant = loadProfile(bare) === undefined ? ofMinor : bare;
  const looksRight = /^\d+\.\d+\.\d+$/.test(version);
  return {
    v: (profile?.defaults ?? {}) as unknown as ChartValues,
    version: profile?.version ?? version,
    findings: [
      {
        id: 'values/unsupported-version',
        level: 'error',
        paths: ['version'],
        message: looksRight
          ? `Cilium ${version} is not supported; supported minors are ${minors.join(', ')}.`
          : `"${version}" is not a Cilium version.`,
        hint: meant === undefined ? `Use a release such as ${newest.join(', ')}.` : `Use ${meant}.`,
      },
    ],
  };
}
