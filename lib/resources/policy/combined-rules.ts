import type { CiliumNetworkPolicyToFQDN } from '../../../imports/cilium.io';
import { NAMESPACE_LABEL } from '../../resource/ignored-labels';
import type { LabelSelector } from '../../kubernetes/selector';
import { setsMeeting } from './same-endpoints';
import { coversName } from './dns-patterns';
import { DOCS, WEB, problem } from './policy-rule';
import type { PolicyCheck, PolicySubject } from './policy-rule';
import { conditions, contradict, mentions } from './label-conditions';
import { deniesByDefault, portsOfRule, ruleSets, rulesOf, rulesOfSet, within } from './model';
import type { Rule, RuleSet } from './model';

const CLUSTER_DNS: LabelSelector = { matchLabels: { 'k8s-app': 'kube-dns', [NAMESPACE_LABEL]: 'kube-system' } };
const DNS_RULE = {
  toEndpoints: [CLUSTER_DNS],
  toPorts: [{ ports: ['53/UDP', '53/TCP'], rules: { dns: ['*.example.com'] } }],
} as const;
const DNS_PORT = 53;

/** Rules about what policies mean beside the others of the app. */
export const TOGETHER_CHECKS: readonly PolicyCheck[] = [
  {
    rule: 'deny-only',
    level: 'warning',
    docs: DOCS.deny,
    find: (subject) =>
      ruleSets(subject.props).flatMap((set) =>
        (['ingress', 'egress'] as const)
          .filter((direction) => (set.rules[`${direction}Deny`] ?? []).length > 0 && deniesByDefault(set, direction))
          .filter((direction) => !setsMeeting(subject, set).some(({ rules }) => (rules[direction] ?? []).length > 0))
          .map((direction) =>
            problem(
              [within(set.at, `${direction}Deny`), within(set.at, 'enableDefaultDeny')],
              `A policy that denies something drops all other ${direction}, too, and nothing here lets any through.`,
              `Set \`enableDefaultDeny: { ${direction}: false }\` to drop only what it names.`,
            ),
          ),
      ),
    examples: {
      bad: { props: { ...WEB, egressDeny: [{ toCIDR: ['169.254.169.254/32'] }] } },
      good: {
        props: { ...WEB, egressDeny: [{ toCIDR: ['169.254.169.254/32'] }], enableDefaultDeny: { egress: false } },
      },
    },
  },
  {
    rule: 'no-dns',
    level: 'warning',
    docs: DOCS.kubernetes,
    find: (subject) =>
      ruleSets(subject.props)
        .filter((set) => set.rules.endpointSelector !== undefined && deniesByDefault(set, 'egress'))
        // A policy that lets nothing through is meant to; one with names is judged by its names.
        .filter((set) => (set.rules.egress ?? []).some((rule) => Object.keys(rule).length > 0))
        .filter((set) => !rulesOfSet(set).some(({ rule }) => (rule.toFQDNs ?? []).length > 0))
        .filter(
          (set) =>
            !setsMeeting(subject, set).some((other) =>
              rulesOfSet(other).some((rule) => reachesDns(rule, subject.namespace)),
            ),
        )
        .map((set) =>
          problem(
            within(set.at, 'egress'),
            "No policy here lets these pods reach the cluster's DNS, so they can look up no name.",
            "Add a rule to `k8s-app: kube-dns` in kube-system on the ports '53/UDP' and '53/TCP'.",
          ),
        ),
    examples: {
      bad: {
        props: {
          ...WEB,
          egress: [{ toEndpoints: [{ matchLabels: { app: 'db' } }], toPorts: [{ ports: ['5432/TCP'] }] }],
        },
      },
      good: {
        props: {
          ...WEB,
          egress: [
            { toEndpoints: [{ matchLabels: { app: 'db' } }], toPorts: [{ ports: ['5432/TCP'] }] },
            { toEndpoints: [CLUSTER_DNS], toPorts: [{ ports: ['53/UDP', '53/TCP'] }] },
          ],
        },
      },
    },
  },
  {
    rule: 'names-unseen',
    level: 'warning',
    docs: DOCS.layer3,
    find: (subject) =>
      rulesWithNames(subject)
        .filter(({ set }) => askableNames(subject, set).length === 0)
        .map(({ at }) =>
          problem(
            `${at}.toFQDNs`,
            'Cilium learns the addresses of names only from lookups that a policy with `dns` lets through, and none here does for these endpoints.',
            "Add a rule to the cluster's DNS with `toPorts: [{ ports: ['53/UDP', '53/TCP'], rules: { dns: ['*'] } }]`.",
          ),
        ),
    examples: {
      bad: { props: { ...WEB, egress: [{ toFQDNs: ['api.example.com'] }] } },
      good: { props: { ...WEB, egress: [DNS_RULE, { toFQDNs: ['api.example.com'] }] } },
    },
  },
  {
    rule: 'name-refused',
    level: 'warning',
    docs: DOCS.layer7,
    find: (subject) =>
      rulesWithNames(subject).flatMap(({ at, set, rule: { toFQDNs = [] } }) => {
        const askable = askableNames(subject, set);
        if (askable.length === 0) return [];
        return toFQDNs.flatMap((name, i) =>
          askable.some((allowed) => coversName(allowed, name))
            ? []
            : [
                problem(
                  `${at}.toFQDNs[${String(i)}]`,
                  `No rule with \`dns\` lets ${name.matchName ?? name.matchPattern ?? 'it'} be asked for, so it never gets an address.`,
                  'Add the name to the rule with `dns`.',
                ),
              ],
        );
      }),
    examples: {
      bad: { props: { ...WEB, egress: [DNS_RULE, { toFQDNs: ['api.example.org'] }] } },
      good: { props: { ...WEB, egress: [DNS_RULE, { toFQDNs: ['api.example.com', '*.example.com'] }] } },
    },
  },
];

