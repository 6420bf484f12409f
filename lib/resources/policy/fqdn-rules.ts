import { EXAMPLE_CLUSTER } from '../../talos/cluster/example';
import { DEFAULT_DNS_DOMAIN } from '../../talos/cluster/dns-domain';
import { versionFeatures } from '../../cilium/version-features';
import { problem } from '../../rules/rule';
import { dnsDomainOf } from './core-dns';
import { allowsLookup } from './dns-patterns';
import type { PlacedName, PolicyModel, RuleSet, TrafficRule } from './model';
import { DOCS, WEB } from './policy-rule';
import type { PolicyRule, PolicySubject } from './policy-rule';
import { setsForSameEndpoints } from './same-endpoints';

const DNS_RULE = { toPorts: [{ ports: ['53/UDP', '53/TCP'], rules: { dns: ['*'] } }] } as const;
const EXAMPLE_COM_RULE = {
  toEndpoints: [{ matchLabels: { 'k8s-app': 'kube-dns', 'io.kubernetes.pod.namespace': 'kube-system' } }],
  toPorts: [{ ports: ['53/UDP', '53/TCP'], rules: { dns: ['*.example.com'] } }],
} as const;

const HOME = { ...EXAMPLE_CLUSTER, dnsDomain: 'home.example.org' };

function dnsRule(pattern: string): object {
  return { ...EXAMPLE_COM_RULE, toPorts: [{ ports: ['53/UDP', '53/TCP'], rules: { dns: [pattern] } }] };
}

/** Rules about names: `toFQDNs`, and `dns` rules. */
export const FQDN_RULES: readonly PolicyRule[] = [
  {
    id: 'network-policy/name-of-cluster',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ model, cilium }) =>
      namesOf(model)
        .filter((name) => isInCluster(textOf(name), [DEFAULT_DNS_DOMAIN, dnsDomainOf(cilium)]))
        .map(({ at }) =>
          problem(
            at,
            '`toFQDNs` matches addresses outside the cluster only, never pods or Services.',
            'Select pods by `toEndpoints`, or the Service by `toServices`.',
          ),
        ),
    examples: {
      bad: { props: { ...WEB, egress: [{ toFQDNs: ['shop.shop.svc.cluster.local'] }] } },
      good: {
        props: { ...WEB, egress: [{ toServices: [{ k8sService: { serviceName: 'shop', namespace: 'shop' } }] }] },
      },
    },
  },
  {
    id: 'network-policy/other-dns-domain',
    level: 'warning',
    docs: DOCS.layer7,
    find: ({ model, cilium }) => {
      const domain = dnsDomainOf(cilium);
      if (domain === DEFAULT_DNS_DOMAIN) return [];
      const names = model.rules.flatMap(({ toPorts }) => toPorts.flatMap(({ dns }) => dns));
      return names
        .filter((name) => isInCluster(textOf(name), [DEFAULT_DNS_DOMAIN]) && !/\.svc\.?$/.test(textOf(name)))
        .map((name) =>
          problem(
            [name.at, 'talos.dnsDomain'],
            `The DNS domain of the cluster is ${domain}, so no Service or pod has a name such as ${textOf(name)}.`,
            `Write '${textOf(name).replace(/cluster\.local\.?$/i, domain)}'.`,
          ),
        );
    },
    examples: {
      bad: { props: { ...WEB, egress: [dnsRule('*.*.svc.cluster.local')] }, values: {}, talos: HOME },
      good: { props: { ...WEB, egress: [dnsRule('*.*.svc.home.example.org')] }, values: {}, talos: HOME },
    },
  },
  {
    id: 'network-policy/name-is-address',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ model }) =>
      namesOf(model)
        .filter(({ family }) => family !== undefined)
        .map(({ at, matchName, family }) =>
          problem(
            at,
            'IP addresses are never looked up, so the rule allows nothing.',
            `Write \`toCIDR: ['${matchName}/${family === 4 ? '32' : '128'}']\`.`,
          ),
        ),
    examples: {
      bad: { props: { ...WEB, egress: [DNS_RULE, { toFQDNs: ['192.0.2.7'] }] } },
      good: { props: { ...WEB, egress: [DNS_RULE, { toCIDR: ['192.0.2.7/32'] }] } },
    },
  },
  {
    id: 'network-policy/name-without-dot',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ model }) =>
      namesOf(model)
        .filter(({ matchName }) => /^[\w-]+\.?$/.test(matchName))
        .map(({ at, matchName }) =>
          problem(
            at,
            `Pods look up fully qualified names: '${matchName}', without a dot, is completed by the search domains of the cluster.`,
            'Write the fully qualified name; for a Service of the cluster write `toServices`.',
          ),
        ),
    examples: {
      bad: { props: { ...WEB, egress: [DNS_RULE, { toFQDNs: ['database'] }] } },
      good: { props: { ...WEB, egress: [DNS_RULE, { toFQDNs: ['database.example.com'] }] } },
    },
  },
  {
    id: 'network-policy/deep-pattern',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ model, ciliumVersion }) =>
      !versionFeatures(ciliumVersion)('patterns-of-several-labels') &&
      namesOf(model)
        .filter(({ matchPattern }) => /^\*{2,}\../.test(matchPattern))
        .map(({ at, matchPattern }) =>
          problem(
            `${at}.matchPattern`,
            'This release reads `**` as `*`: it matches one label, not several.',
            `Write '${matchPattern.replace(/^\*+/, '*')}', and '*.${matchPattern.replace(/^\*+/, '*')}' for two labels.`,
          ),
        ),
    examples: {
      bad: { props: { ...WEB, egress: [DNS_RULE, { toFQDNs: ['**.example.com'] }] } },
      good: { props: { ...WEB, egress: [DNS_RULE, { toFQDNs: ['*.example.com', '*.*.example.com'] }] } },
    },
  },
  {
    id: 'network-policy/names-unseen',
    level: 'warning',
    docs: DOCS.layer3,
    find: (subject) =>
      subject.model.rules
        .filter(({ names, set }) => names.length > 0 && deniesOthers(subject, set))
        .filter(({ set }) => allowedLookups(subject, set).length === 0)
        .map(({ at }) =>
          problem(
            `${at}.toFQDNs`,
            'Cilium learns addresses only from lookups that a `dns` rule allows, and no policy of this app has one for these endpoints.',
            "Add a rule to the cluster's DNS with `toPorts: [{ ports: ['53/UDP', '53/TCP'], rules: { dns: ['*'] } }]`.",
          ),
        ),
    examples: {
      bad: { props: { ...WEB, egress: [{ toFQDNs: ['api.example.com'] }] } },
      good: { props: { ...WEB, egress: [EXAMPLE_COM_RULE, { toFQDNs: ['api.example.com'] }] } },
    },
  },
  {
    id: 'network-policy/name-refused',
    level: 'warning',
    docs: DOCS.layer7,
    find: (subject) =>
      subject.model.rules.flatMap(({ names, set }) => {
        const allowed = names.length === 0 ? [] : allowedLookups(subject, set);
        if (allowed.length === 0) return [];
        return names
          .filter((name) => !allowed.some((one) => allowsLookup(one, name)))
          .map(({ at, matchName, matchPattern }) =>
            problem(
              at,
              `No \`dns\` rule allows looking up ${matchName === '' ? matchPattern : matchName}, so it never gets an address.`,
              'Add the name to the `dns` rule.',
            ),
          );
      }),
    examples: {
      bad: { props: { ...WEB, egress: [EXAMPLE_COM_RULE, { toFQDNs: ['api.example.org'] }] } },
      good: { props: { ...WEB, egress: [EXAMPLE_COM_RULE, { toFQDNs: ['api.example.com', '*.example.com'] }] } },
    },
  },
];

