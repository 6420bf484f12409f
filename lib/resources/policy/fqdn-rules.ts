import { versionFeatures } from '../../cilium/version-features';
import { addressFamily } from '../../kubernetes/cidr';
import { DOCS, WEB, problem } from './policy-rule';
import type { PolicyCheck, PolicySubject } from './policy-rule';
import { rulesOf } from './model';

const DNS_RULE = { toPorts: [{ ports: ['53/UDP', '53/TCP'], rules: { dns: ['*'] } }] } as const;

/** Rules about names that are never asked for in this form. */
export const NAME_CHECKS: readonly PolicyCheck[] = [
  {
    rule: 'name-is-address',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ props }) =>
      namesOf(props)
        .filter(({ name }) => addressFamily(name) !== undefined)
        .map(({ at, name }) =>
          problem(
            at,
            'It is an address, which nobody looks up, so the rule lets nothing through to it.',
            `Write \`toCIDR: ['${name}/${addressFamily(name) === 4 ? '32' : '128'}']\`.`,
          ),
        ),
    examples: {
      bad: { props: { ...WEB, egress: [DNS_RULE, { toFQDNs: ['192.0.2.7'] }] } },
      good: { props: { ...WEB, egress: [DNS_RULE, { toCIDR: ['192.0.2.7/32'] }] } },
    },
  },
  {
    rule: 'name-without-dot',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ props }) =>
      namesOf(props)
        .filter(({ name }) => /^[\w-]+\.?$/.test(name))
        .map(({ at, name }) =>
          problem(
            at,
            `Pods ask for whole names, with the domains of the cluster behind '${name}' when it has no dot.`,
            'Write the whole name; for a Service of the cluster write `toServices`.',
          ),
        ),
    examples: {
      bad: { props: { ...WEB, egress: [DNS_RULE, { toFQDNs: ['database'] }] } },
      good: { props: { ...WEB, egress: [DNS_RULE, { toFQDNs: ['database.example.com'] }] } },
    },
  },
  {
    rule: 'deep-pattern',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ props, ciliumVersion }) =>
      versionFeatures(ciliumVersion)('patterns-of-several-labels')
        ? []
        : rulesOf(props).flatMap(({ at, rule: { toFQDNs = [] } }) =>
            toFQDNs.flatMap(({ matchPattern = '' }, i) =>
              /^\*{2,}\../.test(matchPattern)
                ? [
                    problem(
                      `${at}.toFQDNs[${String(i)}].matchPattern`,
                      'Two stars are one to this release: the name has one part more, and not several.',
                      `Write '${matchPattern.replace(/^\*+/, '*')}', and '*.${matchPattern.replace(/^\*+/, '*')}' for two parts more.`,
                    ),
                  ]
                : [],
            ),
          ),
    examples: {
      bad: { props: { ...WEB, egress: [DNS_RULE, { toFQDNs: ['**.example.com'] }] } },
      good: { props: { ...WEB, egress: [DNS_RULE, { toFQDNs: ['*.example.com', '*.*.example.com'] }] } },
    },
  },
];

/** Every whole name of a policy, with its place. */
function namesOf(props: PolicySubject['props']): readonly { readonly at: string; readonly name: string }[] {
  return rulesOf(props).flatMap(({ at, rule: { toFQDNs = [] } }) =>
    toFQDNs.flatMap(({ matchName = '' }, i) =>
      matchName === '' ? [] : [{ at: `${at}.toFQDNs[${String(i)}]`, name: matchName }],
    ),
  );
}
