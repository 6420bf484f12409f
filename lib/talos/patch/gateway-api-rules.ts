import { bundleProblem, bundleWarning, recommendedGatewayApi } from '../../resources/gateway-api/bundles';
import { bundleOf } from '../../resources/gateway-api/manifest';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import type { TalosPatchRule } from './rule';
import type { PatchSubject } from './subject';

const DOCS = 'https://docs.cilium.io/en/stable/network/servicemesh/gateway-api/gateway-api/#prerequisites';
const RELEASES = 'https://github.com/kubernetes-sigs/gateway-api/releases/download';
const VALUES = { gatewayAPI: { enabled: true } };
const fetching = (file: string): { readonly externalManifests: readonly { name: string; url: string }[] } => ({
  externalManifests: [{ name: '00-gateway-api', url: `${RELEASES}/${file}` }],
});
const GOOD = { values: VALUES, patch: fetching('v1.4.1/experimental-install.yaml') };

/** Rules about the definitions of the Gateway API that a patch brings for its Cilium. */
export const GATEWAY_API_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/no-gateway-api',
    level: 'warning',
    docs: DOCS,
    find: missingDefinitions,
    examples: { bad: { values: VALUES }, good: GOOD },
  },
  {
    id: 'talos-patch/gateway-api-bundle',
    level: 'error',
    docs: DOCS,
    find: (subject) => bundleProblems(subject, bundleProblem),
    examples: { bad: { values: VALUES, patch: fetching('v1.0.0/standard-install.yaml') }, good: GOOD },
  },
  {
    id: 'talos-patch/gateway-api-channel',
    level: 'warning',
    docs: 'https://github.com/cilium/cilium/issues/47819',
    find: (subject) => bundleProblems(subject, bundleWarning),
    examples: { bad: { values: VALUES, patch: fetching('v1.4.1/standard-install.yaml') }, good: GOOD },
  },
];

function missingDefinitions(subject: PatchSubject): Problem | undefined {
  const { gatewayApi, externalManifests, context } = subject;
  if (!isEnabled(subject) || gatewayApi.length > 0) return undefined;
  // A mirror may have any URL.
  if (externalManifests.some(({ name, url }) => bundleOf(url) === undefined && /gateway-?api/i.test(name + url)))
    return undefined;
  const version = context?.profile.behavesAs;
  const known = version === undefined ? undefined : recommendedGatewayApi(version);
  const call = known === undefined ? 'gatewayApiManifest(…)' : `gatewayApiManifest('${version ?? ''}')`;
  return problem(
    ['externalManifests', 'cilium.gatewayAPI.enabled'],
    'The Gateway API of Cilium is enabled, and no manifest of the patch has its definitions: without them the operator disables it, and checks again only when it restarts.',
    `Add \`externalManifests: [${call}]\`, or acknowledge this where they are installed by other means, before Cilium.`,
  );
}

function bundleProblems(subject: PatchSubject, judge: typeof bundleProblem): readonly Problem[] {
  const { gatewayApi, context } = subject;
  if (!isEnabled(subject) || context === undefined) return [];
  return gatewayApi.flatMap(({ at, bundle }) => {
    const found = judge(context.profile.behavesAs, bundle);
    return found === undefined ? [] : [problem(at, found.message, found.hint)];
  });
}

function isEnabled({ config }: PatchSubject): boolean {
  return config?.['enable-gateway-api'] === 'true';
}
