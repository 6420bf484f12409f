import { levelByNamespace } from '../../resource/kind';
import { selectorProblems } from '../../kubernetes/selector';
import type { LabelExpression, LabelSelector } from '../../kubernetes/selector';
import { clusterDns } from './core-dns';
import { NAMESPACE_LABEL } from '../../resource/ignored-labels';
import { problem } from '../../rules/rule';
import { isPolicyLabelKey, valuesFor } from '../../resource/label-conditions';
import { within } from './model';
import type { PolicyModel, ToPorts } from './model';
import { DOCS, WEB } from './policy-rule';
import type { PolicyRule } from './policy-rule';

/** Rules about the selected endpoints, and about a policy as a whole. */
export const ENDPOINT_RULES: readonly PolicyRule[] = [
  {
    id: 'network-policy/selector',
    level: 'error',
    docs: DOCS.kubernetes,
    find: ({ model }) =>
      allSelectors(model).flatMap(([at, selector]) => selectorProblems(at, selector, isPolicyLabelKey)),
    examples: {
      bad: { props: { ...WEB, ingress: [{ fromEndpoints: [{ matchLabels: { 'k8s:app:name': 'shop' } }] }] } },
      good: {
        props: { ...WEB, ingress: [{ fromEndpoints: [{ matchLabels: { 'k8s:app.kubernetes.io/name': 'shop' } }] }] },
      },
    },
  },
  {
    id: 'network-policy/no-rules',
    level: 'error',
    docs: DOCS.layer3,
    find: ({ model: { sets } }) =>
      sets.length === 0
        ? problem('specs', 'There are no rules, so the policy has no effect.', 'Add a set of rules.')
        : sets
            .filter(({ lists }) => lists.length > 0 && lists.every(({ length }) => length === 0))
            .map(({ lists }) =>
              problem(
                lists.map(({ at }) => at),
                'There are no rules, and Cilium rejects the policy.',
                'Write `ingress: [{}]` to drop all traffic to the selected endpoints, `egress: [{}]` to drop all traffic from them.',
              ),
            ),
    examples: { bad: { props: { ...WEB, ingress: [] } }, good: { props: { ...WEB, ingress: [{}] } } },
  },
  {
    id: 'network-policy/empty-list',
    level: 'warning',
    docs: DOCS.layer3,
    find: ({ model }) =>
      model.sets
        .filter(({ lists }) => lists.some(({ length }) => length > 0))
        .flatMap(({ lists }) => lists.filter(({ length }) => length === 0))
        .map(({ at, direction }) =>
          problem(
            at,
            'An empty list contains no rule: it drops nothing.',
            `Write \`${direction}: [{}]\` to drop all ${direction}, or leave it out.`,
          ),
        ),
    examples: {
      bad: { props: { ...WEB, ingress: [], egress: [{ toEntities: ['cluster'] }] } },
      good: { props: { ...WEB, ingress: [{}], egress: [{ toEntities: ['cluster'] }] } },
    },
  },
  {
    id: 'network-policy/default-deny-off',
    level: 'warning',
    docs: DOCS.intro,
    find: ({ model, cilium }) =>
      cilium?.v.enableNonDefaultDenyPolicies === false &&
      model.sets
        .filter(({ spec }) => Object.values(spec.enableDefaultDeny ?? {}).includes(false))
        .map(({ at }) =>
          problem(
            [within(at, 'enableDefaultDeny'), 'cilium.enableNonDefaultDenyPolicies'],
            'Cilium is configured to enable default deny for every policy, so `enableDefaultDeny` has no effect.',
            'Leave `enableNonDefaultDenyPolicies` out of the values.',
          ),
        ),
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
    id: 'network-policy/default-deny-l7',
    level: 'warning',
    docs: DOCS.intro,
    find: ({ model }) =>
      model.toPorts
        .filter(({ rule: { set, deny, direction } }) => !deny && set.spec.enableDefaultDeny?.[direction] === false)
        .filter((toPorts) => toPorts.http.length + toPorts.dns.length > 0 && !allowsAll(toPorts))
        .map(({ at, rule: { set } }) =>
          problem(
            [`${at}.rules`, within(set.at, 'enableDefaultDeny')],
            'On these ports every request that the rules do not match is denied, although default deny is off.',
            "Allow all, by `http: [{}]` or `dns: ['*']`, where the rules are only for visibility.",
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

/** Rules about the selected endpoints of a namespaced policy. */
export const NAMESPACED_RULES: readonly PolicyRule[] = [
  {
    id: 'network-policy/node-selector',
    level: 'error',
    docs: DOCS.host,
    find: ({ model }) =>
      model.sets
        .filter(({ spec }) => spec.nodeSelector !== undefined && spec.endpointSelector === undefined)
        .map(({ at }) =>
          problem(
            within(at, 'nodeSelector'),
            'Nodes are not namespaced; Cilium rejects the policy.',
            'Use a CiliumClusterwideNetworkPolicy.',
          ),
        ),
    examples: {
      bad: { props: { nodeSelector: {}, ingress: [{}] } },
      good: { props: { endpointSelector: {}, ingress: [{}] } },
    },
  },
  {
    id: 'network-policy/other-namespace',
    level: levelByNamespace,
    docs: DOCS.kubernetes,
    find: ({ model, namespace }) =>
      model.sets.flatMap(({ endpoints }) => {
        const named = valuesFor(endpoints?.conditions ?? [], NAMESPACE_LABEL);
        if (endpoints === undefined || named === undefined || (named.length === 1 && named[0] === namespace)) return [];
        return problem(
          [endpoints.at, 'namespace'],
          `The selector names namespace ${named.join(', ')}, but the policy applies to its own namespace, ${String(namespace)}, only.`,
          `Set \`namespace: '${String(named[0])}'\`, or use a CiliumClusterwideNetworkPolicy.`,
        );
      }),
    examples: {
      bad: {
        props: { endpointSelector: { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'shop' } }, ingress: [{}] },
      },
      good: { props: { namespace: 'shop', endpointSelector: {}, ingress: [{}] } },
    },
  },
  {
    id: 'network-policy/reserved-endpoint',
    level: 'error',
    docs: DOCS.layer3,
    find: ({ model }) =>
      model.sets.flatMap(({ endpoints }) =>
        (endpoints?.conditions ?? [])
          .filter(
            ({ key, operator }) => key.startsWith('reserved:') && operator !== 'DoesNotExist' && operator !== 'NotIn',
          )
          .map(({ key }) =>
            problem(
              endpoints?.at ?? '',
              `Endpoints with the label ${key} are not namespaced, so the policy selects nothing.`,
              'Use a CiliumClusterwideNetworkPolicy.',
            ),
          ),
      ),
    examples: {
      bad: { props: { endpointSelector: { matchLabels: { 'reserved:init': '' } }, ingress: [{}] } },
      good: { props: { endpointSelector: {}, ingress: [{}] } },
    },
  },
  {
    id: 'network-policy/dns-elsewhere',
    level: 'warning',
    docs: DOCS.kubernetes,
    find: ({ model, namespace, cilium }) => {
      const dns = clusterDns(cilium);
      // Another DNS server may be in any namespace.
      if (dns === undefined || namespace === dns.namespace) return [];
      return model.rules
        .flatMap(({ selectors }) => selectors)
        .filter(({ conditions, nodes }) => !nodes && isDns(conditions) && !selectsNamespace(conditions))
        .map(({ at }) =>
          problem(
            at,
            `Without a namespace the selector selects pods of ${String(namespace)}, but the cluster's DNS runs in ${dns.namespace}.`,
            `Add \`'io.kubernetes.pod.namespace': '${dns.namespace}'\` to its labels.`,
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

/** Rules about the selected endpoints of a clusterwide policy. */
export const CLUSTERWIDE_RULES: readonly PolicyRule[] = [
  {
    id: 'clusterwide-network-policy/every-pod',
    level: 'warning',
    docs: DOCS.intro,
    find: ({ model }) =>
      model.sets
        .filter(({ endpoints, defaultDeny }) => endpoints?.conditions.length === 0 && defaultDeny.length > 0)
        .map(({ at, defaultDeny }) =>
          problem(
            [within(at, 'endpointSelector'), within(at, 'enableDefaultDeny')],
            `An empty \`endpointSelector\` selects every pod of every namespace, including the cluster's DNS, and drops all ${defaultDeny.join(' and ')} that the policy does not allow.`,
            'Exclude kube-system by `matchExpressions`, or set `enableDefaultDeny` to false to leave the decision to other policies.',
          ),
        ),
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

/** Every selector of a policy: of pods, nodes, CIDR groups and Services. */
function allSelectors({ sets, rules }: PolicyModel): readonly (readonly [at: string, selector: LabelSelector])[] {
  return [
    ...sets.flatMap(({ endpoints, nodes }) =>
      [endpoints, nodes].flatMap((one) => (one === undefined ? [] : [[one.at, one.selector] as const])),
    ),
    ...rules.flatMap(({ selectors, cidrSets, services }) => [
      ...selectors.map(({ at, selector }) => [at, selector] as const),
      ...cidrSets.flatMap(({ at, item: { cidrGroupSelector } }) =>
        cidrGroupSelector === undefined ? [] : [[`${at}.cidrGroupSelector`, cidrGroupSelector] as const],
      ),
      ...services.flatMap(({ at, item: { k8sServiceSelector } }) =>
        k8sServiceSelector === undefined
          ? []
          : [[`${at}.k8sServiceSelector.selector`, k8sServiceSelector.selector] as const],
      ),
    ]),
  ];
}

function allowsAll({ http, dns }: ToPorts): boolean {
  return (
    http.some(({ rule }) => Object.keys(rule).length === 0) ||
    dns.some(({ matchName, matchPattern }) => matchName + matchPattern === '' || /^\*+\.?$/.test(matchPattern))
  );
}

function isDns(conditions: readonly LabelExpression[]): boolean {
  return (valuesFor(conditions, 'k8s-app') ?? []).some((name) => name === 'kube-dns' || name === 'coredns');
}

/** Whether conditions restrict the namespace, by its name or its labels. */
export function selectsNamespace(conditions: readonly LabelExpression[]): boolean {
  return conditions.some(({ key }) => key === NAMESPACE_LABEL || key.startsWith('io.cilium.k8s.namespace.labels.'));
}
