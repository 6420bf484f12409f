import { App, Chart } from 'cdk8s';
import { CidrGroup, CiliumNetworkPolicy } from '../../lib';
import type { CidrGroupProps, Finding } from '../../lib';
import { released } from '../../upstream/rules/released';

const good: CidrGroupProps = { cilium: released('1.19.6'), externalCIDRs: ['192.0.2.0/24'] };

function found(props: object): readonly string[] {
  const { findings } = new CidrGroup(new Chart(new App(), 'c'), 'one', { ...good, ...props } as CidrGroupProps);
  return findings.map(({ id, paths }: Finding) => `${id.replace('cidr-group/', '')} ${paths.join()}`);
}

test.each<[string, object, readonly string[]]>([
  ['an unknown name', { metadata: { lables: {} } }, ['unknown-prop metadata.lables']],
  ['a name beside the labels', { metadata: { name: 'x' } }, ['unknown-prop metadata.name']],
  ['text for metadata', { metadata: 'x' }, ['type metadata']],
  ['a list of labels', { metadata: { labels: ['a'] } }, ['type metadata.labels']],
  ['a number in a label', { metadata: { labels: { a: 1 } } }, ['label metadata.labels.a']],
  ['a map in a label', { metadata: { labels: { a: {} } } }, ['label metadata.labels.a']],
  ['a key with a blank', { metadata: { labels: { 'bad key!': 'x' } } }, ["label metadata.labels['bad key!']"]],
  ['a value with a blank', { metadata: { labels: { a: 'lin ux' } } }, ['label metadata.labels.a']],
  ['a number in an annotation', { metadata: { annotations: { a: 1 } } }, ['annotation metadata.annotations.a']],
  [
    'a key of an annotation with a blank',
    { metadata: { annotations: { 'a b': 'x' } } },
    ["annotation metadata.annotations['a b']"],
  ],
  [
    'too long annotations',
    { metadata: { annotations: { a: 'x'.repeat(256 * 1024) } } },
    ['annotation metadata.annotations'],
  ],
  ['a list as the name', { name: ['a'] }, ['name name']],
  ['a name with capitals', { name: 'One' }, ['name name']],
  ['a namespace of a kind without', { namespace: 'shop' }, ['namespace namespace']],
  ['a release as the Cilium', { cilium: '1.19.6' }, ['type cilium']],
])('%s is refused', (_, props, expected) => {
  expect(found(props)).toEqual(expected);
});

test('fields of a manifest that belong elsewhere are named', () => {
  const metadata = { name: 'x', namespace: 'y', finalizers: ['example.test/hold'] };
  const { findings } = new CidrGroup(new Chart(new App(), 'c'), 'one', { ...good, metadata } as CidrGroupProps);
  expect(findings.map(({ paths, hint }) => `${paths.join()}: ${hint}`)).toEqual([
    'metadata.name: Write `name` next to `metadata`.',
    'metadata.namespace: Write `namespace` next to `metadata`.',
    'metadata.finalizers: Pass a manifest to `fromManifest`, which keeps them.',
  ]);
});

test('valid metadata is accepted', () => {
  const labels = { 'example.test/a': '', a: 'A.b_c-1' };
  const annotations = { 'Example.Test/A': '', note: 'any text, {"json": true}\nin lines' };
  expect(found({ metadata: { labels, annotations } })).toEqual([]);
  expect(found({ metadata: undefined, name: undefined, acknowledge: undefined })).toEqual([]);
});

test('a namespace is checked where it is set', () => {
  const made = (namespace: unknown): readonly string[] =>
    new CiliumNetworkPolicy(new Chart(new App(), 'c'), 'one', {
      cilium: released('1.19.6'),
      namespace: namespace as string,
      endpointSelector: {},
      ingress: [{ fromEntities: ['cluster'] }],
    }).findings
      .filter(({ level }) => level === 'error')
      .map(({ id, paths }) => `${id} ${paths.join()}`);
  expect(made(5)).toEqual(['network-policy/namespace namespace']);
  expect(made('Shop')).toEqual(['network-policy/namespace namespace']);
  expect(made('shop')).toEqual([]);
});
