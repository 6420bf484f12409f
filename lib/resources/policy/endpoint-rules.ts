import { NAMESPACE_LABEL, plainKey } from '../../resource/ignored-labels';
import { selectorProblems } from '../../kubernetes/selector';
import type { LabelSelector } from '../../kubernetes/selector';
import { DOCS, WEB, problem } from './policy-rule';
import type { PolicyCheck, PolicySubject } from './policy-rule';
import { conditions, isPolicyLabelKey, valuesFor } from './label-conditions';
import { LISTS, deniesByDefault, ownSelectors, peerSelectors, ruleSets, rulesOf, rulesOfSet, within } from './model';
import type { RuleSet } from './model';

const SUBJECT: readonly PolicyCheck[] = [
  {
    rule: 'selector',
    level: 'error',
    docs: DOCS.kubernetes,
    find: ({ props }) =>
      selectorsOf(props).flatMap(([at, selector]) => selectorProblems(at, selector, isPolicyLabelKey)),
    examples: {
      bad: { props: { ...WEB, ingress: [{ fromEndpoints: [{ matchLabels: { 'k8s:app:name': 'shop' } }] }] } },
      good: {
        props: { ...WEB, ingress: [{ fromEndpoints: [{ matchLabels: { 'k8s:app.kubernetes.io/name': 'shop' } }] }] },
      },
    },
  },
  {
    rule: 'no-rules',
    level: 'error',
    docs: DOCS.layer3,
    find: ({ props }) => {
      const sets = ruleSets(props);
      if (sets.length === 0)
        return [problem('specs', 'There are no rules, so the policy does nothing.', 'Add a set of rules.')];
      return sets
        .filter((set) => listsOf(set).length > 0 && listsOf(set).every(({ length }) => length === 0))
        .map((set) =>
          problem(
            listsOf(set).map(({ at }) => at),
            'There is no rule, and Cilium refuses the policy.',
            'Write `ingress: [{}]` to drop all traffic to the selected endpoints, `egress: [{}]` to drop all that they send.',
          ),
        );
    },
    examples: { bad: { props: { ...WEB, ingress: [] } }, good: { props: { ...WEB, ingress: [{}] } } },
  },
  {
    rule: 'empty-list',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ props }) =>
      ruleSets(props).flatMap((set) => {
        const lists = listsOf(set);
        if (lists.every(({ length }) => length === 0)) return [];
        return lists
          .filter(({ length }) => length === 0)
          .map(({ at, direction }) =>
            problem(
              at,
              'An empty list is no rule: it drops nothing.',
              `Write \`${direction}: [{}]\` to drop all, or leave it out.`,
            ),
          );
      }),
    examples: {
      bad: { props: { ...WEB, ingress: [], egress: [{ toEntities: ['cluster'] }] } },
      good: { props: { ...WEB, ingress: [{}], egress: [{ toEntities: ['cluster'] }] } },
    },
  },
  {
    rule: 'default-deny-off',
    level: 'error',
    docs: DOCS.intro,
    find: ({ props, cilium }) => {
      if (cilium?.v.enableNonDefaultDenyPolicies !== false) return [];
      const message = 'Cilium is told that every policy drops what no rule lets through, so this is not heard.';
      return ruleSets(props)
        .filter(({ rules }) => Object.values(rules.enableDefaultDeny ?? {}).includes(false))
        .map(({ at }) =>
          problem(
            [within(at, 'enableDefaultDeny'), 'cilium.enableNonDefaultDenyPolicies'],
            message,
            'Leave `enableNonDefaultDenyPolicies` out of the values.',
          ),
        );
    },
    examples: {
      bad: {
        props: { ...WEB, egressDeny: [{ toEntities: ['host'] }], enableDefaultDeny: { egress: false } },
        values: { enableNonDefaultDenyPolicies: false },
      },
      good: {
        props: { ...WEB, egressDeny: [{ toEntities: ['host'] }], enableDefaultDeny: { egress: false } },
        values: {},
      },
    },
  },
  {
    rule: 'default-deny-l7',
    level: 'warning',
    docs: DOCS.intro,
    find: ({ props }) =>
      ruleSets(props).flatMap((set) =>
        rulesOfSet(set)
          .filter(({ direction, deny }) => !deny && set.rules.enableDefaultDeny?.[direction] === false)
          .flatMap(({ at, rule }) =>
            (rule.toPorts ?? []).flatMap(({ rules }, i) =>
              (rules?.http ?? rules?.dns ?? []).length === 0 || letsAllThrough(rules)
                ? []
                : [
                    problem(
                      [`${at}.toPorts[${String(i)}].rules`, within(set.at, 'enableDefaultDeny')],
                      'On these ports everything that the rules do not name is refused, although nothing else is dropped by default.',
                      "Let all through, by `http: [{}]` or `dns: ['*']`, where the rules are only to look.",
                    ),
                  ],
            ),
          ),
      ),
    examples: {
      bad: {
        props: {
          ...WEB,
          egress: [{ toPorts: [{ ports: ['53'], rules: { dns: ['*.example.com'] } }] }],
          enableDefaultDeny: { egress: false },
        },
      },
      good: {
        props: {
          ...WEB,
          egress: [{ toPorts: [{ ports: ['53'], rules: { dns: ['*'] } }] }],
          enableDefaultDeny: { egress: false },
        },
      },
    },
  },
];

