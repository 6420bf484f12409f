import type { Finding } from '../rules/finding';
import { ciliumApiVersion, ciliumKindFindings } from '../kubernetes/cilium-api';
import type { CiliumKind } from '../kubernetes/cilium-api';
import type { JsonObject } from '../kubernetes/json';
import { schemaFindings } from './schema';

/** A kind in the API server, for each Cilium release. `subject` is the first part of the ids of findings. */
export interface ResourceApi {
  readonly kind: string;
  /** The version to write: `cilium.io/v2`. The release must have passed `releaseFindings`. */
  apiVersion(ciliumVersion: string): string;
  /** Why a release does not have the kind; none when it does. */
  releaseFindings(subject: string, ciliumVersion: string): readonly Finding[];
  /** What the server would refuse of the object without `metadata`: `{ spec }`. */
  schemaFindings(subject: string, ciliumVersion: string, body: JsonObject): readonly Finding[];
}

/** A kind that Cilium's operator registers. */
export function ciliumApi(kind: CiliumKind): ResourceApi {
  return {
    kind,
    apiVersion: (version) => ciliumApiVersion(kind, version),
    releaseFindings: (subject, version) => ciliumKindFindings(subject, kind, version),
    schemaFindings: (subject, version, body) => schemaFindings(kind, version, body, subject),
  };
}
