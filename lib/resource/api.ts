import type { Finding } from '../rules/finding';
import { CILIUM_GROUP, CILIUM_KINDS, ciliumApiVersion, ciliumKindFindings } from '../kubernetes/cilium-api';
import type { CiliumKind } from '../kubernetes/cilium-api';
import type { JsonObject } from '../kubernetes/json';
import { schemaFindings } from './schema';

/** A kind in the API server, for each Cilium release. `subject` is the first part of the ids of findings. */
export interface ResourceApi {
  readonly kind: string;
  readonly group: string;
  /** The version to write: `cilium.io/v2`. The release must have passed `releaseFindings`. */
  apiVersion(ciliumVersion: string): string;
  /** Why a release does not have the kind; none when it does. */
  releaseFindings(subject: string, ciliumVersion: string): readonly Finding[];
  /**
   * What the server would refuse of the object without `metadata`, `{ spec }`, with paths below `spec`.
   * @param apiVersion of an object that is judged as it is: its paths are those in the object.
   */
  schemaFindings(subject: string, ciliumVersion: string, body: JsonObject, apiVersion?: string): readonly Finding[];
}

/** A kind that Cilium's operator registers. */
export function ciliumApi(kind: CiliumKind): ResourceApi {
  return {
    kind,
    group: CILIUM_GROUP,
    apiVersion: (version) => ciliumApiVersion(kind, version),
    releaseFindings: (subject, version) => ciliumKindFindings(subject, kind, version),
    schemaFindings: (subject, version, body, apiVersion) => {
      const written = apiVersion?.slice(CILIUM_GROUP.length + 1);
      const variant = written === CILIUM_KINDS[kind].version ? undefined : written;
      return schemaFindings(kind, version, body, subject, { variant, isWhole: apiVersion !== undefined });
    },
  };
}