/** Rules about the endpoints of a policy, and about what it is as a whole. */
export const SUBJECT_CHECKS: readonly PolicyCheck[] = [...SUBJECT];

const NAMESPACED: readonly PolicyCheck[] = [
  {
    rule: 'node-selector',
    level: 'error',
    docs: DOCS.host,
    find: ({ props }) =>
      ruleSets(props)
        .filter(({ rules }) => rules.nodeSelector !== undefined && rules.endpointSelector === undefined)
        .map(({ at }) =>
          problem(
            within(at, 'nodeSelector'),
            'Nodes belong to no namespace; Cilium refuses the policy.',
            'Make it a CiliumClusterwideNetworkPolicy.',
          ),
        ),
    examples: {
      bad: { props: { nodeSelector: {}, ingress: [{}] } },
      good: { props: { endpointSelector: {}, ingress: [{}] } },
    },
  },
  {
    rule: 'other-namespace',
    level: 'error',
    docs: DOCS.kubernetes,
    find: ({ props, namespace }) =>
      ruleSets(props).flatMap(({ at, rules: { endpointSelector = {} } }) => {
        const named = valuesFor(endpointSelector, NAMESPACE_LABEL);
        if (named === undefined || (named.length === 1 && named[0] === namespace)) return [];
        const message = `It names the namespace ${named.join(', ')}, and the policy is for endpoints of its own, ${String(namespace)}, only.`;
        const hint = `Set \`namespace: '${String(named[0])}'\`, or make it a CiliumClusterwideNetworkPolicy.`;
        return [problem([within(at, 'endpointSelector'), 'namespace'], message, hint)];
      }),
    examples: {
      bad: {
        props: { endpointSelector: { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'shop' } }, ingress: [{}] },
      },
      good: { props: { namespace: 'shop', endpointSelector: {}, ingress: [{}] } },
    },
  },
  {
    rule: 'reserved-endpoint',
    level: 'error',
    docs: DOCS.layer3,
    find: ({ props }) =>
      ruleSets(props).flatMap(({ at, rules: { endpointSelector = {} } }) =>
        conditions(endpointSelector)
          .filter(
            ({ key, operator }) => key.startsWith('reserved:') && operator !== 'DoesNotExist' && operator !== 'NotIn',
          )
          .map(({ key }) =>
            problem(
              within(at, 'endpointSelector'),
              `What has the label ${key} belongs to no namespace, so the policy is for nothing.`,
              'Make it a CiliumClusterwideNetworkPolicy.',
            ),
          ),
      ),
    examples: {
      bad: { props: { endpointSelector: { matchLabels: { 'reserved:init': '' } }, ingress: [{}] } },
      good: { props: { endpointSelector: {}, ingress: [{}] } },
    },
  },
  {
    rule: 'dns-elsewhere',
    level: 'warning',
    docs: DOCS.kubernetes,
    find: ({ props, namespace }) => {
      if (namespace === 'kube-system') return [];
      return rulesOf(props).flatMap((one) =>
        peerSelectors(one)
          .filter(
            ({ selector, nodes }) =>
              !nodes && isDns(selector) && !conditions(selector).some(({ key }) => saysNamespace(key)),
          )
          .map(({ at }) =>
            problem(
              at,
              `Without a namespace it means pods of ${String(namespace)}, and the cluster's DNS runs in kube-system.`,
              "Add `'io.kubernetes.pod.namespace': 'kube-system'` to its labels.",
            ),
          ),
      );
    },
    examples: {
      bad: { props: { ...WEB, egress: [{ toEndpoints: [{ matchLabels: { 'k8s-app': 'kube-dns' } }] }] } },
      good: {
        props: {
          ...WEB,
          egress: [
            { toEndpoints: [{ matchLabels: { 'k8s-app': 'kube-dns', 'io.kubernetes.pod.namespace': 'kube-system' } }] },
          ],
        },
      },
    },
  },
];

