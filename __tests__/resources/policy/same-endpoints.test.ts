import { NAMESPACE_LABEL } from '../../../lib/resource/ignored-labels';
import type { Resource } from '../../../lib/resource/kind';
import { readResource } from '../../../lib/resource/read';
import { ResourceIndex } from '../../../lib/resource/resource-index';
import { contradict } from '../../../lib/resource/label-conditions';
import type { PolicyModel, RuleSet } from '../../../lib/resources/policy/model';
import { clusterwideNetworkPolicy, networkPolicy } from '../../../lib/resources/policy/network-policy';
import { setsForSameEndpoints } from '../../../lib/resources/policy/same-endpoints';

const SELECTORS: readonly object[] = [
  {},
  { matchLabels: { app: 'a' } },
  { matchLabels: { 'k8s:app': 'b', tier: 'web' } },
  { matchLabels: { 'io.kubernetes.pod.namespace': 'shop' } },
  { matchExpressions: [{ key: 'app', operator: 'In', values: ['a', 'c'] }] },
  { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }] },
  { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] },
  { matchExpressions: [{ key: 'tier', operator: 'Exists' }] },
  {
    matchExpressions: [
      { key: 'app', operator: 'In', values: ['a'] },
      { key: 'app', operator: 'In', values: ['b'] },
    ],
  },
];

const resources = SELECTORS.flatMap((selector, i): readonly Resource[] => [
  ...['shop', 'blog'].map((namespace) =>
    made(networkPolicy, `n${String(i)}`, { namespace, endpointSelector: selector }),
  ),
  made(clusterwideNetworkPolicy, `c${String(i)}`, { endpointSelector: selector }),
  made(clusterwideNetworkPolicy, `h${String(i)}`, { nodeSelector: selector }),
]);

function made(of: unknown, name: string, props: object): Resource {
  return { of, name, props: { name, ingress: [{}], ...props } } as unknown as Resource;
}

interface PlacedSet {
  readonly set: RuleSet;
  readonly namespace: string | undefined;
}

const setOf = (resource: Resource): PlacedSet => {
  const { model, namespace } = readResource(resource);
  return { set: (model as PolicyModel).sets[0] as RuleSet, namespace };
};

test('the index finds the sets that a comparison of all pairs finds', () => {
  const index = new ResourceIndex(resources);
  const all = resources.map(setOf);
  const conditions = ({ set, namespace }: PlacedSet): Parameters<typeof contradict>[0] => [
    ...((set.nodes ?? set.endpoints)?.conditions ?? []),
    ...(namespace === undefined ? [] : [{ key: NAMESPACE_LABEL, operator: 'In' as const, values: [namespace] }]),
  ];
  for (const [i, own] of all.entries()) {
    const expected = all.filter(
      (other) =>
        (other.set.nodes === undefined) === (own.set.nodes === undefined) &&
        !contradict([...conditions(own), ...conditions(other)]),
    );
    const found = setsForSameEndpoints({ others: index.others(resources[i] as Resource) } as never, own.set);
    expect(found).toHaveLength(expected.length);
    expect(new Set(found)).toEqual(new Set(expected.map(({ set }) => set)));
  }
});
