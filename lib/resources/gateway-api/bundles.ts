/** The releases of the Gateway API's definitions, and which of them a Cilium release can live with. */

/** Which definitions: those that are stable, or all of them. */
export type GatewayApiChannel = 'standard' | 'experimental';

/** A release of the definitions in one of its two channels. */
export interface GatewayApiBundle {
  /** `1.4.1` */
  readonly version: string;
  readonly channel: GatewayApiChannel;
}

/** Per Cilium minor: the release that it is made for, and the minors that it works with. */
interface Fit {
  readonly recommended: string;
  /** The oldest minor, and what an older one lacks. */
  readonly from: readonly [minor: string, lacks: string];
  /** The newest minor of a channel, where a newer one breaks it, and how. */
  readonly until?: Partial<Readonly<Record<GatewayApiChannel, readonly [minor: string, breaks: string]>>>;
}

const UNSERVED_TLS_ROUTE =
  'it lists TLSRoute v1alpha2 without serving it, and the operator, which goes by the list, crashes again and again because nobody answers';

const BEFORE_1_20: Omit<Fit, 'recommended'> = {
  from: ['1.1', 'it has no GRPCRoute v1, without which the operator leaves the Gateway API off'],
  until: { standard: ['1.4', UNSERVED_TLS_ROUTE] },
};

const FITS: Readonly<Record<string, Fit>> = {
  '1.18': { recommended: '1.3.0', ...BEFORE_1_20 },
  '1.19': { recommended: '1.4.1', ...BEFORE_1_20 },
  '1.20': {
    recommended: '1.6.1',
    from: [
      '1.5',
      'it has neither TLSRoute v1 nor ReferenceGrant v1, without which the operator leaves the Gateway API off and only says so in its log',
    ],
  },
};

function fitOf(ciliumVersion: string): Fit | undefined {
  return FITS[/^v?(\d+\.\d+)/.exec(ciliumVersion)?.[1] ?? ''];
}

/** The release of the definitions that a Cilium release is made for, `1.4.1`; `undefined` for a minor that is not known. */
export function recommendedGatewayApi(ciliumVersion: string): string | undefined {
  return fitOf(ciliumVersion)?.recommended;
}

/** Why a Cilium release cannot live with a bundle, and what it can live with; `undefined` when it can, or the minor is not known. */
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
      ? '; the experimental channel of 1.5.1 and later serves this release and Cilium 1.20'
      : '';
  return {
    message: `The ${channel} channel of Gateway API ${version} does not fit Cilium ${ciliumVersion}: ${trouble ?? ''}.`,
    hint: `Take ${range} of this channel, best ${fit.recommended}${both}.`,
  };
}

function compareMinors(a: string, b: string): number {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor - bMajor || aMinor - bMinor;
}
