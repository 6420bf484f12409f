import type { ResourceApi } from '../../resource/api';
import { schemaFindings } from '../../resource/schema';
import { schemaPaths } from '../../resource/schema-file';
import { GATEWAY_GROUP, gatewayKindFindings, readVersion } from '../../kubernetes/gateway-api';
import type { GatewayKind } from '../../kubernetes/gateway-api';
import type { JsonObject } from '../../kubernetes/json';
import type { Finding } from '../../rules/finding';
import { recommendedGatewayApi } from './bundles';
import { isExperimental } from './experimental';

/** A kind of the Gateway API, with the fields of the release recommended for the Cilium release: standard channel, for routes also those of `experimental.ts`. */
export function gatewayApi(kind: GatewayKind): ResourceApi {
  const standard = (subject: string, version: string, body: JsonObject): readonly Finding[] =>
    schemaFindings(kind, recommendedGatewayApi(version) ?? '', body, subject).filter(
      (finding) => kind !== 'HTTPRoute' || !isExperimental(finding, body, version),
    );
  return {
    kind,
    group: GATEWAY_GROUP,
    apiVersion: (version) => `${GATEWAY_GROUP}/${readVersion(kind, version) ?? 'v1'}`,
    releaseFindings: (subject, version) => gatewayKindFindings(subject, kind, version),
    schemaFindings: (subject, version, body, apiVersion) =>
      apiVersion === undefined ? standard(subject, version, body) : anyBundleFindings(kind, subject, version, body),
  };
}

/**
 * What the definitions that a cluster may have refuse of an object: which release and channel of them it has is not known. What only
 * some of them refuse is a warning.
 */
function anyBundleFindings(
  kind: GatewayKind,
  subject: string,
  ciliumVersion: string,
  body: JsonObject,
): readonly Finding[] {
  const recommended = recommendedGatewayApi(ciliumVersion) ?? '';
  const minors = schemaPaths(kind).map(([minor]) => minor);
  const own = minors.findIndex((minor) => recommended.startsWith(`${minor}.`));
  const [first = [], ...others] = minors
    .slice(own)
    .flatMap((minor) => [undefined, 'experimental'].map((variant) => ({ minor, variant })))
    .map(({ minor, variant }) => schemaFindings(kind, minor, body, subject, { variant, isWhole: true }));
  const keyOf = ({ id, paths }: Finding): string => JSON.stringify([id, paths]);
  const keys = others.map((findings) => new Set(findings.map(keyOf)));
  // Rules of routes are about what Cilium supports of the experimental channel.
  const isRuled = ({ paths, ...one }: Finding): boolean =>
    kind === 'HTTPRoute' &&
    isExperimental({ ...one, paths: paths.map((path) => path.replace(/^spec\./, '')) }, body, ciliumVersion);
  const judged = first.filter((one) => !isRuled(one));
  return judged.map((one) =>
    keys.every((known) => known.has(keyOf(one)))
      ? one
      : {
          ...one,
          level: 'warning',
          hint: `Only the experimental channel or a newer release than ${recommended} has it.`,
        },
  );
}
