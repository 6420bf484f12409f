/** The schema of values within the files that hold values. */
import { mapOf } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';

/** Where the values are, by the name of the form. */
export const WRAPPERS = {
  values: [],
  /** Flux: HelmRelease. */
  helmrelease: ['spec', 'values'],
  /** Argo CD: Application. */
  application: ['spec', 'source', 'helm', 'valuesObject'],
  /** The values of a chart that depends on cilium. */
  umbrella: ['cilium'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Wrapper = keyof typeof WRAPPERS;

/** The schema for a form: everything but the values is open. */
export function schemaFor(wrapper: Wrapper, schema: JsonObject): JsonObject {
  const path: readonly string[] = WRAPPERS[wrapper];
  if (path.length === 0) return schema;
  const { $schema, title, $defs, ...values } = schema;
  const reference: JsonObject = { $ref: '#/$defs/values' };
  const around = path.reduceRight(
    (below, name): JsonObject => ({ type: 'object', properties: { [name]: below } }),
    reference,
  );
  return { $schema, title, ...around, $defs: { ...mapOf($defs), values } };
}
