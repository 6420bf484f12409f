import type { Finding } from '../findings';
import type { CiliumKind } from '../kubernetes/cilium-api';
import type { JsonObject } from '../kubernetes/json';

/** What a strict API server of a Cilium release would refuse of a custom resource's `{ spec, specs }`. */
export function schemaFindings(_kind: CiliumKind, _ciliumVersion: string, _body: JsonObject, _subject: string): readonly Finding[] {
  return [];
}