function textOf({ matchName, matchPattern }: PlacedName): string {
  return (matchName === '' ? matchPattern : matchName).toLowerCase();
}

/** Whether a name, in lower case, is that of a Service or pod. */
function isInCluster(name: string, domains: readonly string[]): boolean {
  const text = name.replace(/\.$/, '');
  if (text.endsWith('.svc')) return true;
  return domains.some((domain) =>
    ['svc', 'pod'].some((zone) => text === `${zone}.${domain}` || text.endsWith(`.${zone}.${domain}`)),
  );
}

function namesOf({ rules }: PolicyModel): TrafficRule['names'] {
  return rules.flatMap(({ names }) => names);
}

/** Whether what no rule allows is dropped: without that, a rule that allows nothing drops nothing either. */
function deniesOthers(subject: PolicySubject, set: RuleSet): boolean {
  return setsForSameEndpoints(subject, set).some(({ defaultDeny }) => defaultDeny.includes('egress'));
}

/** The names that the `dns` rules for the endpoints of a set allow. */
function allowedLookups(subject: PolicySubject, set: RuleSet): readonly PlacedName[] {
  const sets = setsForSameEndpoints(subject, set);
  const known = lookups.get(sets);
  if (known !== undefined) return known;
  const allowed = sets
    .flatMap(({ rules }) => rules)
    .filter(({ direction, deny }) => direction === 'egress' && !deny)
    .flatMap(({ toPorts }) => toPorts.flatMap(({ dns }) => dns));
  lookups.set(sets, allowed);
  return allowed;
}

/** By the sets for the same endpoints, which are one list for all policies that select alike. */
const lookups = new WeakMap<readonly RuleSet[], readonly PlacedName[]>();
