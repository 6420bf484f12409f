/** The releases of the Gateway API's CRDs, and which of them work with a Cilium release. */

/** Release channel of the CRDs: stable kinds and fields only, or all of them. */
export type GatewayApiChannel = 'standard' | 'experimental';

/** A release of the CRDs in one of its two channels. */
export interface GatewayApiBundle {
  /** `1.4.1` */
  readonly version: string;
  readonly channel: GatewayApiChannel;
}

/** Per Cilium minor: the recommended release, and the minors that work. */
interface Fit {
  readonly recommended: string;
  /** The oldest minor that works, and what older ones lack. */
  readonly from: readonly [minor: string, lacks: string];
  /** The newest minor of a channel that works, and how newer ones break it. */
  readonly until?: Partial<Readonly<Record<GatewayApiChannel, readonly [minor: string, breaks: string]>>>;
}

const UNSERVED_TLS_ROUTE = 'it lists TLSRoute v1alpha2 without serving it, so the operator crashes in a loop';

const BEFORE_1_20: Omit<Fit, 'recommended'> = {
  from: ['1.1', 'it has no GRPCRoute v1, without which the operator does not enable the Gateway API'],
  until: { standard: ['1.4', UNSERVED_TLS_ROUTE] },
};

const FITS: Readonly<Record<string, Fit>> = {
  '1.18': { recommended: '1.3.0', ...BEFORE_1_20 },
  '1.19': { recommended: '1.4.1', ...BEFORE_1_20 },
  '1.20': {
    recommended: '1.6.1',
    from: [
      '1.5',
      'it has neither TLSRoute v1 nor ReferenceGrant v1, without which the operator does not enable the Gateway API and only logs it',
    ],
  },
};

function fitOf(ciliumVersion: string): Fit | undefined {
  return FITS[/^v?(\d+\.\d+)/.exec(ciliumVersion)?.[1] ?? ''];
}

/** The recommended Gateway API release for a Cilium release, `1.4.1`; `undefined` for an unknown minor. */
export function recommendedGatewayApi(ciliumVersion: string): string | undefined {
  return fitOf(ciliumVersion)?.recommended;
}

/** The channel whose definitions a Cilium release needs: below 1.20 the operator watches TLSRoutes v1alpha2, too. */
export function recommendedChannel(ciliumVersion: string): GatewayApiChannel {
  return fitOf(ciliumVersion)?.until?.standard === undefined ? 'standard' : 'experimental';
}

/** What a bundle lacks that works otherwise; `undefined` when it lacks nothing. */
export function bundleWarning(
  ciliumVersion: string,
  { version, channel }: GatewayApiBundle,
): { readonly message: string; readonly hint: string } | undefined {
  if (channel === recommendedChannel(ciliumVersion) || recommendedChannel(ciliumVersion) === 'standard')
    return undefined;
  return {
    message: `The standard channel of Gateway API ${version} has no TLSRoute, without which the operator of Cilium ${ciliumVersion} does not follow Services: a route that is older than its Service is never resolved.`,
    hint: 'Use the experimental channel, the default of `gatewayApiManifest`.',
  };
}

/** Why a bundle does not work with a Cilium release, and what does; `undefined` when it works, or the minor is unknown. */
export function bundleProblem(
  ciliumVersion: string,
  { version, channel }: GatewayApiBundle,
): { readonly message: string; readonly hint: string } | undefined {
  const fit = fitOf(ciliumVersion);
  if (fit === undefined) return undefined;
  const [oldest, lacks] = fit.from;
  const [newest, breaks] = fit.until?.[channel] ?? [];
  const trouble =
    compareMinors(version, oldest) < 0
      ? lacks
      : newest !== undefined && compareMinors(version, newest) > 0
        ? breaks
        : undefined;
  if (trouble === undefined) return undefined;
  const range = newest === undefined ? `${oldest} or newer` : `${oldest} to ${newest}`;
  const both =
    channel === 'standard' && newest !== undefined
      ? '; the experimental channel of 1.5.1 and later works with this release and Cilium 1.20'
      : '';
  return {
    message: `The ${channel} channel of Gateway API ${version} does not work with Cilium ${ciliumVersion}: ${trouble ?? ''}.`,
    hint: `Use ${range} of this channel, preferably ${fit.recommended}${both}.`,
  };
}

function compareMinors(a: string, b: string): number {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor - bMajor || aMinor - bMinor;
}
