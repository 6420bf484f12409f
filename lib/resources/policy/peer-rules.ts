import type { CiliumNetworkPolicyToCIDRSet } from '../../../imports/cilium.io';
import { othersOf } from '../../resource/kind';
import { contains, networkOf } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import { DOCS, WEB, problem } from './policy-rule';
import type { PolicyCheck, PolicySubject } from './policy-rule';
import { peersOf, rulesOf } from './model';
import type { Rule } from './model';
import { EXAMPLE_CLUSTER } from '../../talos/cluster/example';

const PEER: readonly PolicyCheck[] = [
  {
    rule: 'peers-combined',
    level: 'error',
    docs: DOCS.layer3,
    find: ({ props }) =>
      rulesOf(props).flatMap((rule) => {
        const given = peersOf(rule).filter(({ list }) => list.length > 0);
        if (given.length < 2) return [];
        const message = `Cilium takes one of ${given.map(({ name }) => name).join(', ')} in a rule, and refuses the policy.`;
        return [
          problem(
            given.map(({ at }) => at),
            message,
            'Write a rule for each of them.',
          ),
        ];
      }),
    examples: {
      bad: { props: { ...WEB, ingress: [{ fromEndpoints: [{}], fromEntities: ['host'] }] } },
      good: { props: { ...WEB, ingress: [{ fromEndpoints: [{}] }, { fromEntities: ['host'] }] } },
    },
  },
  {
    rule: 'empty-peers',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ props }) =>
      emptyPeers(props)
        .filter(({ name, rule }) => !OPEN_WHEN_EMPTY.includes(name) || (rule.rule.toPorts ?? []).length === 0)
        .map(({ at, rule }) =>
          problem(
            at,
            `It names nobody, so the rule ${rule.deny ? 'drops' : 'lets through'} nothing.`,
            "Name somebody, or leave it out for everybody that the rule's ports are open to.",
          ),
        ),
    examples: {
      bad: { props: { ...WEB, ingress: [{ fromEndpoints: [], toPorts: [{ ports: ['80/TCP'] }] }] } },
      good: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['80/TCP'] }] }] } },
    },
  },
  {
    rule: 'open-to-all',
    level: 'error',
    docs: DOCS.layer3,
    find: ({ props }) =>
      emptyPeers(props)
        .filter(({ name, rule }) => OPEN_WHEN_EMPTY.includes(name) && (rule.rule.toPorts ?? []).length > 0)
        .map(({ at }) =>
          problem(
            at,
            'An empty list counts as none here: the ports of the rule are open to everywhere.',
            'Name something, or leave the rule out.',
          ),
        ),
    examples: {
      bad: { props: { ...WEB, egress: [{ toServices: [], toPorts: [{ ports: ['443/TCP'] }] }] } },
      good: {
        props: { ...WEB, egress: [{ toServices: [{ k8sService: { serviceName: 'shop', namespace: 'shop' } }] }] },
      },
    },
  },
  {
    rule: 'cidr-host-bits',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ props }) =>
      networksOf(props)
        .filter(({ network }) => !network.aligned)
        .map(({ at, text, network }) =>
          problem(
            at,
            `${text} has host bits; all of ${network.network} is meant.`,
            `Write ${network.network}, or ${String(text.split('/')[0])}/${network.family === 4 ? '32' : '128'} for one address.`,
          ),
        ),
    examples: {
      bad: { props: { ...WEB, egress: [{ toCIDR: ['192.0.2.7/24'] }] } },
      good: { props: { ...WEB, egress: [{ toCIDR: ['192.0.2.7/32'] }] } },
    },
  },
  {
    rule: 'cidr-in-cluster',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ props, cilium }) => {
      const { podSubnets = [], serviceSubnets = [] } = cilium?.talos ?? {};
      const own = [...podSubnets, ...serviceSubnets].flatMap((text) => networkOf(text) ?? []);
      return networksOf(props)
        .filter(({ excepted, network }) => !excepted && own.some((range) => contains(range, network)))
        .map(({ at, text }) =>
          problem(
            [at, 'talos.podSubnets', 'talos.serviceSubnets'],
            `${text} is the cluster's own, and networks never mean its pods or Services.`,
            'Name pods by their labels, and Services by `toServices`.',
          ),
        );
    },
    examples: {
      bad: { props: { ...WEB, egress: [{ toCIDR: ['10.96.0.10/32'] }] }, talos: EXAMPLE_CLUSTER },
      good: { props: { ...WEB, egress: [{ toCIDR: ['192.0.2.0/24'] }] }, talos: EXAMPLE_CLUSTER },
    },
  },
  {
    rule: 'except-outside',
    level: 'error',
    docs: DOCS.layer3,
    find: ({ props }) =>
      cidrRules(props).flatMap(({ at, rule: { cidr, except = [] } }) => {
        const network = networkOf(cidr ?? '');
        if (network === undefined) return [];
        return except.flatMap((text, i) => {
          const excepted = networkOf(text);
          if (excepted === undefined || contains(network, excepted)) return [];
          return [
            problem(
              `${at}.except[${String(i)}]`,
              `${text} is not inside of ${String(cidr)}.`,
              `Take a part of ${String(cidr)}, or leave it out.`,
            ),
          ];
        });
      }),
    examples: {
      bad: { props: { ...WEB, egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/16', except: ['10.1.0.0/24'] }] }] } },
      good: { props: { ...WEB, egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/16', except: ['10.0.1.0/24'] }] }] } },
    },
  },
  {
    rule: 'cidr-group-missing',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ props, others }) => {
      const groups = othersOf(others, 'cidr-group').map(({ name }) => name);
      return cidrRules(props)
        .filter(
          ({ rule: { cidrGroupRef } }) =>
            typeof cidrGroupRef === 'string' && cidrGroupRef !== '' && !groups.includes(cidrGroupRef),
        )
        .map(({ at, rule: { cidrGroupRef } }) =>
          problem(
            `${at}.cidrGroupRef`,
            `No CidrGroup of this app has the name '${String(cidrGroupRef)}'; while there is none, the rule means nobody.`,
            'Give the CidrGroup construct instead of a name, or make one.',
          ),
        );
    },
    examples: {
      bad: { props: { ...WEB, ingress: [{ fromCIDRSet: [{ cidrGroupRef: 'office' }] }] } },
      good: {
        props: { ...WEB, ingress: [{ fromCIDRSet: [{ cidrGroupRef: 'office' }] }] },
        others: [{ subject: 'cidr-group', props: { name: 'office', externalCIDRs: ['192.0.2.0/24'] } }],
      },
    },
  },
  {
    rule: 'requirements',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ props }) =>
      rulesOf(props).flatMap(({ at, rule }) =>
        (['fromRequires', 'toRequires'] as const)
          .filter((name) => (rule[name] ?? []).length > 0)
          .map((name) =>
            problem(
              `${at}.${name}`,
              'It limits every rule for these endpoints, not only this one, and Cilium 1.19 knows it no more.',
              'Write a rule that denies what does not have the labels.',
            ),
          ),
      ),
    examples: {
      bad: { props: { ...WEB, ingress: [{ fromRequires: [{ matchLabels: { env: 'prod' } }] }] } },
      good: {
        props: {
          ...WEB,
          ingressDeny: [
            { fromEndpoints: [{ matchExpressions: [{ key: 'env', operator: 'NotIn', values: ['prod'] }] }] },
          ],
        },
      },
    },
  },
];

