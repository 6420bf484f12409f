import { isTruthy } from '../../helm/truth';
import { CONTROL_PLANE_LABEL } from '../../kubernetes/node-labels';
import type { LabelExpression } from '../../kubernetes/selector';
import { IDENTITY_LABEL_DOCS, NAMESPACE_LABEL, ignoredLabelProblems } from '../../resource/ignored-labels';
import { nodeLabelProblems } from '../../resource/known-labels';
import { problem } from '../../rules/rule';
import type { ClusterDns } from '../../talos/cluster/core-dns';
import { clusterDns } from './core-dns';
import { contradict, valuesFor } from '../../resource/label-conditions';
import type { PlacedSelector, PolicyModel } from './model';
import { DOCS, WEB } from './policy-rule';
import type { PolicyRule } from './policy-rule';

const IN_KUBE_SYSTEM = { [NAMESPACE_LABEL]: 'kube-system' } as const;

/** Pods of Talos, Kubernetes and Cilium that use the host network. */
const HOST_NETWORK_PODS: Readonly<Record<string, readonly string[]>> = {
  'k8s-app': ['cilium', 'cilium-envoy', 'kube-apiserver', 'kube-controller-manager', 'kube-proxy', 'kube-scheduler'],
  component: ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'],
  tier: ['control-plane'],
};

/** Rules about labels that pods do not have, or that Cilium ignores. */
export const LABEL_RULES: readonly PolicyRule[] = [
  {
    id: 'network-policy/ignored-label',
    level: 'warning',
    docs: IDENTITY_LABEL_DOCS,
    find: ({ model, cilium, ciliumVersion }) =>
      // With a custom list the labels that count are not known.
      !isTruthy(cilium?.v.labels) &&
      selectorsOf(model).flatMap(({ at, selector, nodes }) =>
        ignoredLabelProblems(at, selector, nodes ? 'nodes' : 'pods', ciliumVersion),
      ),
    examples: {
      bad: {
        props: { ...WEB, ingress: [{ fromEndpoints: [{ matchLabels: { 'kubernetes.io/metadata.name': 'shop' } }] }] },
      },
      good: { props: { ...WEB, ingress: [{ fromEndpoints: [{ matchLabels: { [NAMESPACE_LABEL]: 'shop' } }] }] } },
    },
  },
  {
    id: 'network-policy/host-pods',
    level: 'warning',
    docs: DOCS.kubernetes,
    find: ({ model, namespace }) =>
      selectorsOf(model)
        .filter(({ conditions, nodes }) => !nodes && selectsHostNetworkPods(conditions, namespace))
        .map(({ at, peer }) =>
          problem(
            at,
            'These pods use the host network and have the identity of their node: the selector matches none of them.',
            peer
              ? "Write an entity: 'kube-apiserver', or 'host' and 'remote-node'."
              : 'Use a host policy: a CiliumClusterwideNetworkPolicy with `nodeSelector`.',
          ),
        ),
    examples: {
      bad: {
        props: {
          ...WEB,
          egress: [{ toEndpoints: [{ matchLabels: { component: 'kube-apiserver', ...IN_KUBE_SYSTEM } }] }],
        },
      },
      good: { props: { ...WEB, egress: [{ toEntities: ['kube-apiserver'] }] } },
    },
  },
  {
    id: 'network-policy/impossible-selector',
    level: 'warning',
    docs: DOCS.kubernetes,
    find: ({ model }) =>
      selectorsOf(model)
        .filter(({ conditions }) => contradict(conditions))
        .map(({ at }) =>
          problem(
            at,
            'The conditions of the selector contradict each other, so it matches nothing.',
            'Write a rule, or a policy, for each case.',
          ),
        ),
    examples: {
      bad: {
        props: {
          ...WEB,
          ingress: [
            {
              fromEndpoints: [
                { matchLabels: { app: 'shop' }, matchExpressions: [{ key: 'app', operator: 'In', values: ['admin'] }] },
              ],
            },
          ],
        },
      },
      good: {
        props: {
          ...WEB,
          ingress: [
            { fromEndpoints: [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['shop', 'admin'] }] }] },
          ],
        },
      },
    },
  },
  {
    id: 'network-policy/dns-label',
    level: 'warning',
    docs: DOCS.kubernetes,
    find: ({ model, cilium }) => {
      const dns = clusterDns(cilium);
      if (dns === undefined) return [];
      const [key, value] = firstLabel(dns);
      return (
        selectorsOf(model)
          // A rule for several clusters may select both.
          .filter(
            ({ at, conditions }, _, all) =>
              isMistakenDns(conditions, dns) &&
              !all.some((other) => sameList(at, other.at) && mayBeDns(other.conditions, dns)),
          )
          .map(({ at }) =>
            problem(
              at,
              `${dns.who} have the label \`${key}: ${value}\`, so the selector does not match them.`,
              `Write \`'${key}': '${value}'\`.`,
            ),
          )
      );
    },
    examples: {
      bad: {
        props: { ...WEB, egress: [{ toEndpoints: [{ matchLabels: { 'k8s-app': 'coredns', ...IN_KUBE_SYSTEM } }] }] },
      },
      good: {
        props: { ...WEB, egress: [{ toEndpoints: [{ matchLabels: { 'k8s-app': 'kube-dns', ...IN_KUBE_SYSTEM } }] }] },
      },
    },
  },
];

