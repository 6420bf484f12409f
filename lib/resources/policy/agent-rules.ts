import { isTruthy } from '../../helm/truth';
import { switchedOff } from '../../resource/needs';
import { problem } from '../../rules/rule';
import { policiesAmong } from './model';
import type { RuleSet } from './model';
import { DOCS, WEB } from './policy-rule';
import type { PolicyRule } from './policy-rule';

/** Rules about values of Cilium that policies depend on. */
export const AGENT_RULES: readonly PolicyRule[] = [
  {
    id: 'network-policy/never-enforced',
    level: 'warning',
    docs: DOCS.intro,
    find: ({ cilium, earlier }) =>
      cilium?.v.policyEnforcementMode?.toLowerCase() === 'never' &&
      policiesAmong(earlier).length === 0 &&
      problem(
        'cilium.policyEnforcementMode',
        'Cilium does not enforce any policy.',
        "Set `policyEnforcementMode: 'default'` in Cilium's values.",
      ),
    examples: {
      bad: { props: { ...WEB, ingress: [{}] }, values: { policyEnforcementMode: 'never' } },
      good: { props: { ...WEB, ingress: [{}] }, values: { policyEnforcementMode: 'default' } },
    },
  },
  {
    id: 'network-policy/groups-off',
    level: 'warning',
    docs: 'https://docs.cilium.io/en/stable/security/policy/layer3/#aws',
    find: ({ model, cilium }) =>
      cilium !== undefined &&
      !isTruthy(cilium.v.eni.enabled) &&
      model.rules
        .flatMap(({ peers }) => peers)
        .filter(({ name, length }) => (name === 'fromGroups' || name === 'toGroups') && length > 0)
        .map(({ at }) =>
          problem(
            [at, 'cilium.eni.enabled'],
            'Only the AWS operator, which the chart installs with ENI, resolves groups: the rule matches no peer.',
            'Write `toCIDR` and `fromCIDR`, or a CidrGroup.',
          ),
        ),
    examples: {
      bad: { props: { ...WEB, egress: [{ toGroups: [{ aws: { securityGroupsNames: ['db'] } }] }] }, values: {} },
      good: {
        props: { ...WEB, egress: [{ toGroups: [{ aws: { securityGroupsNames: ['db'] } }] }] },
        values: { eni: { enabled: true } },
      },
    },
  },
  {
    id: 'network-policy/authentication-off',
    level: 'error',
    docs: 'https://docs.cilium.io/en/stable/network/servicemesh/mutual-authentication/mutual-authentication/',
    find: (subject) =>
      subject.model.rules.some(({ fields }) => fields.authentication?.mode === 'required') &&
      ['authentication.enabled', 'authentication.mutual.spire.enabled'].flatMap((path) =>
        switchedOff(subject, path, 'No peer can authenticate, so all traffic that the rule allows is dropped.'),
      ),
    examples: {
      bad: { props: { ...WEB, ingress: [{ fromEndpoints: [{}], authentication: { mode: 'required' } }] }, values: {} },
      good: {
        props: { ...WEB, ingress: [{ fromEndpoints: [{}], authentication: { mode: 'required' } }] },
        values: { authentication: { enabled: true, mutual: { spire: { enabled: true } } } },
      },
    },
  },
  {
    id: 'network-policy/node-labels-off',
    level: 'error',
    docs: DOCS.layer3,
    find: (subject) =>
      subject.model.rules.some(({ peers }) => peers.some(({ name, length }) => name.endsWith('Nodes') && length > 0)) &&
      switchedOff(subject, 'nodeSelectorLabels', 'Cilium does not read node labels, and rejects the policy.'),
    examples: {
      bad: { props: { ...WEB, ingress: [{ fromNodes: [{}] }] }, values: {} },
      good: { props: { ...WEB, ingress: [{ fromNodes: [{}] }] }, values: { nodeSelectorLabels: true } },
    },
  },
];

/** Rules about values of Cilium that host policies depend on. */
export const HOST_AGENT_RULES: readonly PolicyRule[] = [
  {
    id: 'clusterwide-network-policy/host-firewall-off',
    level: ({ isPlain }) => (isPlain ? 'warning' : 'error'),
    docs: DOCS.host,
    find: (subject) =>
      subject.model.sets.some(isForNodes) &&
      switchedOff(subject, 'hostFirewall.enabled', 'Host policies have no effect.'),
    examples: {
      bad: { props: { nodeSelector: {}, ingress: [{ fromEntities: ['all'] }] }, values: {} },
      good: {
        props: { nodeSelector: {}, ingress: [{ fromEntities: ['all'] }] },
        values: { hostFirewall: { enabled: true } },
      },
    },
  },
  {
    id: 'clusterwide-network-policy/host-node-ports',
    level: 'warning',
    docs: DOCS.host,
    find: ({ model, cilium, earlier }) =>
      cilium !== undefined &&
      cilium.facts.kubeProxyReplacement !== 'true' &&
      model.sets.some(isForNodes) &&
      !policiesAmong(earlier).some((other) => other.model.sets.some(isForNodes)) &&
      problem(
        'cilium.kubeProxyReplacement',
        'With kube-proxy a NodePort is a port of the node, and host policies block it.',
        'Set `kubeProxyReplacement: true`, or allow the node ports of your Services.',
      ),
    examples: {
      bad: {
        props: { nodeSelector: {}, ingress: [{ fromEntities: ['all'] }] },
        values: { hostFirewall: { enabled: true } },
      },
      good: {
        props: { nodeSelector: {}, ingress: [{ fromEntities: ['all'] }] },
        values: { hostFirewall: { enabled: true }, kubeProxyReplacement: true },
      },
    },
  },
  {
    id: 'clusterwide-network-policy/host-l7',
    level: 'error',
    docs: DOCS.host,
    find: ({ model }) =>
      model.toPorts
        .filter(({ rule }) => isForNodes(rule.set))
        .flatMap(({ at, item: { rules }, rule }) =>
          (['http', 'kafka', 'dns'] as const)
            .filter((name) => (rules?.[name] ?? []).length > 0 && (name !== 'dns' || rule.direction === 'ingress'))
            .map((name) =>
              problem(
                `${at}.rules.${name}`,
                'For nodes Cilium supports DNS rules on egress only, and rejects the policy.',
                'Leave it out.',
              ),
            ),
        ),
    examples: {
      bad: {
        props: { nodeSelector: {}, ingress: [{ toPorts: [{ ports: ['80/TCP'], rules: { http: [{ path: '/' }] } }] }] },
      },
      good: { props: { nodeSelector: {}, ingress: [{ toPorts: [{ ports: ['80/TCP'] }] }] } },
    },
  },
];

function isForNodes({ spec }: RuleSet): boolean {
  return spec.nodeSelector !== undefined;
}