/** Rules about who is at the other end. */
export const PEER_CHECKS: readonly PolicyCheck[] = [...PEER];

/** Lists that Cilium takes for absent when they are empty; in other empty lists it finds nobody. */
const OPEN_WHEN_EMPTY: readonly string[] = ['toServices', 'toFQDNs', 'toGroups', 'fromGroups'];

function emptyPeers(
  props: PolicySubject['props'],
): readonly { readonly name: string; readonly at: string; readonly rule: Rule }[] {
  return rulesOf(props).flatMap((rule) =>
    peersOf(rule)
      .filter(({ list }) => list.length === 0)
      .map(({ name, at }) => ({ name, at, rule })),
  );
}

function cidrRules(
  props: PolicySubject['props'],
): readonly { readonly at: string; readonly rule: CiliumNetworkPolicyToCIDRSet }[] {
  return rulesOf(props).flatMap(({ at, rule }) =>
    (['fromCIDRSet', 'toCIDRSet'] as const).flatMap((name) =>
      (rule[name] ?? []).map((item, i) => ({ at: `${at}.${name}[${String(i)}]`, rule: item })),
    ),
  );
}

interface PlacedNetwork {
  readonly at: string;
  readonly text: string;
  readonly network: Cidr;
  readonly excepted: boolean;
}

/** Every network of a policy that can be read. */
function networksOf(props: PolicySubject['props']): readonly PlacedNetwork[] {
  const plain = rulesOf(props).flatMap(({ at, rule }) =>
    (['fromCIDR', 'toCIDR'] as const).flatMap((name) =>
      (rule[name] ?? []).map((text, i) => [`${at}.${name}[${String(i)}]`, text, false] as const),
    ),
  );
  const inRules = cidrRules(props).flatMap(({ at, rule: { cidr, except = [] } }) => [
    ...(cidr === undefined ? [] : [[`${at}.cidr`, cidr, false] as const]),
    ...except.map((text, i) => [`${at}.except[${String(i)}]`, text, true] as const),
  ]);
  return [...plain, ...inRules].flatMap(([at, text, excepted]) => {
    const network = networkOf(text);
    return network === undefined ? [] : [{ at, text, network, excepted }];
  });
}