/** Rules about names, as far as a policy alone says it. */
export const DNS_CHECKS: readonly PolicyCheck[] = [
  {
    rule: 'dns-on-ingress',
    level: 'error',
    docs: DOCS.layer7,
    find: ({ props }) =>
      rulesOf(props)
        .filter(({ direction, set }) => direction === 'ingress' && set.rules.nodeSelector === undefined)
        .flatMap(portsOfRule)
        .filter(({ item }) => (item.rules?.dns ?? []).length > 0)
        .map(({ at }) =>
          problem(
            `${at}.rules.dns`,
            'Cilium reads lookups where they are sent, and refuses the policy.',
            'Write it under `egress` of who asks.',
          ),
        ),
    examples: {
      bad: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['53/UDP'], rules: { dns: ['*'] } }] }] } },
      good: { props: { ...WEB, egress: [{ toPorts: [{ ports: ['53/UDP'], rules: { dns: ['*'] } }] }] } },
    },
  },
  {
    rule: 'dns-range',
    level: 'error',
    docs: DOCS.layer7,
    find: ({ props }) =>
      rulesOf(props)
        .flatMap(portsOfRule)
        .filter(({ item }) => (item.rules?.dns ?? []).length > 0)
        .flatMap(({ at, item: { ports = [] } }) =>
          ports.flatMap(({ port = '', endPort = 0 }, i) =>
            endPort > Number(port)
              ? [
                  problem(
                    `${at}.ports[${String(i)}].endPort`,
                    'Lookups are read on single ports only; Cilium refuses the policy.',
                    'Name each port.',
                  ),
                ]
              : [],
          ),
        ),
    examples: {
      bad: { props: { ...WEB, egress: [{ toPorts: [{ ports: ['53-54/UDP'], rules: { dns: ['*'] } }] }] } },
      good: { props: { ...WEB, egress: [{ toPorts: [{ ports: ['53/UDP', '54/UDP'], rules: { dns: ['*'] } }] }] } },
    },
  },
  {
    rule: 'name-of-cluster',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ props }) =>
      rulesOf(props).flatMap(({ at, rule: { toFQDNs = [] } }) =>
        toFQDNs.flatMap(({ matchName, matchPattern = '' }, i) =>
          /(^|\.)(svc|pod)\.cluster\.local\.?$|\.svc$/.test(matchName ?? matchPattern)
            ? [
                problem(
                  `${at}.toFQDNs[${String(i)}]`,
                  'Names mean addresses outside of the cluster only; pods and Services of it are not reached by them.',
                  'Name pods by `toEndpoints`, or the Service by `toServices`.',
                ),
              ]
            : [],
        ),
      ),
    examples: {
      bad: { props: { ...WEB, egress: [{ toFQDNs: ['shop.shop.svc.cluster.local'] }] } },
      good: {
        props: { ...WEB, egress: [{ toServices: [{ k8sService: { serviceName: 'shop', namespace: 'shop' } }] }] },
      },
    },
  },
];

function rulesWithNames({ props }: PolicySubject): readonly Rule[] {
  return rulesOf(props).filter(({ rule }) => (rule.toFQDNs ?? []).length > 0);
}

/** What the endpoints of a set may ask for while Cilium reads the answers. */
function askableNames(subject: PolicySubject, set: RuleSet): readonly CiliumNetworkPolicyToFQDN[] {
  return setsMeeting(subject, set)
    .flatMap(rulesOfSet)
    .filter(({ direction, deny }) => direction === 'egress' && !deny)
    .flatMap(portsOfRule)
    .flatMap(({ item }) => item.rules?.dns ?? []);
}

/** Whether a rule may let lookups through to the cluster's DNS. */
function reachesDns(rule: Rule, namespace: string | undefined): boolean {
  const { direction, deny, rule: fields } = rule;
  if (direction !== 'egress' || deny) return false;
  const ports = fields.toPorts?.flatMap((item) => item.ports ?? []);
  if (fields.icmps !== undefined || (ports !== undefined && !ports.some(isDnsPort))) return false;
  // A rule for port 53 is for DNS, wherever that is.
  if (ports?.some(({ port }) => port !== '0') === true) return true;
  if (fields.toEntities?.some((entity) => ['all', 'cluster'].includes(entity)) === true) return true;
  return (
    (fields.toServices ?? []).length > 0 || (fields.toEndpoints ?? []).some((selector) => mayBeDns(selector, namespace))
  );
}

function isDnsPort({
  port = '',
  endPort = 0,
  protocol = 'ANY',
}: {
  port?: string;
  endPort?: number;
  protocol?: string;
}): boolean {
  if (!['ANY', 'UDP'].includes(protocol)) return false;
  const first = Number(port);
  return /^dns/.test(port) || first === 0 || first === DNS_PORT || (first < DNS_PORT && endPort >= DNS_PORT);
}

function mayBeDns(selector: LabelSelector, namespace: string | undefined): boolean {
  const named = mentions(selector, NAMESPACE_LABEL) || mentions(selector, 'io.cilium.k8s.namespace.labels.');
  if (!named && namespace !== undefined && namespace !== 'kube-system') return false;
  return !contradict([...conditions(selector), ...conditions(CLUSTER_DNS)]);
}
