import { RELEASE } from '../../cilium/imported-release';
import type { ImportedRelease } from '../../cilium/imported-release';
import { behaviorOf } from '../../cilium/versions';
import { CiliumError } from '../../rules/finding';
import { problem, runRules } from '../../rules/rule';
import type { Problem, Rule } from '../../rules/rule';
import { checkArguments } from '../../props/check';
import { like, needed, oneOf, props, text } from '../../props/shape';
import { quoted } from '../../rules/words';
import { isDnsSubdomain } from '../../kubernetes/names';
import { bundleProblem, recommendedChannel, recommendedGatewayApi } from './bundles';
import { GATEWAY_DOCS } from './examples';
import type { GatewayApiBundle, GatewayApiChannel } from './bundles';

/** Options of {@link gatewayApiManifest}. */
export interface GatewayApiManifestOptions {
  /** @default - experimental for Cilium 1.18 and 1.19, whose operator needs TLSRoute; standard for newer ones */
  readonly channel?: GatewayApiChannel;
  /**
   * A release of the Gateway API, `1.4.1`.
   * @default - the one recommended for the Cilium release
   */
  readonly version?: string;
  /** Name of the manifest. The operator looks for the CRDs only when it starts, so the name sorts first. @default 00-gateway-api */
  readonly name?: string;
}

const ARGUMENTS = props<{
  readonly ciliumVersion: string | ImportedRelease;
  readonly options?: GatewayApiManifestOptions;
}>({
  ciliumVersion: needed(RELEASE),
  options: props<GatewayApiManifestOptions>({
    channel: oneOf('standard', 'experimental'),
    version: text,
    name: like<string>(
      'a DNS name',
      (name) => typeof name === 'string' && isDnsSubdomain(name),
      'Use lower-case letters, digits and dashes.',
    ),
  }),
});

const SET_VERSION = 'Set `version`, such as 1.4.1.';
const RELEASES = 'https://github.com/kubernetes-sigs/gateway-api/releases/download';

/**
 * The Gateway API CRDs that a Cilium release needs, as an external manifest for Talos: a pinned release.
 *
 * ```ts
 * new TalosPatch(app, 'talos', { talos, manifests: [network], externalManifests: [gatewayApiManifest('1.18.4')] });
 * ```
 *
 * @throws CiliumError for a release that breaks this Cilium, with the reason, and for an unknown Cilium release.
 */
export function gatewayApiManifest(
  ciliumVersion: string | ImportedRelease,
  options: GatewayApiManifestOptions = {},
): { readonly name: string; readonly url: string } {
  checkArguments('gatewayApiManifest', { ciliumVersion, options }, ARGUMENTS);
  const release = behaviorOf(ciliumVersion) ?? String(ciliumVersion);
  const { channel = recommendedChannel(release), name = '00-gateway-api' } = options;
  const version = (options.version ?? recommendedGatewayApi(release))?.replace(/^v/, '');
  const findings = runRules(GATEWAY_API_MANIFEST_RULES, { ciliumVersion: release, version, channel });
  if (findings.length > 0) throw new CiliumError(findings, 'The manifest of the Gateway API is invalid');
  return { name, url: `${RELEASES}/v${String(version)}/${channel}-install.yaml` };
}

/** A manifest of Gateway API CRDs that rules look at. */
interface ManifestSubject {
  readonly ciliumVersion: string;
  readonly channel: GatewayApiChannel;
  /** `undefined` where none is given, and the Cilium release is unknown. */
  readonly version: string | undefined;
}

/** An input of a rule's examples. */
export interface GatewayApiManifestExample {
  readonly ciliumVersion: string;
  readonly options?: GatewayApiManifestOptions;
}

/** Rules about the release of the Gateway API CRDs. */
export const GATEWAY_API_MANIFEST_RULES: readonly Rule<ManifestSubject, GatewayApiManifestExample>[] = [
  {
    id: 'gateway-api-manifest/version',
    level: 'error',
    docs: `${GATEWAY_DOCS}#prerequisites`,
    find: (subject) => versionProblem(subject),
    examples: {
      bad: { ciliumVersion: '1.18.4', options: { version: '1.5.0', channel: 'standard' } },
      good: { ciliumVersion: '1.18.4', options: { version: '1.4.1' } },
    },
  },
];

function versionProblem({ ciliumVersion, version, channel }: ManifestSubject): Problem | undefined {
  if (version === undefined)
    return problem('ciliumVersion', `Unknown Cilium release ${quoted(ciliumVersion)}.`, SET_VERSION);
  if (!/^\d+\.\d+\.\d+$/.test(version))
    return problem('version', `${quoted(version)} is not a release of the Gateway API.`, SET_VERSION);
  const found = bundleProblem(ciliumVersion, { version, channel });
  return found && problem('version', found.message, found.hint);
}

/** The release and channel of a URL of Gateway API CRDs; `undefined` for other URLs. */
export function bundleOf(url: string): GatewayApiBundle | undefined {
  const [, version, channel] =
    /\/kubernetes-sigs\/gateway-api\/.*v(\d+\.\d+\.\d+)(?:[-/].*)?\/(standard|experimental)(?:-install\.yaml|\/)/.exec(
      url,
    ) ?? [];
  return version === undefined ? undefined : { version, channel: channel as GatewayApiChannel };
}
