import { CiliumError } from '../../rules/finding';
import { checkArguments } from '../../props/check';
import { like, needed, oneOf, props, text } from '../../props/shape';
import { quoted } from '../../rules/words';
import { isDnsSubdomain } from '../../kubernetes/names';
import { bundleProblem, recommendedGatewayApi } from './bundles';
import type { GatewayApiBundle, GatewayApiChannel } from './bundles';

/** Options of {@link gatewayApiManifest}. */
export interface GatewayApiManifestOptions {
  /** @default standard */
  readonly channel?: GatewayApiChannel;
  /**
   * A release of the Gateway API, `1.4.1`.
   * @default - the one recommended for the Cilium release
   */
  readonly version?: string;
  /** Name of the manifest. The operator looks for the CRDs only when it starts, so the name sorts first. @default 00-gateway-api */
  readonly name?: string;
}

const ARGUMENTS = props<{ readonly ciliumVersion: string; readonly options?: GatewayApiManifestOptions }>({
  ciliumVersion: needed(text),
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
  ciliumVersion: string,
  options: GatewayApiManifestOptions = {},
): { readonly name: string; readonly url: string } {
  checkArguments('gatewayApiManifest', { ciliumVersion, options }, ARGUMENTS);
  const { channel = 'standard', name = '00-gateway-api' } = options;
  const version = (options.version ?? recommendedGatewayApi(ciliumVersion))?.replace(/^v/, '');
  if (version === undefined || !/^\d+\.\d+\.\d+$/.test(version)) {
    const message =
      version === undefined
        ? `Unknown Cilium release ${quoted(ciliumVersion)}.`
        : `${quoted(version)} is not a release of the Gateway API.`;
    throw refused(version === undefined ? 'ciliumVersion' : 'version', message, 'Set `version`, such as 1.4.1.');
  }
  const problem = bundleProblem(ciliumVersion, { version, channel });
  if (problem !== undefined) throw refused('version', problem.message, problem.hint);
  return { name, url: `${RELEASES}/v${version}/${channel}-install.yaml` };
}

function refused(at: string, message: string, hint: string): CiliumError {
  return new CiliumError(
    [{ id: 'gateway-api-manifest/version', level: 'error', paths: [at], message, hint }],
    'The manifest of the Gateway API is invalid',
  );
}

/** The release and channel of a URL of Gateway API CRDs; `undefined` for other URLs. */
export function bundleOf(url: string): GatewayApiBundle | undefined {
  const [, version, channel] =
    /\/kubernetes-sigs\/gateway-api\/.*v(\d+\.\d+\.\d+)(?:[-/].*)?\/(standard|experimental)(?:-install\.yaml|\/)/.exec(
      url,
    ) ?? [];
  return version === undefined ? undefined : { version, channel: channel as GatewayApiChannel };
}
