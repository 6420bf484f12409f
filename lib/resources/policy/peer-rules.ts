import { contains } from '../../kubernetes/cidr';
import { keyOfName, othersWith } from '../../resource/kind';
import { problem } from '../../rules/rule';
import type { PolicyModel, TrafficRule } from './model';
import { DOCS, WEB } from './policy-rule';
import type { PolicyRule } from './policy-rule';

/** Rules about peers. */
export const PEER_RULES: readonly PolicyRule[] = [
  {
    id: 'network-policy/peers-combined',
    level: 'error',
    docs: DOCS.layer3,
    find: ({ model }) =>
      model.rules.flatMap(({ peers }) => {
        const given = peers.filter(({ length }) => length > 0);
        if (given.length < 2) return [];
        return problem(
          given.map(({ at }) => at),
          `Cilium allows only one of ${given.map(({ name }) => name).join(', ')} in a rule, and rejects the policy.`,
          'Write a rule for each of them.',
        );
      }),
    examples: {
      bad: { props: { ...WEB, ingress: [{ fromEndpoints: [{}], fromEntities: ['host'] }] } },
      good: { props: { ...WEB, ingress: [{ fromEndpoints: [{}] }, { fromEntities: ['host'] }] } },
    },
  },
  {
    id: 'network-policy/empty-peers',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ model }) =>
      emptyPeers(model)
        .filter(({ opensPorts }) => !opensPorts)
        .map(({ at, rule }) =>
          problem(
            at,
            `An empty list matches no peer, so the rule ${rule.deny ? 'denies' : 'allows'} nothing.`,
            'Add peers, or leave the list out to match every peer on the ports of the rule.',
          ),
        ),
    examples: {
      bad: { props: { ...WEB, ingress: [{ fromEndpoints: [], toPorts: [{ ports: ['80/TCP'] }] }] } },
      good: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['80/TCP'] }] }] } },
    },
  },
  {
    id: 'network-policy/open-to-all',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ model }) =>
      emptyPeers(model)
        .filter(({ opensPorts }) => opensPorts)
        .map(({ at }) =>
          problem(
            at,
            'Cilium treats this empty list as absent: the ports of the rule are open to every peer.',
            'Add peers, or leave the rule out.',
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
    id: 'network-policy/cidr-host-bits',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ model }) =>
      model.rules
        .flatMap(({ cidrs }) => cidrs)
        .filter(({ network }) => !network.aligned)
        .map(({ at, text, network }) =>
          problem(
            at,
            `${text} has host bits set; it matches all of ${network.network}.`,
            `Write ${network.network}, or ${String(text.split('/')[0])}/${network.family === 4 ? '32' : '128'} for one address.`,
          ),
        ),
    examples: {
      bad: { props: { ...WEB, egress: [{ toCIDR: ['192.0.2.7/24'] }] } },
      good: { props: { ...WEB, egress: [{ toCIDR: ['192.0.2.7/32'] }] } },
    },
  },
  {
    id: 'network-policy/except-outside',
    level: 'error',
    docs: DOCS.layer3,
    find: ({ model }) =>
      model.rules
        .flatMap(({ cidrSets }) => cidrSets)
        .flatMap(({ cidr, except }) =>
          cidr === undefined
            ? []
            : except
                .filter(({ network }) => !contains(cidr.network, network))
                .map(({ at, text }) =>
                  problem(at, `${text} is not inside ${cidr.text}.`, `Write a part of ${cidr.text}, or leave it out.`),
                ),
        ),
    examples: {
      bad: { props: { ...WEB, egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/16', except: ['10.1.0.0/24'] }] }] } },
      good: { props: { ...WEB, egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/16', except: ['10.0.1.0/24'] }] }] } },
    },
  },
  {
    id: 'network-policy/cidr-group-missing',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ model, others }) =>
      model.rules
        .flatMap(({ cidrSets }) => cidrSets)
        .flatMap(({ at, item: { cidrGroupRef = '' } }) =>
          typeof cidrGroupRef !== 'string' ||
          cidrGroupRef === '' ||
          othersWith(others, 'cidr-group', keyOfName, [cidrGroupRef]).length > 0
            ? []
            : problem(
                `${at}.cidrGroupRef`,
                `This app has no CidrGroup '${cidrGroupRef}'; without it the rule matches no peer.`,
                'Pass the CidrGroup construct instead of a name, or add one.',
              ),
        ),
    examples: {
      bad: { props: { ...WEB, ingress: [{ fromCIDRSet: [{ cidrGroupRef: 'office' }] }] } },
      good: {
        props: { ...WEB, ingress: [{ fromCIDRSet: [{ cidrGroupRef: 'office' }] }] },
        others: [{ subject: 'cidr-group', props: { name: 'office', externalCIDRs: ['192.0.2.0/24'] } }],
      },
    },
  },
  {
    id: 'network-policy/requirements',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ model }) =>
      model.rules.flatMap(({ at, fields }) =>
        (['fromRequires', 'toRequires'] as const)
          .filter((name) => (fields[name] ?? []).length > 0)
          .map((name) =>
            problem(
              `${at}.${name}`,
              `\`${name}\` restricts every rule for these endpoints, not only this one, and Cilium 1.19 removes it.`,
              'Write a deny rule for peers without the labels.',
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

/** Lists that Cilium treats as absent when they are empty; other empty lists match no peer. */
const OPEN_WHEN_EMPTY: readonly string[] = ['toServices', 'toFQDNs', 'toGroups', 'fromGroups'];

function emptyPeers(
  model: PolicyModel,
): readonly { readonly at: string; readonly rule: TrafficRule; readonly opensPorts: boolean }[] {
  return model.rules.flatMap((rule) =>
    rule.peers
      .filter(({ length }) => length === 0)
      .map(({ name, at }) => ({
        at,
        rule,
        opensPorts: OPEN_WHEN_EMPTY.includes(name) && (rule.fields.toPorts ?? []).length > 0,
      })),
  );
}
