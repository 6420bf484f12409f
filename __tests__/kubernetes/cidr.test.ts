import { fc } from '../properties';
import { addressFamily, overlaps, parseCidr } from '../../lib/kubernetes/cidr';
import type { Cidr } from '../../lib/kubernetes/cidr';

const read = (text: string): Cidr => {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new Error(`${text} is not a network`);
  return cidr;
};

test('networks and addresses of both families are read', () => {
  expect(read('10.244.1.7/16')).toMatchObject({
    family: 4,
    prefix: 16,
    network: '10.244.0.0/16',
    aligned: false,
    first: 0x0af40000n,
    last: 0x0af4ffffn,
  });
  expect(read('FD00:10::/56')).toMatchObject({ family: 6, prefix: 56, network: 'fd00:10::/56', aligned: true });
  expect(read('1.1.1.1')).toMatchObject({ family: 4, prefix: 32, aligned: true });
});

test.each([
  '',
  'a',
  '10.0.0.0/33',
  '10.0.0/8',
  '10.0.0.0/08',
  '010.0.0.1',
  'fd00::/129',
  'fe80::1%eth0',
  ' 1.1.1.1',
  '1.1.1.1/',
  '[::1]',
  '1.1.1.1:53',
  '::1/64/64',
])("'%s' is not a network", (text) => {
  expect(parseCidr(text)).toBeUndefined();
});

test('a plain address has no prefix', () => {
  expect(['1.1.1.1', '::1', '1.1.1.1/32', 'one.one.one.one'].map(addressFamily)).toEqual([4, 6, undefined, undefined]);
});

test('overlap is symmetric and is containment for aligned networks', () => {
  const network = fc
    .record({ address: fc.nat({ max: 0xffffffff }), prefix: fc.integer({ min: 0, max: 32 }) })
    .map(({ address, prefix }) => {
      const dotted = [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
      return read(read(`${dotted}/${String(prefix)}`).network);
    });
  fc.assert(
    fc.property(network, network, (a, b) => {
      expect(overlaps(a, b)).toBe(overlaps(b, a));
      const [outer, inner] = a.prefix <= b.prefix ? [a, b] : [b, a];
      expect(overlaps(a, b)).toBe(outer.first <= inner.first && inner.last <= outer.last);
    }),
  );
  expect(overlaps(read('0.0.0.0/0'), read('::/0'))).toBe(false);
});
