import { isMap } from '../../kubernetes/json';
import type { Json, JsonObject } from '../../kubernetes/json';
import { eachItem } from '../../resource/each';
import { resourceKind } from '../../resource/resource-kind';
import { gatewayApi } from './api';
import { BACKEND_TLS_DOCS, BACKEND_TLS_RULES, EXAMPLE_POLICY } from './backend-tls-rules';
import type { BackendTlsModel } from './backend-tls-rules';
import { GATEWAY_ON } from './examples';
import { GATEWAY_API } from './gateway';
import { concernsPolicy } from './owner';
import type { BackendTLSPolicyProps } from './props';

/** BackendTLSPolicy: a gateway connects to Services with TLS. */
export const backendTlsPolicy = resourceKind<BackendTLSPolicyProps, BackendTlsModel>({
  api: gatewayApi('BackendTLSPolicy'),
  subject: 'backend-tls-policy',
  docs: BACKEND_TLS_DOCS,
  example: { version: '1.20.0', props: EXAMPLE_POLICY, values: GATEWAY_ON },
  elsewhere: {
    targetRef: 'Write `targetRefs: [ … ]`.',
    hostname: 'Write `validation: { hostname: … }`.',
    caCertificateRefs: 'Write `validation: { caCertificateRefs: [ … ] }`.',
    wellKnownCACertificates: 'Write `validation: { caCertificateRefs: [ … ] }`.',
    tls: 'Write `validation: { … }`.',
    'targetRefs[].port': 'Write `sectionName`, the name of the port.',
    'targetRefs[].namespace': 'Leave it out: a policy is for Services of its own namespace.',
    'validation.caCertificateRefs[].namespace': 'Leave it out: the ConfigMap is in the namespace of the policy.',
  },
  body: ({ targetRefs, validation, ...fields }) => ({
    spec: {
      ...fields,
      targetRefs: inFull(targetRefs, { group: '', kind: 'Service' }),
      validation: isMap(validation)
        ? {
            ...validation,
            caCertificateRefs: inFull(validation.caCertificateRefs, { group: '', kind: 'ConfigMap' }),
          }
        : validation,
    },
  }),
  read: ({ targetRefs, validation }) => ({
    targets: eachItem(targetRefs, 'targetRefs', (ref, at) => ({
      at,
      ...(typeof ref === 'string' ? { group: '', kind: 'Service', name: ref } : ref),
    })),
    certificates: eachItem(
      isMap(validation) ? (validation as BackendTLSPolicyProps['validation']).caCertificateRefs : undefined,
      'validation.caCertificateRefs',
      (ref, at) => ({ at, ...(typeof ref === 'string' ? { group: '', kind: 'ConfigMap', name: ref } : ref) }),
    ),
  }),
  concerns: concernsPolicy,
  needs: [GATEWAY_API],
  rules: BACKEND_TLS_RULES,
});

/** References in full: a name is one of the usual kind. */
function inFull(references: Json | undefined, usual: JsonObject): Json | undefined {
  return Array.isArray(references)
    ? references.map((one: Json) => (typeof one === 'string' ? { ...usual, name: one } : one))
    : references;
}