/** Rules about the endpoints of a policy that belongs to a namespace. */
export const NAMESPACED_CHECKS: readonly PolicyCheck[] = [...NAMESPACED];

const CLUSTERWIDE: readonly PolicyCheck[] = [
  {
    rule: 'every-pod',
    level: 'warning',
    docs: DOCS.intro,
    find: ({ props }) =>
      ruleSets(props)
        .filter(({ rules }) => rules.endpointSelector !== undefined && conditions(rules.endpointSelector).length === 0)
        .flatMap((set) => {
          const dropped = (['ingress', 'egress'] as const).filter((direction) => deniesByDefault(set, direction));
          if (dropped.length === 0) return [];
          const message = `It selects every pod of every namespace, the cluster's DNS among them, and drops ${dropped.join(' and ')} that it does not let through.`;
          const hint =
            'Leave kube-system out by `matchExpressions`, or set `enableDefaultDeny` to false where other policies are to decide.';
          return [problem([within(set.at, 'endpointSelector'), within(set.at, 'enableDefaultDeny')], message, hint)];
        }),
    examples: {
      bad: { props: { endpointSelector: {}, ingress: [{ fromEntities: ['cluster'] }] } },
      good: {
        props: {
          endpointSelector: {},
          ingress: [{ fromEntities: ['cluster'] }],
          enableDefaultDeny: { ingress: false },
        },
      },
    },
  },
];

/** Rules about the endpoints of a clusterwide policy. */
export const CLUSTERWIDE_CHECKS: readonly PolicyCheck[] = [...CLUSTERWIDE];

function listsOf({
  at,
  rules,
}: RuleSet): readonly { readonly at: string; readonly length: number; readonly direction: string }[] {
  return LISTS.flatMap(([name, direction]) => {
    const list: readonly unknown[] | undefined = rules[name];
    return list === undefined ? [] : [{ at: within(at, name), length: list.length, direction }];
  });
}

/** Every selector of a policy that means pods, nodes or services. */
function selectorsOf(props: PolicySubject['props']): readonly (readonly [at: string, selector: LabelSelector])[] {
  return [
    ...ownSelectors(props).map(({ at, selector }) => [at, selector] as const),
    ...rulesOf(props).flatMap((one) => [
      ...peerSelectors(one).map(({ at, selector }) => [at, selector] as const),
      ...(['fromCIDRSet', 'toCIDRSet'] as const).flatMap((name) =>
        (one.rule[name] ?? []).flatMap(({ cidrGroupSelector }, i) =>
          cidrGroupSelector === undefined
            ? []
            : [[`${one.at}.${name}[${String(i)}].cidrGroupSelector`, cidrGroupSelector] as const],
        ),
      ),
      ...(one.rule.toServices ?? []).flatMap(({ k8sServiceSelector: services }, i) =>
        services === undefined
          ? []
          : [[`${one.at}.toServices[${String(i)}].k8sServiceSelector.selector`, services.selector] as const],
      ),
    ]),
  ];
}

function letsAllThrough(
  rules: { readonly http?: readonly object[]; readonly dns?: readonly object[] } | undefined,
): boolean {
  const all = (rule: object): boolean =>
    Object.keys(rule).length === 0 || ('matchPattern' in rule && /^\*+\.?$/.test(String(rule.matchPattern)));
  return [...(rules?.http ?? []), ...(rules?.dns ?? [])].some(all);
}

function isDns(selector: LabelSelector): boolean {
  return (valuesFor(selector, 'k8s-app') ?? []).some((name) => name === 'kube-dns' || name === 'coredns');
}

function saysNamespace(key: string): boolean {
  return plainKey(key) === NAMESPACE_LABEL || plainKey(key).startsWith('io.cilium.k8s.namespace.labels.');
}
