import { GATEWAY_API_MANIFEST_RULES, gatewayApiManifest } from '../../lib/resources/gateway-api/manifest';
import type { GatewayApiManifestExample } from '../../lib/resources/gateway-api/manifest';
import { book, findingsOf, listed, plain } from './book';
import type { RuleBook } from './book';

/** Rules of `gatewayApiManifest`. */
export const gatewayApiManifests: RuleBook = book<GatewayApiManifestExample>({
  name: 'Gateway API manifest',
  over: 'The arguments of gatewayApiManifest(): a Cilium release, and a release and channel of the Gateway API CRDs.',
  rules: listed<GatewayApiManifestExample>(GATEWAY_API_MANIFEST_RULES),
  judge: ({ ciliumVersion, options }) =>
    findingsOf(() => {
      gatewayApiManifest(ciliumVersion, options);
      return [];
    }),
  input: (example) => plain(example),
});
