import { fc, runs } from '../properties';
import { isTidy, tidy } from '../../lib/kubernetes/tidy';

test('undefined is removed, and null in maps', () => {
  expect(tidy({ a: undefined, b: null, c: [{ d: null, e: '' }], f: {}, g: [], h: -0 })).toStrictEqual({
    c: [{ e: '' }],
    f: {},
    g: [],
    h: 0,
  });
});

test.each<[string, unknown, string]>([
  ['NaN', { a: [NaN] }, 'a[0] is an invalid number'],
  ['null in a list', { a: { b: [null] } }, 'a.b[0] is null'],
  ['undefined in a list', { a: [undefined] }, 'a[0] is missing'],
  ['a date', { a: new Date(0) }, 'a is an instance of Date'],
  ['a function', { a: () => 1 }, 'a is a function'],
  ['a bigint', { a: 1n }, 'a is a bigint'],
])('%s is refused with its path', (_, value, message) => {
  expect(() => tidy(value)).toThrow(message);
});

test('isTidy is false for what tidy refuses', () => {
  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), anything), (value) => {
      let isTaken = true;
      try {
        tidy(value);
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
        isTaken = false;
      }
      expect(isTidy(value)).toBe(isTaken);
    }),
    runs(1000),
  );
});
