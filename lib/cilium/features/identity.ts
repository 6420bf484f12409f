import { allow } from '../feature';
import type { Feature } from '../feature';
import { isTruthy, whenTruthy } from '../../helm/truth';
import { duration } from '../parts/config-text';
import { durationRules } from '../parts/duration-rules';
import { problem } from '../../rules/rule';
import type { ValuesRule } from '../values-rule';

const IDENTITIES_WITHOUT_KVSTORE: ValuesRule = {
  id: 'identity/kvstore-without-etcd',
  level: 'warning',
  find: ({ v }) =>
    !['crd', undefined, null, ''].includes(v.identityAllocationMode) &&
    !isTruthy(v.etcd.enabled) &&
    !isTruthy(v.extraConfig?.kvstore) &&
    problem(
      ['identityAllocationMode', 'etcd.enabled'],
      'No kvstore is configured, and the agent changes identityAllocationMode to crd.',
      'Remove identityAllocationMode, or enable etcd.',
    ),
  examples: {
    bad: { values: { identityAllocationMode: 'kvstore' } },
    good: { values: { identityAllocationMode: 'crd' } },
  },
};

/** Security identities: relevant labels, storage, garbage collection. */
export const identity: Feature = {
  name: 'identity',
  contribute: ({ v }) => ({
    config: {
      'enable-well-known-identities': isTruthy(v.wellKnownIdentities.enabled),
      'identity-allocation-mode': whenTruthy(v.identityAllocationMode),
      'identity-change-grace-period': whenTruthy(v.identityChangeGracePeriod),
      'identity-gc-interval': duration(v.operator.identityGCInterval),
      'identity-heartbeat-timeout': duration(v.operator.identityHeartbeatTimeout),
      'identity-management-mode': v.identityManagementMode,
      labels: v.labels,
    },
    permissions: {
      operator: ['operator', 'both'].includes(v.identityManagementMode ?? '')
        ? [allow('create', 'cilium.io', 'ciliumidentities')]
        : [],
    },
  }),
  rules: [
    IDENTITIES_WITHOUT_KVSTORE,
    ...durationRules(['operator.identityHeartbeatTimeout', 'operator.identityGCInterval', 'identityChangeGracePeriod']),
  ],
};
