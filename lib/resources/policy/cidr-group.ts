import type { CidrGroupProps } from './props';
import { ciliumApi } from '../../resource/api';
import type { ResourceRule } from '../../resource/kind';
import { resourceKind } from '../../resource/resource-kind';

import { contains, networkOf } from '../../kubernetes/cidr';
import { DOCS, problem } from './policy-rule';
import { EXAMPLE_CLUSTER } from '../../talos/cluster/example';

const OFFICE = { externalCIDRs: ['192.0.2.0/24', '2001:db8::/32'] } as const;

const CHECKS: readonly ResourceRule<CidrGroupProps>[] = [
  {
    id: 'cidr-group/empty',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ props }) =>
      props.externalCIDRs.length > 0
        ? []
        : [
            problem(
              'externalCIDRs',
              'There is no network in it: a rule that means the group lets nobody through.',
              'Name networks.',
            ),
          ],
    examples: { bad: { props: { externalCIDRs: [] } }, good: { props: OFFICE } },
  },
  {
    id: 'cidr-group/host-bits',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ props }) =>
      props.externalCIDRs.flatMap((text, i) => {
        const network = networkOf(text);
        if (network === undefined || network.aligned) return [];
        const one = `${String(text.split('/')[0])}/${network.family === 4 ? '32' : '128'}`;
        return [
          problem(
            `externalCIDRs[${String(i)}]`,
            `${text} has host bits; all of ${network.network} is meant.`,
            `Write ${network.network}, or ${one}.`,
          ),
        ];
      }),
    examples: { bad: { props: { externalCIDRs: ['192.0.2.7/24'] } }, good: { props: OFFICE } },
  },
  {
    id: 'cidr-group/in-cluster',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ props, cilium }) => {
      const { podSubnets = [], serviceSubnets = [] } = cilium?.talos ?? {};
      const own = [...podSubnets, ...serviceSubnets].flatMap((text) => networkOf(text) ?? []);
      return props.externalCIDRs.flatMap((text, i) => {
        const network = networkOf(text);
        if (network === undefined || !own.some((range) => contains(range, network))) return [];
        const paths = [`externalCIDRs[${String(i)}]`, 'talos.podSubnets', 'talos.serviceSubnets'];
        return [
          problem(
            paths,
            `${text} is the cluster's own, and networks never mean its pods or Services.`,
            'Name networks outside of it.',
          ),
        ];
      });
    },
    examples: {
      bad: {
        props: { externalCIDRs: ['10.244.1.0/24'] },
        talos: EXAMPLE_CLUSTER,
      },
      good: { props: OFFICE, talos: EXAMPLE_CLUSTER },
    },
  },
  {
    id: 'cidr-group/covered',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ props }) => {
      const networks = props.externalCIDRs.map((text) => ({ text, network: networkOf(text) }));
      return networks.flatMap(({ text, network }, i) => {
        const wider = networks.find(
          (other, j) =>
            network !== undefined &&
            other.network !== undefined &&
            i !== j &&
            contains(other.network, network) &&
            (j < i || other.network.network !== network.network),
        );
        return wider === undefined
          ? []
          : [problem(`externalCIDRs[${String(i)}]`, `${text} is in ${wider.text} already.`, 'Leave it out.')];
      });
    },
    examples: { bad: { props: { externalCIDRs: ['192.0.2.0/24', '192.0.2.128/25'] } }, good: { props: OFFICE } },
  },
];

/** Networks with a name, for policies: CiliumCIDRGroup. */
export const cidrGroup = resourceKind<CidrGroupProps>({
  api: ciliumApi('CiliumCIDRGroup'),
  subject: 'cidr-group',
  example: { props: OFFICE },
  elsewhere: {
    namespace: 'Leave it out: groups belong to no namespace.',
    cidrs: 'Write `externalCIDRs: [ … ]`.',
    labels: 'Write `metadata: { labels: { … } }`.',
  },
  rules: [...CHECKS],
});
