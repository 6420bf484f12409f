import { allow } from '../feature';
import type { Feature } from '../feature';

/** Secrets of policies for TLS inspection: who reads them, and from which namespace. */
export const policySecrets: Feature = {
  name: 'policy-secrets',
  contribute: ({ v, facts: { secretSync, readSecretsOnlyFromSecretsNamespace: readsOneNamespace } }) => ({
    config: {
      'enable-policy-secrets-sync': readsOneNamespace && secretSync ? true : undefined,
      'policy-secrets-only-from-secrets-namespace': readsOneNamespace ? true : undefined,
      'policy-secrets-namespace': readsOneNamespace ? v.tls.secretsNamespace.name : undefined,
    },
    permissions: { operator: secretSync ? [allow('get list watch', '', 'secrets')] : [] },
  }),
};
