import type { Finding } from '../../rules/finding';
import { bundleProblem, recommendedGatewayApi } from '../../resources/gateway-api/bundles';
import type { GatewayApiBundle } from '../../resources/gateway-api/bundles';
import { bundleOf } from '../../resources/gateway-api/manifest';
import { told } from './finding';
import type { PatchWithCilium } from './cilium-checks';

const DOCS = 'https://docs.cilium.io/en/stable/network/servicemesh/gateway-api/gateway-api/#prerequisites';
const GROUP = 'gateway.networking.k8s.io';

/** The definitions of the Gateway API that a patch brings for its Cilium: none at all, or such that break it. */
export function gatewayApiFindings(patch: PatchWithCilium): readonly Finding[] {
  const { config, cilium, input } = patch;
  if (config?.['enable-gateway-api'] !== 'true') return [];
  const version = cilium?.rendered?.context.version;
  const bundles = bundlesIn(patch);
  const unread = (input.externalManifests ?? []).some(
    ({ name, url }) => bundleOf(url) === undefined && /gateway-?api/i.test(name + url),
  );
  if (bundles.length === 0) return unread ? [] : [missing(version)];
  return bundles.flatMap(({ at, bundle }) => {
    const problem = version === undefined ? undefined : bundleProblem(version, bundle);
    return problem === undefined
      ? []
      : [told('error', 'gateway-api-bundle', [at], problem.message, problem.hint, DOCS)];
  });
}

function missing(version: string | undefined): Finding {
  const message =
    "Cilium's Gateway API is on, and no manifest of the patch brings its definitions: without them the operator leaves it off, and looks again only when it restarts.";
  const known = version === undefined ? undefined : recommendedGatewayApi(version);
  const call = known === undefined ? 'gatewayApiManifest(…)' : `gatewayApiManifest('${version ?? ''}')`;
  const hint = `Add \`externalManifests: [${call}]\`, or acknowledge this where they are installed otherwise, before Cilium.`;
  return told('warning', 'no-gateway-api', ['externalManifests', 'cilium.gatewayAPI.enabled'], message, hint, DOCS);
}

interface PlacedBundle {
  readonly at: string;
  readonly bundle: GatewayApiBundle;
}

/** Releases that Talos fetches, and those whose definitions are among the objects. */
function bundlesIn({ input, placed }: PatchWithCilium): readonly PlacedBundle[] {
  const fetched = (input.externalManifests ?? []).flatMap(({ name, url }) => {
    const bundle = bundleOf(url);
    return bundle === undefined ? [] : [{ at: `externalManifests.${name}.url`, bundle }];
  });
  const inline = placed.flatMap(({ object: { kind, metadata }, place }) => {
    const { [`${GROUP}/bundle-version`]: version, [`${GROUP}/channel`]: channel } = metadata.annotations ?? {};
    if (
      kind !== 'CustomResourceDefinition' ||
      typeof version !== 'string' ||
      (channel !== 'standard' && channel !== 'experimental')
    )
      return [];
    return [{ at: place, bundle: { version: version.replace(/^v/, ''), channel } as const }];
  });
  const first = inline.filter(
    (one, i) => inline.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === i,
  );
  return [...fetched, ...first];
}
