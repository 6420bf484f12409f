import { toJson } from '../../lib/helm/json';

describe('toJson', () => {
  it('sorts the keys of maps at every depth, and leaves lists alone', () => {
    expect(toJson({ b: [{ d: 1, c: 2 }, 3], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1},3]}');
  });

  it('omits absent values', () => {
    expect(toJson({ a: undefined, b: { c: undefined } })).toBe('{"b":{}}');
  });

  it('gives equal text for equal data', () => {
    expect(toJson({ x: 1, y: { p: true, q: 'r' } })).toBe(toJson({ y: { q: 'r', p: true }, x: 1 }));
  });
});
