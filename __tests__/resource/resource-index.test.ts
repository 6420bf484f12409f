import { keyOfName, keyOfPlace, othersOf, othersWith } from '../../lib/resource/kind';
import type { Others, Resource } from '../../lib/resource/kind';
import { ResourceIndex } from '../../lib/resource/resource-index';
import { cidrGroup } from '../../lib/resources/policy/cidr-group';
import { networkPolicy } from '../../lib/resources/policy/network-policy';

const policy = (name: string, namespace: string): Resource =>
  ({ of: networkPolicy, name, props: { name, namespace, endpointSelector: {}, ingress: [{}] } }) as never;
const group = { of: cidrGroup, name: 'a', props: { externalCIDRs: [] } } as never as Resource;
const [one, two, three] = [policy('a', 'shop'), policy('b', 'shop'), policy('a', 'blog')] as const;
const index = new ResourceIndex([one, group, two, three]);

const named = (others: Others): readonly string[] =>
  othersOf(others, 'network-policy').map(({ namespace = '', name }) => `${namespace}/${name}`);

test('others and earlier ones are in the order of the app', () => {
  expect(named(index.all)).toEqual(['shop/a', 'shop/b', 'blog/a']);
  expect(named(index.others(two))).toEqual(['shop/a', 'blog/a']);
  expect(named(index.earlier(two))).toEqual(['shop/a']);
  expect(named(index.earlier(group))).toEqual(['shop/a']);
  expect(named(index.others(group))).toEqual(['shop/a', 'shop/b', 'blog/a']);
});

test('resources are looked up by keys, each once', () => {
  const places = (others: Others, keys: readonly string[]): readonly unknown[] =>
    othersWith(others, 'network-policy', keyOfName, keys).map(({ namespace }) => namespace);
  expect(places(index.all, ['b', 'a', 'a'])).toEqual(['shop', 'shop', 'blog']);
  expect(places(index.others(one), ['a'])).toEqual(['blog']);
  expect(places(index.earlier(three), ['a', 'c'])).toEqual(['shop']);
  expect(othersWith(index.all, 'network-policy', keyOfPlace, ['blog/a'])).toHaveLength(1);
  expect(othersWith(index.all, 'cidr-group', keyOfName, ['a'])).toHaveLength(1);
});

test('what is made of all resources is made once', () => {
  const make = jest.fn((all: Others) => named(all).length);
  expect([one, two].map((resource) => index.others(resource).ofCluster(make))).toEqual([3, 3]);
  expect(make).toHaveBeenCalledTimes(1);
});

test('a resource without readable keys is found by none', () => {
  const keysOf = ({ name }: { readonly name: string }): readonly string[] => {
    if (name === 'b') throw new TypeError('of the wrong shape');
    return ['x'];
  };
  expect(othersWith(index.all, 'network-policy', keysOf, ['x'])).toHaveLength(2);
});
