/** Single values that an input sets as Helm's `--set` does. */
import type { Node } from './entry';
import { readPlainScalar } from '../helm/yaml-scalars';
import type { Json, JsonObject } from '../kubernetes/json';
import { over } from './places';
import type { PlacedValues, Places } from './places';

/** The values with one more. */
export function withSet(
  below: PlacedValues,
  { name, value, isText = false }: { readonly name: string; readonly value: string; readonly isText?: boolean },
  node: Node,
): PlacedValues {
  const names = name.split(/(?<!\\)\./).map((one) => one.replaceAll('\\.', '.'));
  const read: Json = isText ? value : (readPlainScalar(value).value ?? null);
  const at = node.places.at;
  const leaf: Places = { at, below: new Map() };
  const [values, places] = names.reduceRight<readonly [Json, Places]>(
    ([inner, tree], one) => [{ [one]: inner }, { at, below: new Map([[one, tree]]) }],
    [read, leaf],
  );
  return over(below, { values: values as JsonObject, places });
}
