import type { ResourceApi } from '../../resource/api';
import { schemaFindings } from '../../resource/schema';
import { ciliumKindFindings } from '../../kubernetes/cilium-api';
import type { GatewayKind } from '../../kubernetes/gateway-api';
import { recommendedGatewayApi } from './bundles';
import { isExperimental } from './experimental';

/** A kind of the Gateway API. Its fields are those of the release that the Cilium release is made for, standard channel; of routes also those that `experimental.ts` adds. */
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
