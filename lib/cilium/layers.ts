import { isList } from '../rules/proxies';
import type { CiliumValues } from '../../imports/cilium-chart';
import type { Finding } from '../rules/finding';
import { isMap, setOwn } from '../kubernetes/json';
import { unreadable } from '../props/data';
import type { Unreadable } from '../props/data';

/**
 * Values in layers, like several `--values` files of Helm: any list. An interface and not an array type: where a union has an array type,
 * TypeScript reports a wrong value at the whole object and not at the value.
 */
export interface ValuesLayers<T> extends Iterable<T> {
  readonly [layer: number]: T;
  readonly length: number;
}

/**
 * Several layers of values as one, like several `--values` files of Helm: maps are merged, lists and scalars replace,
 * the last layer wins. A `null` stays, so that it deletes the chart's default.
 */
export function layered(layers: readonly CiliumValues[]): CiliumValues {
  return layers.reduce<CiliumValues>((below, above) => join(below, above) as CiliumValues, {});
}

/**
 * The given values as one tree, a list as {@link layered} does. A layer that is not a map is a finding, and omitted; `at`
 * is the path of the values.
 */
export function joinLayers(
  values: unknown,
  at = 'values',
): { readonly values: CiliumValues; readonly findings: readonly Finding[] } {
  const unusable = unreadable(values, isList(values) ? at : '');
  if (unusable.length > 0) return { values: {}, findings: unusable.map(notData) };
  const layers = (values === undefined ? [] : Array.isArray(values) ? values : [values]) as readonly unknown[];
  const maps = layers.filter((layer): layer is CiliumValues => isMap(layer));
  const findings = layers.flatMap((layer, i): readonly Finding[] => {
    if (isMap(layer)) return [];
    const place = Array.isArray(values) ? `${at}[${String(i)}]` : at;
    return [
      notData({ at: place, message: 'Expected a map of names to values.', hint: 'Write `{ … }`, or remove it.' }),
    ];
  });
  return { values: layered(maps), findings };
}

function notData({ at, message, hint }: Unreadable): Finding {
  return { id: 'values/not-data', level: 'error', paths: [at === '' ? 'values' : at], message, hint };
}

/** Values with a single path set: `hubble.tls.enabled`. */
export function valuesWith(path: string, value: unknown): CiliumValues {
  return path.split('.').reduceRight((inner, name) => ({ [name]: inner }), value) as CiliumValues;
}

function join(below: unknown, above: unknown): unknown {
  if (!isMap(below) || !isMap(above)) return above;
  const result: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above))
    if (value !== undefined) setOwn(result, key, Object.hasOwn(below, key) ? join(below[key], value) : value);
  return result;
}
