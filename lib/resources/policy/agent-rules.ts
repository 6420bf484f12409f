import { switchedOff } from '../../resource/needs';
import { isTruthy } from '../../helm/truth';
import { DOCS, WEB, problem } from './policy-rule';
import type { PolicyCheck } from './policy-rule';
import { policiesAmong, ruleSets, rulesOf } from './model';
import type { RuleSet } from './model';

const AGENT: readonly PolicyCheck[] = [
  {
    rule: 'never-enforced',
    level: 'warning',
    docs: DOCS.intro,
    find: ({ cilium, earlier }) =>
      cilium?.v.policyEnforcementMode?.toLowerCase() === 'never' && policiesAmong(earlier).length === 0
        ? [
            problem(
              'cilium.policyEnforcementMode',
              'Cilium enforces no policy at all.',
              "Set `policyEnforcementMode: 'default'` in Cilium's values.",
            ),
          ]
        : [],
    examples: {
      bad: { props: { ...WEB, ingress: [{}] }, values: { policyEnforcementMode: 'never' } },
      good: { props: { ...WEB, ingress: [{}] }, values: { policyEnforcementMode: 'default' } },
    },
  },
  {
    rule: 'groups-off',
    level: 'warning',
    docs: 'https://docs.cilium.io/en/stable/security/policy/layer3/#aws',
    find: ({ props, cilium }) =>
      cilium === undefined || isTruthy(cilium.v.eni.enabled)
        ? []
        : rulesOf(props).flatMap(({ at, rule }) =>
            (['fromGroups', 'toGroups'] as const)
              .filter((name) => (rule[name] ?? []).length > 0)
              .map((name) =>
                problem(
                  [`${at}.${name}`, 'cilium.eni.enabled'],
                  'Only the operator that is made for AWS looks groups up, and the chart takes it with ENI: the rule means nobody.',
                  'Write `toCIDR` and `fromCIDR`, or a CidrGroup.',
                ),
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
    rule: 'authentication-off',
    level: 'error',
    docs: 'https://docs.cilium.io/en/stable/network/servicemesh/mutual-authentication/mutual-authentication/',
    find: (subject) => {
      if (!rulesOf(subject.props).some(({ rule }) => rule.authentication?.mode === 'required')) return [];
      const message = 'Nobody can prove who they are, so everything that the rule lets through is dropped.';
      return ['authentication.enabled', 'authentication.mutual.spire.enabled'].flatMap((path) =>
        switchedOff(subject, path, message),
      );
    },
    examples: {
      bad: { props: { ...WEB, ingress: [{ fromEndpoints: [{}], authentication: { mode: 'required' } }] }, values: {} },
      good: {
        props: { ...WEB, ingress: [{ fromEndpoints: [{}], authentication: { mode: 'required' } }] },
        values: { authentication: { enabled: true, mutual: { spire: { enabled: true } } } },
      },
    },
  },
  {
    rule: 'node-labels-off',
    level: 'error',
    docs: DOCS.layer3,
    find: (subject) =>
      rulesOf(subject.props).some(({ rule }) => (rule.fromNodes ?? rule.toNodes ?? []).length > 0)
        ? switchedOff(
            subject,
            'nodeSelectorLabels',
            'Cilium does not know nodes by their labels, and refuses the policy.',
          )
        : [],
    examples: {
      bad: { props: { ...WEB, ingress: [{ fromNodes: [{}] }] }, values: {} },
      good: { props: { ...WEB, ingress: [{ fromNodes: [{}] }] }, values: { nodeSelectorLabels: true } },
    },
  },
];

/** Rules about what Cilium's settings say to policies. */
export const AGENT_CHECKS: readonly PolicyCheck[] = [...AGENT];

const HOST_AGENT: readonly PolicyCheck[] = [
  {
    rule: 'host-firewall-off',
    level: 'error',
    docs: DOCS.host,
    find: (subject) =>
      ruleSets(subject.props).some(isForNodes)
        ? switchedOff(subject, 'hostFirewall.enabled', 'Policies for nodes do nothing.')
        : [],
    examples: {
      bad: { props: { nodeSelector: {}, ingress: [{ fromEntities: ['all'] }] }, values: {} },
      good: {
        props: { nodeSelector: {}, ingress: [{ fromEntities: ['all'] }] },
        values: { hostFirewall: { enabled: true } },
      },
    },
  },
  {
    rule: 'host-node-ports',
    level: 'warning',
    docs: DOCS.host,
    find: ({ props, cilium, earlier }) =>
      cilium !== undefined &&
      cilium.facts.kubeProxyReplacement !== 'true' &&
      ruleSets(props).some(isForNodes) &&
      !policiesAmong(earlier).some(({ sets }) => sets.some(isForNodes))
        ? [
            problem(
              'cilium.kubeProxyReplacement',
              'With kube-proxy a NodePort is a port of the node, and policies for nodes close it.',
              'Set `kubeProxyReplacement: true`, or let the ports of your Services through.',
            ),
          ]
        : [],
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
    rule: 'host-l7',
    level: 'error',
    docs: DOCS.host,
    find: ({ props }) =>
      rulesOf(props)
        .filter(({ set }) => set.rules.nodeSelector !== undefined)
        .flatMap(({ at, direction, rule }) =>
          (rule.toPorts ?? []).flatMap(({ rules }, i) =>
            (['http', 'kafka', 'dns'] as const)
              .filter((name) => (rules?.[name] ?? []).length > 0 && (name !== 'dns' || direction === 'ingress'))
              .map((name) =>
                problem(
                  `${at}.toPorts[${String(i)}].rules.${name}`,
                  `For nodes Cilium judges only the names that they ask for, and refuses the policy.`,
                  'Leave it out.',
                ),
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

/** Rules about what Cilium's settings say to policies for nodes. */
export const HOST_AGENT_CHECKS: readonly PolicyCheck[] = [...HOST_AGENT];

function isForNodes({ rules }: RuleSet): boolean {
  return rules.nodeSelector !== undefined;
}
