import type { KubernetesObject } from './types';
import { CiliumError } from '../rules/finding';
import type { Finding } from '../rules/finding';
import { nearest } from '../rules/nearest';
import { problem } from '../rules/rule';
import type { Problem } from '../rules/rule';

/** The supported minors, oldest first. */
export const MINORS = ['1.18', '1.19', '1.20'] as const;
type Minor = (typeof MINORS)[number];

/** A kind that every supported minor has, or the minors that have it. */
interface Served {
  readonly version: 'v2' | 'v2alpha1';
  /** An older version that is served as well. */
  readonly older?: 'v2alpha1';
  readonly minors?: readonly Minor[];
  /** Releases that serve `version` only. */
  readonly withoutOlder?: readonly string[];
  /** What replaces a kind that was removed. */
  readonly instead?: string;
}

/** The API group of Cilium's custom resources. */
export const CILIUM_GROUP = 'cilium.io';

/**
 * The version to write of each of Cilium's custom resources: the one that the API server stores. It is the same
 * wherever the kind exists.
 */
export const CILIUM_KINDS = {
  CiliumBGPAdvertisement: { version: 'v2', older: 'v2alpha1' },
  CiliumBGPClusterConfig: { version: 'v2', older: 'v2alpha1' },
  CiliumBGPNodeConfigOverride: { version: 'v2', older: 'v2alpha1' },
  CiliumBGPPeerConfig: { version: 'v2', older: 'v2alpha1' },
  CiliumBGPPeeringPolicy: { version: 'v2alpha1', minors: ['1.18'], instead: 'CiliumBGPClusterConfig' },
  CiliumCIDRGroup: { version: 'v2', older: 'v2alpha1' },
  CiliumClusterwideEnvoyConfig: { version: 'v2' },
  CiliumClusterwideNetworkPolicy: { version: 'v2' },
  CiliumDatapathPlugin: { version: 'v2alpha1', minors: ['1.20'] },
  CiliumEgressGatewayPolicy: { version: 'v2' },
  CiliumEnvoyConfig: { version: 'v2' },
  CiliumGatewayClassConfig: { version: 'v2alpha1' },
  CiliumL2AnnouncementPolicy: { version: 'v2alpha1' },
  CiliumLoadBalancerIPPool: { version: 'v2', older: 'v2alpha1' },
  CiliumLocalRedirectPolicy: { version: 'v2' },
  CiliumNetworkPolicy: { version: 'v2' },
  // cilium/cilium#48087 brought v2alpha1 back.
  CiliumNodeConfig: { version: 'v2', older: 'v2alpha1', withoutOlder: ['1.20.0', '1.20.1'] },
  CiliumPodIPPool: { version: 'v2alpha1' },
} as const satisfies Readonly<Record<string, Served>>;

/** A custom resource of Cilium that users write. */
export type CiliumKind = keyof typeof CILIUM_KINDS;

/** Kinds that agents and the operator write. */
const INTERNAL_KINDS: Readonly<Record<string, Served>> = {
  CiliumBGPNodeConfig: { version: 'v2', older: 'v2alpha1' },
  CiliumEndpoint: { version: 'v2' },
  CiliumEndpointSlice: { version: 'v2alpha1' },
  CiliumIdentity: { version: 'v2' },
  CiliumNode: { version: 'v2' },
};

const ALL_KINDS: Readonly<Record<string, Served>> = { ...CILIUM_KINDS, ...INTERNAL_KINDS };

/** The versions of a kind that the API server has with a Cilium release: `cilium.io/v2`; none when the release does not have the kind. */
export function servedVersions(kind: string, ciliumVersion: string): readonly string[] {
  const minor = minorOf(ciliumVersion);
  const served = Object.hasOwn(ALL_KINDS, kind) ? ALL_KINDS[kind] : undefined;
  if (minor === undefined || served?.minors?.includes(minor) === false || served === undefined) return [];
  const { version, older, withoutOlder = [] } = served;
  const versions = older === undefined || withoutOlder.includes(ciliumVersion) ? [version] : [version, older];
  return versions.map((one) => `${CILIUM_GROUP}/${one}`);
}