/** Rules about selectors that only clusterwide policies have. */
export const NODE_LABEL_RULES: readonly PolicyRule[] = [
  {
    id: 'clusterwide-network-policy/node-label',
    level: 'warning',
    docs: DOCS.host,
    find: ({ model, cilium }) =>
      model.sets
        .flatMap(({ nodes }) => nodes ?? [])
        .flatMap(({ at, selector }) =>
          nodeLabelProblems(at, selector, cilium).filter(({ paths: [place] }) => !place?.includes("'kubernetes.io/")),
        ),
    examples: {
      bad: {
        props: {
          nodeSelector: { matchLabels: { [CONTROL_PLANE_LABEL]: 'true' } },
          ingress: [{ fromEntities: ['all'] }],
        },
      },
      good: {
        props: { nodeSelector: { matchLabels: { [CONTROL_PLANE_LABEL]: '' } }, ingress: [{ fromEntities: ['all'] }] },
      },
    },
  },
  {
    id: 'clusterwide-network-policy/no-endpoint',
    level: 'error',
    docs: DOCS.host,
    find: ({ model }) =>
      model.sets.flatMap(({ endpoints }) =>
        (endpoints?.conditions ?? []).flatMap(({ key, operator }) => {
          const [, name = ''] = /^reserved[:.](host|remote-node|world|kube-apiserver|unmanaged)$/.exec(key) ?? [];
          if (name === '' || operator === 'NotIn' || operator === 'DoesNotExist') return [];
          return problem(
            endpoints?.at ?? '',
            `\`endpointSelector\` selects pods, and '${name}' is not a pod: the policy has no effect.`,
            name === 'host' || name === 'remote-node'
              ? 'Write `nodeSelector` for the nodes.'
              : 'Select pods, and write it as a peer.',
          );
        }),
      ),
    examples: {
      bad: {
        props: { endpointSelector: { matchLabels: { 'reserved:host': '' } }, ingress: [{ fromEntities: ['cluster'] }] },
      },
      good: { props: { nodeSelector: {}, ingress: [{ fromEntities: ['cluster'] }] } },
    },
  },
];

/** The selectors of the policy's own endpoints and nodes, and those of pods among its peers. */
function selectorsOf({ sets, rules }: PolicyModel): readonly (PlacedSelector & { readonly peer: boolean })[] {
  const own = sets.flatMap(({ endpoints, nodes }) => [endpoints ?? [], nodes ?? []].flat());
  const peers = rules.flatMap(({ selectors }) => selectors.filter(({ nodes }) => !nodes));
  return [...own.map((one) => ({ ...one, peer: false })), ...peers.map((one) => ({ ...one, peer: true }))];
}

/** The label by which the DNS pods are usually selected. */
function firstLabel({ labels }: ClusterDns): readonly [key: string, value: string] {
  const [first = ['k8s-app', ''] as const] = Object.entries(labels);
  const usual = labels['k8s-app'];
  return usual === undefined ? first : ['k8s-app', usual];
}

/** Whether conditions select the cluster's DNS by a label that its pods do not have. */
function isMistakenDns(conditions: readonly LabelExpression[], { labels }: ClusterDns): boolean {
  const names = valuesFor(conditions, 'k8s-app') ?? [];
  return (
    names.length > 0 &&
    names.every((name) => /^(core-?dns|kube-?dns)$/.test(name)) &&
    !names.includes(labels['k8s-app'] ?? '')
  );
}

/** Whether conditions name a label of the DNS pods. */
function mayBeDns(conditions: readonly LabelExpression[], { labels }: ClusterDns): boolean {
  return Object.entries(labels).some(([key, value]) => valuesFor(conditions, key)?.includes(value) === true);
}

/** Whether two paths belong to items of one list. */
function sameList(one: string, other: string): boolean {
  return one.replace(/\[\d+\]$/, '') === other.replace(/\[\d+\]$/, '');
}

/** Whether conditions select pods of kube-system in the host network. */
function selectsHostNetworkPods(conditions: readonly LabelExpression[], namespace: string | undefined): boolean {
  const places = valuesFor(conditions, NAMESPACE_LABEL) ?? (namespace === undefined ? [] : [namespace]);
  if (!places.includes('kube-system')) return false;
  return Object.entries(HOST_NETWORK_PODS).some(([key, names]) => {
    const values = valuesFor(conditions, key);
    return values !== undefined && values.length > 0 && values.every((value) => names.includes(value));
  });
}
