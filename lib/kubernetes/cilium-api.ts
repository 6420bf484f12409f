import { CiliumError } from '../rules/finding';
import type { Finding } from '../rules/finding';

const MINORS = ['1.18', '1.19', '1.20'] as const;
type Minor = (typeof MINORS)[number];

/** A kind that every supported minor has, or the minors that have it. */
interface Served {
  readonly version: 'v2' | 'v2alpha1';
  readonly minors?: readonly Minor[];
}

/**
 * The version to write of each of Cilium's custom resources: the one that the API server stores. It is the same
 * wherever the kind exists; older ones are served too for a while.
 */
export const CILIUM_KINDS = {
  CiliumBGPAdvertisement: { version: 'v2' },
  CiliumBGPClusterConfig: { version: 'v2' },
  CiliumBGPNodeConfigOverride: { version: 'v2' },
  CiliumBGPPeerConfig: { version: 'v2' },
  CiliumBGPPeeringPolicy: { version: 'v2alpha1', minors: ['1.18'] },
  CiliumCIDRGroup: { version: 'v2' },
  CiliumClusterwideEnvoyConfig: { version: 'v2' },
  CiliumClusterwideNetworkPolicy: { version: 'v2' },
  CiliumDatapathPlugin: { version: 'v2alpha1', minors: ['1.20'] },
  CiliumEgressGatewayPolicy: { version: 'v2' },
  CiliumEnvoyConfig: { version: 'v2' },
  CiliumGatewayClassConfig: { version: 'v2alpha1' },
  CiliumL2AnnouncementPolicy: { version: 'v2alpha1' },
  CiliumLoadBalancerIPPool: { version: 'v2' },
  CiliumLocalRedirectPolicy: { version: 'v2' },
  CiliumNetworkPolicy: { version: 'v2' },
  CiliumNodeConfig: { version: 'v2' },
  CiliumPodIPPool: { version: 'v2alpha1' },
} as const satisfies Readonly<Record<string, Served>>;

/** A custom resource of Cilium that users write. */
export type CiliumKind = keyof typeof CILIUM_KINDS;

/** What is wrong with writing a kind for a Cilium release: the release is not supported, or does not know the kind. */
export function ciliumKindFindings(subject: string, kind: CiliumKind, ciliumVersion: string): readonly Finding[] {
  const minor = minorOf(ciliumVersion);
  const served: Served = CILIUM_KINDS[kind];
  const problem = (message: string, hint: string): readonly Finding[] => [
    { id: `${subject}/version`, level: 'error', paths: ['cilium.version'], message, hint },
  ];
  if (minor === undefined)
    return problem(
      `Cilium ${ciliumVersion} is not supported.`,
      `Take a release of ${MINORS.join(', ')}, such as ${MINORS[0]}.4.`,
    );
  if (served.minors !== undefined && !served.minors.includes(minor)) {
    return problem(`Cilium ${ciliumVersion} has no ${kind}.`, `Only ${served.minors.join(', ')} has.`);
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

function minorOf(version: string): Minor | undefined {
  const minor = /^v?(\d+\.\d+)(\.\d+)?(-.+)?$/.exec(version)?.[1];
  return MINORS.find((known) => known === minor);
}