/** Why the API server does not have an object of Cilium's group with a Cilium release; `undefined` when it does, or the release is unknown. */
export function unservedProblem(
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  ciliumVersion: string,
): Problem | undefined {
  if (!apiVersion.startsWith(`${CILIUM_GROUP}/`) || minorOf(ciliumVersion) === undefined) return undefined;
  const served = servedVersions(kind, ciliumVersion);
  if (served.includes(apiVersion)) return undefined;
  const [version] = served;
  if (version !== undefined)
    return problem(
      'apiVersion',
      `Cilium ${ciliumVersion} does not serve ${kind} as ${apiVersion}.`,
      `Write \`apiVersion: ${version}\`.`,
    );
  const known = Object.hasOwn(ALL_KINDS, kind) ? ALL_KINDS[kind] : undefined;
  return problem('kind', `Cilium ${ciliumVersion} has no ${kind}.`, elsewhere(kind, known));
}

/** Why no supported release serves an object of Cilium's group; `undefined` when one does. */
export function unservedByAllProblem(object: {
  readonly apiVersion: string;
  readonly kind: string;
}): Problem | undefined {
  const { apiVersion, kind } = object;
  const problems = MINORS.map((minor) => unservedProblem(object, `${minor}.99`));
  if (problems.includes(undefined)) return undefined;
  const at = problems.find((one) => one?.paths[0] === 'apiVersion');
  const message =
    at === undefined
      ? `No supported release of Cilium has ${kind}.`
      : `No supported release of Cilium serves ${kind} as ${apiVersion}.`;
  const last = at ?? problems.at(-1);
  return problem(last?.paths ?? [], message, last?.hint ?? '');
}

function elsewhere(kind: string, known: Served | undefined): string {
  const near = nearest(kind, Object.keys(ALL_KINDS));
  if (known === undefined)
    return near === undefined ? 'Remove it: no supported release has this kind.' : `Write \`kind: ${near}\`.`;
  const { minors = [], instead } = known;
  const [first, last] = [minors[0], minors.at(-1)];
  const isOld = last !== MINORS.at(-1);
  const until = isOld
    ? `Cilium ${String(last)} was the last release with this kind`
    : `Cilium ${String(first)} is the first release with this kind`;
  return instead === undefined ? `Leave it out; ${until}.` : `Write a ${instead}; ${until}.`;
}

/** What is wrong with writing a kind for a Cilium release: the release is not supported, or does not know the kind. */
export function ciliumKindFindings(subject: string, kind: CiliumKind, ciliumVersion: string): readonly Finding[] {
  const minor = minorOf(ciliumVersion);
  const served: Served = CILIUM_KINDS[kind];
  const wrong = (message: string, hint: string): readonly Finding[] => [
    { id: `${subject}/version`, level: 'error', paths: ['cilium.version'], message, hint },
  ];
  if (minor === undefined)
    return wrong(
      `Cilium ${ciliumVersion} is not supported.`,
      `Take a release of ${MINORS.join(', ')}, such as ${MINORS[0]}.4.`,
    );
  if (served.minors !== undefined && !served.minors.includes(minor)) {
    return wrong(`Cilium ${ciliumVersion} has no ${kind}.`, `Only ${served.minors.join(', ')} has.`);
  }
  return [];
}

/**
 * The `apiVersion` of a kind for a Cilium release, `1.18.4` or `1.18`.
 * @throws CiliumError when the release is not supported or does not know the kind.
 */
export function ciliumApiVersion(kind: CiliumKind, ciliumVersion: string): string {
  const findings = ciliumKindFindings('cilium-kind', kind, ciliumVersion);
  if (findings.length > 0) throw new CiliumError(findings);
  return `cilium.io/${CILIUM_KINDS[kind].version}`;
}

/** The minor of a supported release. */
function minorOf(version: string): Minor | undefined {
  const minor = /^v?(\d+\.\d+)(\.\d+)?(-.+)?$/.exec(version)?.[1];
  return MINORS.find((known) => known === minor);
}

/** Whether an object is one of Cilium's chart, by its label. */
export function isOfCilium({ metadata: { labels } }: Pick<KubernetesObject, 'metadata'>): boolean {
  return labels?.['app.kubernetes.io/part-of'] === 'cilium';
}
