import { IDENTITY_LABEL_DOCS, NAMESPACE_LABEL, ignoredLabelProblems } from '../../resource/ignored-labels';
import { nodeLabelProblems } from '../../resource/known-labels';
import { isTruthy } from '../../helm/truth';
import { CONTROL_PLANE_LABEL } from '../../kubernetes/node-labels';
import type { LabelSelector } from '../../kubernetes/selector';
import { DOCS, WEB, problem } from './policy-rule';
import type { PolicyCheck, PolicySubject } from './policy-rule';
import { conditions, contradict, valuesFor } from './label-conditions';
import { ownSelectors, peerSelectors, ruleSets, rulesOf, within } from './model';

const IN_KUBE_SYSTEM = { [NAMESPACE_LABEL]: 'kube-system' } as const;

/** Pods of Talos, Kubernetes and Cilium in the network of their node. */
const ON_NODES: Readonly<Record<string, readonly string[]>> = {
  'k8s-app': ['cilium', 'cilium-envoy', 'kube-apiserver', 'kube-controller-manager', 'kube-proxy', 'kube-scheduler'],
  component: ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'],
  tier: ['control-plane'],
};

const LABELS: readonly PolicyCheck[] = [
  {
    rule: 'ignored-label',
    level: 'warning',
    docs: IDENTITY_LABEL_DOCS,
    find: ({ props, cilium, ciliumVersion }) =>
      // A list of one's own says which labels count.
      isTruthy(cilium?.v.labels)
        ? []
        : selectorsOf(props).flatMap(({ at, selector, nodes }) =>
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
    rule: 'host-pods',
    level: 'warning',
    docs: DOCS.kubernetes,
    find: (subject) =>
      selectorsOf(subject.props)
        .filter(({ selector, nodes }) => !nodes && isOnNodes(selector, subject.namespace))
        .map(({ at, peer }) =>
          problem(
            at,
            'These pods use the network of their node, and Cilium knows them as that node: the selector matches none.',
            peer
              ? "Write an entity: 'kube-apiserver', or 'host' and 'remote-node'."
              : 'Make it a policy for nodes: a CiliumClusterwideNetworkPolicy with `nodeSelector`.',
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
    rule: 'impossible-selector',
    level: 'warning',
    docs: DOCS.kubernetes,
    find: ({ props }) =>
      selectorsOf(props)
        .filter(({ selector }) => contradict(conditions(selector)))
        .map(({ at }) =>
          problem(
            at,
            'Its conditions exclude each other, so it matches nothing.',
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
    rule: 'dns-label',
    level: 'warning',
    docs: DOCS.kubernetes,
    find: ({ props }) => {
      const all = selectorsOf(props);
      // A rule for several clusters may name both.
      const beside = (at: string): boolean => all.some((other) => sameList(at, other.at) && isDns(other.selector));
      return all
        .filter(({ at, selector }) => isMistakenDns(selector) && !beside(at))
        .map(({ at }) =>
          problem(
            at,
            'CoreDNS of Talos has the label `k8s-app: kube-dns`, so its pods are not meant.',
            "Write `'k8s-app': 'kube-dns'`.",
          ),
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

/** Rules about labels that pods do not have, or that Cilium does not look at. */
export const LABEL_CHECKS: readonly PolicyCheck[] = [...LABELS];

const OF_NODES: readonly PolicyCheck[] = [
  {
    rule: 'node-label',
    level: 'warning',
    docs: DOCS.host,
    find: ({ props, cilium }) =>
      selectorsOf(props)
        .filter(({ nodes }) => nodes)
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
    rule: 'no-endpoint',
    level: 'error',
    docs: DOCS.host,
    find: ({ props }) =>
      ruleSets(props)
        .filter(({ rules }) => rules.endpointSelector !== undefined)
        .flatMap(({ at, rules: { endpointSelector = {} } }) =>
          conditions(endpointSelector).flatMap(({ key, operator }) => {
            const [, name = ''] = /^reserved[:.](host|remote-node|world|kube-apiserver|unmanaged)$/.exec(key) ?? [];
            if (name === '' || operator === 'NotIn' || operator === 'DoesNotExist') return [];
            return [
              problem(
                within(at, 'endpointSelector'),
                `Policies for endpoints hold for pods, and none is '${name}': this one does nothing.`,
                name === 'host' || name === 'remote-node'
                  ? 'Write `nodeSelector` for the nodes.'
                  : 'Select pods, and write it as a peer.',
              ),
            ];
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

/** Rules about selectors that only clusterwide policies have. */
export const NODE_LABEL_CHECKS: readonly PolicyCheck[] = [...OF_NODES];

interface PlacedSelector {
  readonly at: string;
  readonly selector: LabelSelector;
  readonly nodes: boolean;
  /** Whether it says who is at the other end. */
  readonly peer: boolean;
}

/** Selectors of endpoints and of nodes that a policy is for, and those of pods at the other end. */
function selectorsOf(props: PolicySubject['props']): readonly PlacedSelector[] {
  const own = ownSelectors(props).map((one) => ({ ...one, peer: false }));
  const others = rulesOf(props).flatMap(peerSelectors);
  return [...own, ...others.filter(({ nodes }) => !nodes).map((one) => ({ ...one, peer: true }))];
}

/** Whether a selector names the cluster's DNS by a label that CoreDNS has elsewhere. */
function isMistakenDns(selector: LabelSelector): boolean {
  const names = valuesFor(selector, 'k8s-app') ?? [];
  return names.length > 0 && names.every((name) => /^(core-?dns|kubedns)$/.test(name));
}

function isDns(selector: LabelSelector): boolean {
  return valuesFor(selector, 'k8s-app')?.includes('kube-dns') === true;
}

/** Whether two paths are of items of one list. */
function sameList(one: string, other: string): boolean {
  return one.replace(/\[\d+\]$/, '') === other.replace(/\[\d+\]$/, '');
}

/** Whether a selector names pods of kube-system that are in the network of their node. */
function isOnNodes(selector: LabelSelector, namespace: string | undefined): boolean {
  const places = valuesFor(selector, NAMESPACE_LABEL) ?? (namespace === undefined ? [] : [namespace]);
  if (!places.includes('kube-system')) return false;
  return Object.entries(ON_NODES).some(([key, names]) => {
    const values = valuesFor(selector, key);
    return values !== undefined && values.length > 0 && values.every((value) => names.includes(value));
  });
}
