import type { CiliumValues } from '../../imports/cilium-chart';
import { isMap } from '../kubernetes/json';

/**
 * Several layers of values as one, as Helm takes several `--values` files: maps are joined, lists and scalars replace,
 * the last layer wins. A `null` stays, so that it deletes the chart's default.
 */
export function layered(layers: readonly CiliumValues[]): CiliumValues {
  return layers.reduce<CiliumValues>((below, above) => join(below, above) as CiliumValues, {});
}

/** Values that say one thing, given by its path: `hubble.tls.enabled`. */
export function valuesWith(path: string, value: unknown): CiliumValues {
  return path.split('.').reduceRight((inner, name) => ({ [name]: inner }), value) as CiliumValues;
}

function join(below: unknown, above: unknown): unknown {
  if (!isMap(below) || !isMap(above)) return above;
  const result: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) if (value !== undefined) result[key] = key in below ? join(below[key], value) : value;
  return result;
}
