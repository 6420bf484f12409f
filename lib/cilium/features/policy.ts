import type { Feature } from '../feature';
import { allow } from '../feature';
import { isTruthy, whenTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import { wordList } from '../parts/config-text';

const MODES: readonly string[] = ['default', 'always', 'never'];

/** Network policies: enforcement mode, and kinds. */
export const policy: Feature = {
  name: 'policy',
  contribute: ({ v }) => ({
    config: {
      'enable-endpoint-lockdown-on-policy-overflow': v.endpointLockdownOnMapOverflow,
      'enable-k8s-cluster-network-policy': isTruthy(v.k8sClusterNetworkPolicy?.enabled) ? true : undefined,
      'enable-k8s-networkpolicy': v.k8sNetworkPolicy.enabled,
      'enable-non-default-deny-policies': v.enableNonDefaultDenyPolicies,
      'enable-policy': v.policyEnforcementMode?.toLowerCase(),
      'endpoint-policy-update-timeout': whenTruthy(v.endpointPolicyUpdateTimeoutDuration),
      'policy-audit-mode': v.policyAuditMode,
      'policy-cidr-match-mode': wordList(v.policyCIDRMatchMode),
      'policy-deny-response': whenTruthy(v.policyDenyResponse),
    },
    permissions: {
      agent: isTruthy(v.k8sClusterNetworkPolicy?.enabled)
        ? [allow('get list watch', 'policy.networking.k8s.io', 'clusternetworkpolicies')]
        : [],
    },
  }),
  rules: [
    {
      id: 'policy/enforcement-mode',
      level: 'warning',
      find: ({ v, facts }) =>
        facts.hasConfigMap &&
        isTruthy(v.policyEnforcementMode) &&
        !MODES.includes(v.policyEnforcementMode.toLowerCase()) &&
        problem(
          'policyEnforcementMode',
          `Unknown policy enforcement mode '${v.policyEnforcementMode ?? ''}', which counts as default.`,
          `Use one of ${MODES.join(', ')}.`,
        ),
      examples: {
        bad: { values: { policyEnforcementMode: 'allways' } },
        good: { values: { policyEnforcementMode: 'always' } },
      },
    },
  ],
};
