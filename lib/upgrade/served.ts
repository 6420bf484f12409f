/** Custom resources and the Gateway API: what changes for people's own objects. */
import { CILIUM_GROUP, CILIUM_KINDS, servedVersions } from '../kubernetes/cilium-api';
import { bundleProblem, recommendedChannel, recommendedGatewayApi } from '../resources/gateway-api/bundles';
import { minorOf } from '../releases/history';

/** What of a kind a release no longer serves. */
export interface KindChange {
  readonly kind: string;
  /** Versions that the older release serves and the newer one does not, `cilium.io/v2alpha1`; all of them when the kind is gone. */
  readonly gone: readonly string[];
  /** The version to write; `undefined` when the kind is gone. */
  readonly write: string | undefined;
  /** What replaces a kind that is gone. */
  readonly instead?: string;
  /** Both releases serve the old version, but the newer one deprecates it. */
  readonly isDeprecated?: true;
}

/** The versions that 1.14 to 1.17 serve, from the definitions at their tags. */
const OLDER: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  ...Object.fromEntries(
    ['CiliumBGPAdvertisement', 'CiliumBGPClusterConfig', 'CiliumBGPNodeConfigOverride', 'CiliumBGPPeerConfig'].map(
      (kind) => [kind, { '1.15': ['v2alpha1'], '1.16': ['v2alpha1'], '1.17': ['v2alpha1'] }],
    ),
  ),
  CiliumBGPPeeringPolicy: always('v2alpha1'),
  CiliumCIDRGroup: always('v2alpha1'),
  CiliumClusterwideEnvoyConfig: always('v2'),
  CiliumClusterwideNetworkPolicy: always('v2'),
  CiliumEgressGatewayPolicy: always('v2'),
  CiliumEnvoyConfig: always('v2'),
  CiliumExternalWorkload: always('v2'),
  CiliumL2AnnouncementPolicy: always('v2alpha1'),
  CiliumLoadBalancerIPPool: always('v2alpha1'),
  CiliumLocalRedirectPolicy: always('v2'),
  CiliumNetworkPolicy: always('v2'),
  CiliumNodeConfig: {
    '1.14': ['v2alpha1'],
    '1.15': ['v2alpha1'],
    '1.16': ['v2', 'v2alpha1'],
    '1.17': ['v2', 'v2alpha1'],
  },
  CiliumPodIPPool: always('v2alpha1'),
};

function always(version: string): Readonly<Record<string, readonly string[]>> {
  return { '1.14': [version], '1.15': [version], '1.16': [version], '1.17': [version] };
}

const INSTEAD: Readonly<Record<string, string>> = {
  CiliumBGPPeeringPolicy: 'CiliumBGPClusterConfig, CiliumBGPPeerConfig and CiliumBGPAdvertisement',
};

function versionsIn(kind: string, release: string): readonly string[] {
  const older = OLDER[kind]?.[minorOf(release)];
  return older === undefined ? servedVersions(kind, release) : older.map((version) => `${CILIUM_GROUP}/${version}`);
}

/** Kinds of which the newer release serves other versions, or writes another one. */
export function kindChanges(from: string, to: string): readonly KindChange[] {
  return [...new Set([...Object.keys(CILIUM_KINDS), ...Object.keys(OLDER)])].sort().flatMap((kind): KindChange[] => {
    const [old, fresh] = [versionsIn(kind, from), versionsIn(kind, to)];
    if (old.length === 0) return [];
    const gone = old.filter((version) => !fresh.includes(version));
    const [write] = fresh;
    if (gone.length > 0)
      return [{ kind, gone, write, ...(write === undefined && kind in INSTEAD && { instead: INSTEAD[kind] }) }];
    return write === old[0] ? [] : [{ kind, gone: [], write, isDeprecated: true }];
  });
}

/** The definitions of the Gateway API that a release needs. */
export interface GatewayApiNeed {
  /** What upstream's page of the older release names, `1.2.0`. */
  readonly before: string | undefined;
  /** What the newer release needs. */
  readonly after: string | undefined;
  readonly channel: 'standard' | 'experimental';
  /** Why the definitions of the older release do not work with the newer one. */
  readonly problem?: string;
}

const OLDER_GATEWAY_API: Readonly<Record<string, string>> = {
  '1.14': '0.7.0',
  '1.15': '1.0.0',
  '1.16': '1.1.0',
  '1.17': '1.2.0',
};

/** The Gateway API of both releases; `undefined` when they need the same. */
export function gatewayApiNeed(from: string, to: string): GatewayApiNeed | undefined {
  const recommended = (release: string): string | undefined =>
    OLDER_GATEWAY_API[minorOf(release)] ?? recommendedGatewayApi(release);
  const [before, after] = [recommended(from), recommended(to)];
  if (before === after) return undefined;
  const channel = recommendedChannel(to);
  const problem =
    before === undefined ? undefined : bundleProblem(to, { version: before, channel: recommendedChannel(from) });
  return { before, after, channel, ...(problem !== undefined && { problem: problem.message }) };
}
