import { resourceFindings } from '../../../lib/resource/resource';
import type { ResourceKind } from '../../../lib/resource/kind';
import { clusterwideNetworkPolicy, networkPolicy } from '../../../lib/resources/policy/network-policy';
import { WRONG_POLICIES } from './wrong-policies';
import type { WrongPolicy } from './wrong-policies';
import { released } from '../../../upstream/rules/released';

const RELEASES = ['1.18.4', '1.19.6', '1.20.0'];

const rows = WRONG_POLICIES.flatMap((row) =>
  (row.versions ?? RELEASES).map((version) => [row.what, version, row] as const),
);

it.each(rows)('%s is found at its place, Cilium %s', (_, version, { kind, props, rule, at }: WrongPolicy) => {
  const of = (kind === 'network-policy' ? networkPolicy : clusterwideNetworkPolicy) as ResourceKind;
  const found = resourceFindings({ of, name: 'wrong', props: { ...props, cilium: released(version) } as never });
  const matching = found.filter(({ id }) => id === `${kind}/${rule}`);
  expect(found.map(({ id, paths: places }) => `${id} at ${places.join(', ')}`).join('\n')).toContain(
    `${kind}/${rule} at ${at}`,
  );
  for (const { message, hint } of matching) {
    expect(message).toMatch(/[.!?]$/);
    expect(hint).toMatch(/[.!?]$/);
  }
});
