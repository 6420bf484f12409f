import { fc, runs } from '../properties';
import { coalesce } from '../../lib/helm/merge';
import type { JsonObject } from '../../lib/kubernetes/json';
import { readTable } from './table';

/** Defaults, values, and what Helm 3.19.4 (chartutil.CoalesceValues) made of them. */
const table = readTable<[defaults: JsonObject, values: JsonObject, merged: JsonObject][]>('merge.json');

test('maps are merged as Helm does', () => {
  for (const [defaults, values, merged] of table)
    expect([defaults, values, coalesce(values, defaults)]).toEqual([defaults, values, merged]);
});

test('no input is changed', () => {
  for (const [defaults, values] of table) {
    const before = JSON.stringify([defaults, values]);
    coalesce(values, defaults);
    expect(JSON.stringify([defaults, values])).toBe(before);
  }
});

test('undefined counts as absent', () => {
  expect(coalesce({ a: undefined }, { a: 1 })).toEqual({ a: 1 });
});

const names = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor');
const tree = fc.letrec<{ map: JsonObject; value: unknown }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, fc.constantFrom(null, 0, 1, 'x', true), tie('map')),
  map: fc.dictionary(names, tie('value') as fc.Arbitrary<never>),
})).map;

test('an empty map changes nothing, and a set value is in the result', () => {
  fc.assert(
    fc.property(tree, tree, (defaults, values) => {
      expect(coalesce({}, defaults)).toEqual(defaults);
      const merged = coalesce(values, defaults);
      for (const [name, value] of Object.entries(values)) {
        if (typeof value === 'object') continue; // maps merge, nulls remove
        expect(Object.getOwnPropertyDescriptor(merged, name)?.value).toBe(value);
      }
    }),
    runs(100),
  );
});
