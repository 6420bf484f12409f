import { contains, networkOf } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import { ciliumApi } from '../../resource/api';
import type { ResourceRule } from '../../resource/kind';
import { resourceKind } from '../../resource/resource-kind';
import { problem } from '../../rules/rule';
import { DOCS } from './policy-rule';
import type { CidrGroupProps } from './props';

/** The CIDRs of a group that can be read, with their places. */
type CidrGroupModel = readonly { readonly at: string; readonly text: string; readonly network: Cidr }[];

const OFFICE = { externalCIDRs: ['192.0.2.0/24', '2001:db8::/32'] } as const;

const RULES: readonly ResourceRule<CidrGroupProps, CidrGroupModel>[] = [
  {
    id: 'cidr-group/empty',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ props }) =>
      props.externalCIDRs.length === 0 &&
      problem('externalCIDRs', 'The group is empty: a rule that refers to it matches no peer.', 'Add CIDRs.'),
    examples: { bad: { props: { externalCIDRs: [] } }, good: { props: OFFICE } },
  },
  {
    id: 'cidr-group/host-bits',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ model }) =>
      model
        .filter(({ network }) => !network.aligned)
        .map(({ at, text, network }) =>
          problem(
            at,
            `${text} has host bits set; it matches all of ${network.network}.`,
            `Write ${network.network}, or ${String(text.split('/')[0])}/${network.family === 4 ? '32' : '128'} for one address.`,
          ),
        ),
    examples: { bad: { props: { externalCIDRs: ['192.0.2.7/24'] } }, good: { props: OFFICE } },
  },
  {
    id: 'cidr-group/covered',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ model }) =>
      model.flatMap(({ at, text, network }, i) => {
        const wider = model.find(
          (other, j) =>
            i !== j && contains(other.network, network) && (j < i || other.network.network !== network.network),
        );
        return wider === undefined ? [] : problem(at, `${wider.text} already includes ${text}.`, 'Leave it out.');
      }),
    examples: { bad: { props: { externalCIDRs: ['192.0.2.0/24', '192.0.2.128/25'] } }, good: { props: OFFICE } },
  },
];

/** CiliumCIDRGroup: a named group of CIDRs for policies. */
export const cidrGroup = resourceKind<CidrGroupProps, CidrGroupModel>({
  api: ciliumApi('CiliumCIDRGroup'),
  construct: 'CidrGroup',
  subject: 'cidr-group',
  docs: DOCS.layer3,
  example: { props: OFFICE },
  elsewhere: {
    namespace: 'Leave it out: groups are cluster-scoped.',
    cidrs: 'Write `externalCIDRs: [ … ]`.',
    labels: 'Write `metadata: { labels: { … } }`.',
  },
  read: ({ externalCIDRs }) =>
    Array.isArray(externalCIDRs)
      ? (externalCIDRs as readonly unknown[]).flatMap((text, i) => {
          const network = typeof text === 'string' ? networkOf(text) : undefined;
          return network === undefined ? [] : [{ at: `externalCIDRs[${String(i)}]`, text: text as string, network }];
        })
      : [],
  ranges: {
    rule: 'in-cluster',
    within: true,
    of: ({ model }) => model.map(({ at, text, network }) => ({ at, text, range: network })),
    hint: 'Use CIDRs outside the cluster: CIDR rules never match its pods or Services.',
    example: { externalCIDRs: ['10.244.1.0/24'] },
  },
  rules: RULES,
});
