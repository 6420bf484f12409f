import type { CiliumClusterwideNetworkPolicyProps, CiliumNetworkPolicyProps } from './props';
import { ciliumApi } from '../../resource/api';
import { resourceKind } from '../../resource/resource-kind';

import { AGENT_CHECKS, HOST_AGENT_CHECKS } from './agent-rules';
import { HOST_CHECKS } from './host-rules';
import { L7_CHECKS } from './l7-rules';
import { LABEL_CHECKS, NODE_LABEL_CHECKS } from './label-rules';
import { NAME_CHECKS } from './fqdn-rules';
import { PEER_CHECKS } from './peer-rules';
import { PITFALL_CHECKS } from './pitfall-rules';
import { WEB, asChecks } from './policy-rule';
import { PORT_CHECKS } from './port-rules';
import { SERVICE_CHECKS } from './service-rules';
import { SERVICE_PORT_CHECKS } from './service-port-rules';
import { RULE_FORMS, writtenBody } from './body';
import { CLUSTERWIDE_CHECKS, NAMESPACED_CHECKS, SUBJECT_CHECKS } from './endpoint-rules';
import { DNS_CHECKS, TOGETHER_CHECKS } from './combined-rules';

const CHECKS = [
  ...SUBJECT_CHECKS,
  ...LABEL_CHECKS,
  ...PEER_CHECKS,
  ...SERVICE_CHECKS,
  ...SERVICE_PORT_CHECKS,
  ...PORT_CHECKS,
  ...L7_CHECKS,
  ...DNS_CHECKS,
  ...NAME_CHECKS,
  ...PITFALL_CHECKS,
  ...TOGETHER_CHECKS,
  ...AGENT_CHECKS,
];

const POD_OF_NAMESPACE =
  "Write `{ matchLabels: { 'io.kubernetes.pod.namespace': … } }`: labels of pods and of their namespace stand in one selector.";
const BLOCK = (name: string): string => `Write \`${name}: [{ cidr: …, except: [ … ] }]\`.`;
const PORTS = 'Write `toPorts: [{ ports: [ … ] }]`.';
const ICMP = 'Write `icmps: [{ fields: [{ type: 8 }] }]` in a rule of its own.';

const ELSEWHERE = {
  'ingress[].from': 'Write `fromEndpoints`, `fromEntities` or `fromCIDR`, one of them in a rule.',
  'egress[].to': 'Write `toEndpoints`, `toEntities` or `toCIDR`, one of them in a rule.',
  'ingress[].ipBlock': BLOCK('fromCIDRSet'),
  'egress[].ipBlock': BLOCK('toCIDRSet'),
  'ingress[].ports': PORTS,
  'egress[].ports': PORTS,
  'ingress[].podSelector': 'Write `fromEndpoints: [{ matchLabels: … }]`.',
  'egress[].podSelector': 'Write `toEndpoints: [{ matchLabels: … }]`.',
  'ingress[].namespaceSelector': `Write \`fromEndpoints\`. ${POD_OF_NAMESPACE}`,
  'egress[].namespaceSelector': `Write \`toEndpoints\`. ${POD_OF_NAMESPACE}`,
  'ingress[].fromEndpoints[].namespaceSelector': POD_OF_NAMESPACE,
  'egress[].toEndpoints[].namespaceSelector': POD_OF_NAMESPACE,
  'ingress[].fromEndpoints[].podSelector': 'Write its `matchLabels` right here.',
  'egress[].toEndpoints[].podSelector': 'Write its `matchLabels` right here.',
  'egress[].toFQDNs[].name': 'Write `matchName`, or `matchPattern` for names with a `*`.',
  'egress[].toFQDNs[].pattern': 'Write `matchPattern`.',
  'egress[].toPorts[].rules.dns[].name': 'Write `matchName`, or `matchPattern` for names with a `*`.',
  'egress[].toPorts[].rules.dns[].pattern': 'Write `matchPattern`.',
  'egress[].auth': "Write `authentication: { mode: 'required' }`.",
  'ingress[].auth': "Write `authentication: { mode: 'required' }`.",
  'egressDeny[].toFQDNs':
    'Names cannot be denied: let the others through under `egress`, or deny addresses by `toCIDR`.',
  'ingressDeny[].toPorts[].rules': 'Only whole ports are denied: write under `ingress` what may be said.',
  'egressDeny[].toPorts[].rules': 'Only whole ports are denied: write under `egress` what may be said.',
  'ingress[].toPorts[].ports[].protocol: ICMP': ICMP,
  'egress[].toPorts[].ports[].protocol: ICMP': ICMP,
  spec: 'Write its fields here: a policy has no `spec` of its own.',
  podSelector: 'Write `endpointSelector`.',
  policyTypes: 'Leave it out: a list under `ingress` or `egress` says it.',
  from: 'Write `ingress: [{ fromEndpoints: [ … ] }]`.',
  to: 'Write `egress: [{ toEndpoints: [ … ] }]`.',
  rules: 'Write `ingress: [{ toPorts: [{ ports: [ … ], rules: { … } }] }]`.',
};

/** Which traffic pods of a namespace may have: CiliumNetworkPolicy. */
export const networkPolicy = resourceKind<CiliumNetworkPolicyProps>({
  api: ciliumApi('CiliumNetworkPolicy'),
  subject: 'network-policy',
  example: { props: { ...WEB, ingress: [{}] } },
  elsewhere: ELSEWHERE,
  forms: RULE_FORMS,
  body: writtenBody,
  rules: asChecks('network-policy', [...NAMESPACED_CHECKS, ...CHECKS]),
});

/** Which traffic pods of the cluster, or its nodes, may have: CiliumClusterwideNetworkPolicy. */
export const clusterwideNetworkPolicy = resourceKind<CiliumClusterwideNetworkPolicyProps>({
  api: ciliumApi('CiliumClusterwideNetworkPolicy'),
  subject: 'clusterwide-network-policy',
  example: { props: { ...WEB, ingress: [{}] } },
  elsewhere: {
    ...ELSEWHERE,
    namespace:
      "Leave it out, or make it a NetworkPolicy; `endpointSelector: { matchLabels: { 'io.kubernetes.pod.namespace': … } }` selects one.",
  },
  forms: RULE_FORMS,
  body: writtenBody,
  rules: asChecks('clusterwide-network-policy', [
    ...CLUSTERWIDE_CHECKS,
    ...NODE_LABEL_CHECKS,
    ...CHECKS,
    ...HOST_AGENT_CHECKS,
    ...HOST_CHECKS,
  ]),
});
