import type { Finding } from '../rules/finding';
import { ciliumApiVersion, ciliumKindFindings } from '../kubernetes/cilium-api';
import type { CiliumKind } from '../kubernetes/cilium-api';
import type { JsonObject } from '../kubernetes/json';
import { schemaFindings } from './schema';

/** What the API server says about a kind, for each Cilium release. `subject` starts the ids of findings. */
export interface ResourceApi {
  readonly kind: string;
  /** The version to write: `cilium.io/v2`. The release must have passed `releaseFindings`. */
  apiVersion(ciliumVersion: string): string;
  /** Why a release cannot have the kind; none when it can. */
  releaseFindings(subject: string, ciliumVersion: string): readonly Finding[];
  /** What the server would refuse of the fields beside `metadata`: `{ spec }`. */
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
