import { ciliumApi } from '../../resource/api';
import { resourceKind } from '../../resource/resource-kind';
import { AGENT_RULES, HOST_AGENT_RULES } from './agent-rules';
import { RULE_FORMS, writtenBody } from './body';
import { CIDR_RULES } from './cidr-rules';
import { DEFAULT_DENY_RULES } from './default-deny-rules';
import { CLUSTERWIDE_RULES, ENDPOINT_RULES, NAMESPACED_RULES } from './endpoint-rules';
import { FQDN_RULES } from './fqdn-rules';
import { DNS_RULES } from './dns-rules';
import { HOST_RULES } from './host-rules';
import { L7_RULES } from './l7-rules';
import { LABEL_RULES, NODE_LABEL_RULES } from './label-rules';
import { readPolicy } from './model';
import type { PolicyModel } from './model';
import { PEER_RULES } from './peer-rules';
import { PITFALL_RULES } from './pitfall-rules';
import { DOCS, WEB, asClusterwide } from './policy-rule';
import { PORT_RULES } from './port-rules';
import type { AnyPolicyProps } from './props';
import { SERVICE_RULES } from './service-rules';

const RULES = [
  ...ENDPOINT_RULES,
  ...LABEL_RULES,
  ...PEER_RULES,
  ...SERVICE_RULES,
  ...PORT_RULES,
  ...L7_RULES,
  ...DNS_RULES,
  ...FQDN_RULES,
  ...PITFALL_RULES,
  ...DEFAULT_DENY_RULES,
  ...AGENT_RULES,
  ...CIDR_RULES,
];

const NAMESPACE_OF_PODS =
  "Write `{ matchLabels: { 'io.kubernetes.pod.namespace': … } }`: one selector has the labels of pods and of their namespace.";
const BLOCK = (name: string): string => `Write \`${name}: [{ cidr: …, except: [ … ] }]\`.`;
const PORTS = 'Write `toPorts: [{ ports: [ … ] }]`.';
const ICMP = 'Write `icmps: [{ fields: [{ type: 8 }] }]` in a separate rule.';

const ELSEWHERE = {
  'ingress[].from': 'Write `fromEndpoints`, `fromEntities` or `fromCIDR`, one of them per rule.',
  'egress[].to': 'Write `toEndpoints`, `toEntities` or `toCIDR`, one of them per rule.',
  'ingress[].ipBlock': BLOCK('fromCIDRSet'),
  'egress[].ipBlock': BLOCK('toCIDRSet'),
  'ingress[].ports': PORTS,
  'egress[].ports': PORTS,
  'ingress[].podSelector': 'Write `fromEndpoints: [{ matchLabels: … }]`.',
  'egress[].podSelector': 'Write `toEndpoints: [{ matchLabels: … }]`.',
  'ingress[].namespaceSelector': `Write \`fromEndpoints\`. ${NAMESPACE_OF_PODS}`,
  'egress[].namespaceSelector': `Write \`toEndpoints\`. ${NAMESPACE_OF_PODS}`,
  'ingress[].fromEndpoints[].namespaceSelector': NAMESPACE_OF_PODS,
  'egress[].toEndpoints[].namespaceSelector': NAMESPACE_OF_PODS,
  'ingress[].fromEndpoints[].podSelector': 'Write its `matchLabels` right here.',
  'egress[].toEndpoints[].podSelector': 'Write its `matchLabels` right here.',
  'egress[].toFQDNs[].name': 'Write `matchName`, or `matchPattern` for names with a `*`.',
  'egress[].toFQDNs[].pattern': 'Write `matchPattern`.',
  'egress[].toPorts[].rules.dns[].name': 'Write `matchName`, or `matchPattern` for names with a `*`.',
  'egress[].toPorts[].rules.dns[].pattern': 'Write `matchPattern`.',
  'egress[].auth': "Write `authentication: { mode: 'required' }`.",
  'ingress[].auth': "Write `authentication: { mode: 'required' }`.",
  'egressDeny[].toFQDNs': 'Names cannot be denied: allow the others under `egress`, or deny addresses by `toCIDR`.',
  'ingressDeny[].toPorts[].rules': 'Deny rules apply to whole ports: write what is allowed under `ingress`.',
  'egressDeny[].toPorts[].rules': 'Deny rules apply to whole ports: write what is allowed under `egress`.',
  'ingress[].toPorts[].ports[].protocol: ICMP': ICMP,
  'egress[].toPorts[].ports[].protocol: ICMP': ICMP,
  spec: 'Write its fields here: they are props.',
  podSelector: 'Write `endpointSelector`.',
  policyTypes: 'Leave it out: `ingress` and `egress` imply it.',
  from: 'Write `ingress: [{ fromEndpoints: [ … ] }]`.',
  to: 'Write `egress: [{ toEndpoints: [ … ] }]`.',
  rules: 'Write `ingress: [{ toPorts: [{ ports: [ … ], rules: { … } }] }]`.',
};

const KIND = {
  docs: DOCS.layer3,
  example: { props: { ...WEB, ingress: [{}] } },
  forms: RULE_FORMS,
  body: writtenBody,
  read: readPolicy,
} as const;

/** CiliumNetworkPolicy: traffic that pods of a namespace may have. */
export const networkPolicy = resourceKind<AnyPolicyProps, PolicyModel>({
  ...KIND,
  api: ciliumApi('CiliumNetworkPolicy'),
  subject: 'network-policy',
  elsewhere: ELSEWHERE,
  rules: [...NAMESPACED_RULES, ...RULES],
});

/** CiliumClusterwideNetworkPolicy: traffic that pods of the cluster, or its nodes, may have. */
export const clusterwideNetworkPolicy = resourceKind<AnyPolicyProps, PolicyModel>({
  ...KIND,
  api: ciliumApi('CiliumClusterwideNetworkPolicy'),
  subject: 'clusterwide-network-policy',
  elsewhere: {
    ...ELSEWHERE,
    namespace:
      "Leave it out, or use a CiliumNetworkPolicy; `endpointSelector: { matchLabels: { 'io.kubernetes.pod.namespace': … } }` selects one.",
  },
  rules: [...CLUSTERWIDE_RULES, ...NODE_LABEL_RULES, ...asClusterwide(RULES), ...HOST_AGENT_RULES, ...HOST_RULES],
});
