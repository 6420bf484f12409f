import { resourceFindings } from '../../../lib/resource/resource';
import type { ResourceKind } from '../../../lib/resource/kind';
import { clusterwideNetworkPolicy, networkPolicy } from '../../../lib/resources/policy/network-policy';
import { GOOD_POLICIES } from './good-policies';
import { released } from '../../../upstream/rules/released';

const rows = GOOD_POLICIES.flatMap((row) =>
  (row.versions ?? ['1.18.4', '1.19.6', '1.20.0']).map((version) => [row.what, version, row] as const),
);

it.each(rows)('there are no findings for %s, Cilium %s', (_, version, { kind, props }) => {
  const of = (kind === 'network-policy' ? networkPolicy : clusterwideNetworkPolicy) as ResourceKind;
  expect(resourceFindings({ of, name: 'good', props: { ...props, cilium: released(version) } as never })).toEqual([]);
});
