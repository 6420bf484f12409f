import type { ResourceApi } from '../../resource/api';
import { schemaFindings } from '../../resource/schema';
import { ciliumKindFindings } from '../../kubernetes/cilium-api';
import type { GatewayKind } from '../../kubernetes/gateway-api';
import { recommendedGatewayApi } from './bundles';
import { isExperimental } from './experimental';

/** A kind of the Gateway API, with the fields of the release recommended for the Cilium release: standard channel, for routes also those of `experimental.ts`. */
export function gatewayApi(kind: GatewayKind): ResourceApi {
  return {
    kind,
    apiVersion: () => 'gateway.networking.k8s.io/v1',
    releaseFindings: (subject, version) => ciliumKindFindings(subject, 'CiliumGatewayClassConfig', version),
    schemaFindings: (subject, version, body) =>
      schemaFindings(kind, recommendedGatewayApi(version) ?? '', body, subject).filter(
        (finding) => kind !== 'HTTPRoute' || !isExperimental(finding, body, version),
      ),
  };
}
