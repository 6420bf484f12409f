import type { PolicyBody } from '../../../lib/resources/policy/props';

/** A policy with a mistake: which rule finds it, and where. */
export interface WrongPolicy {
  readonly what: string;
  readonly kind: 'network-policy' | 'clusterwide-network-policy';
  readonly props: PolicyBody & { readonly namespace?: string };
  /** Last part of the finding's id. */
  readonly rule: string;
  readonly at: string;
  /** Cilium's agent rejects it, too, when an API server accepts it. */
  readonly agent?: true;
  /** Releases that it is wrong for. @default - all */
  readonly versions?: readonly string[];
}

const app = { endpointSelector: { matchLabels: { app: 'shop' } } };
const node = { nodeSelector: { matchLabels: { role: 'edge' } } };
const web = (ports: object): PolicyBody => ({ ...app, ingress: [{ toPorts: [ports] }] }) as PolicyBody;

/** Policies from JavaScript and JSON are not type-checked. */
const loose = (props: object): PolicyBody => props as PolicyBody;

const namespaced = (
  what: string,
  props: PolicyBody & { readonly namespace?: string },
  rule: string,
  at: string,
  more: Partial<WrongPolicy> = {},
): WrongPolicy => ({ what, kind: 'network-policy', props, rule, at, ...more });
const clusterwide = (
  what: string,
  props: PolicyBody,
  rule: string,
  at: string,
  more: Partial<WrongPolicy> = {},
): WrongPolicy => ({
  what,
  kind: 'clusterwide-network-policy',
  props,
  rule,
  at,
  ...more,
});
const agent = { agent: true } as const;

export const WRONG_POLICIES: readonly WrongPolicy[] = [
  // The endpoints
  namespaced('no endpoints', { ingress: [{}] }, 'choice', 'spec', agent),
  clusterwide('endpoints and nodes', { ...app, ...node, ingress: [{}] }, 'choice', 'endpointSelector', agent),
  namespaced('nodes of a namespace', { ...node, ingress: [{}] }, 'node-selector', 'nodeSelector', agent),
  namespaced(
    "Kubernetes' podSelector",
    loose({ podSelector: {}, ingress: [{}] }),
    'unknown-field',
    'podSelector',
    agent,
  ),
  namespaced(
    "Kubernetes' policyTypes",
    loose({ ...app, policyTypes: ['Egress'], egress: [{}] }),
    'unknown-field',
    'policyTypes',
  ),
  namespaced('a `spec` field', loose({ spec: { ...app, ingress: [{}] } }), 'unknown-field', 'spec', agent),
  clusterwide(
    'a namespace for a clusterwide policy',
    loose({ ...app, namespace: 'shop', ingress: [{}] }),
    'namespace',
    'namespace',
  ),
  namespaced(
    'an invalid label key',
    { ...app, ingress: [{ fromEndpoints: [{ matchLabels: { 'k8s:app/name/x': 'a' } }] }] },
    'selector',
    'ingress[0].fromEndpoints[0].matchLabels',
    agent,
  ),
  namespaced(
    'an expression without values',
    { ...app, ingress: [{ fromEndpoints: [{ matchExpressions: [{ key: 'app', operator: 'In' }] }] }] },
    'selector',
    'ingress[0].fromEndpoints[0].matchExpressions[0].values',
    agent,
  ),
  namespaced(
    'another namespace in the selector',
    { namespace: 'shop', endpointSelector: { matchLabels: { 'io.kubernetes.pod.namespace': 'web' } }, ingress: [{}] },
    'other-namespace',
    'endpointSelector',
  ),
  namespaced(
    'reserved:init in a namespaced policy',
    { endpointSelector: { matchLabels: { 'reserved:init': '' } }, ingress: [{}] },
    'reserved-endpoint',
    'endpointSelector',
  ),
  clusterwide('default deny for every pod', { endpointSelector: {}, ingress: [{}] }, 'every-pod', 'endpointSelector'),

  // The lists
  namespaced('no list of rules at all', { ...app }, 'choice', 'spec', agent),
  namespaced('an empty list to deny all', { ...app, ingress: [] }, 'no-rules', 'ingress', agent),
  namespaced('no sets of rules', { specs: [] }, 'no-rules', 'specs'),
  namespaced('an empty list next to another', { ...app, ingress: [], egress: [{}] }, 'empty-list', 'ingress'),
  namespaced(
    'rules of the other direction',
    loose({ ...app, ingress: [{ toEndpoints: [{}] }] }),
    'unknown-field',
    'ingress[0].toEndpoints',
  ),
  namespaced(
    'one rule in place of a list',
    loose({ ...app, ingress: { fromEndpoints: [{}] } }),
    'type',
    'ingress',
    agent,
  ),
  clusterwide(
    'the metadata service denied, and all other egress with it',
    { ...app, egressDeny: [{ toCIDR: ['169.254.169.254/32'] }] },
    'deny-only',
    'egressDeny',
  ),

  // Peers
  namespaced(
    'pods and entities in one rule',
    { ...app, ingress: [{ fromEndpoints: [{}], fromEntities: ['host'] }] },
    'peers-combined',
    'ingress[0].fromEndpoints',
    agent,
  ),
  namespaced(
    'CIDRs in both fields',
    { ...app, egress: [{ toCIDR: ['192.0.2.0/24'], toCIDRSet: [{ cidr: '198.51.100.0/24' }] }] },
    'peers-combined',
    'egress[0].toCIDR',
    agent,
  ),
  namespaced(
    'names next to pods',
    { ...app, egress: [{ toFQDNs: ['a.example'], toEndpoints: [{}] }] },
    'peers-combined',
    'egress[0].toEndpoints',
    agent,
  ),
  namespaced(
    'a name without a DNS rule',
    loose({ ...app, egress: [{ toFQDNs: [{ name: 'a.example' }] }] }),
    'unknown-field',
    'egress[0].toFQDNs[0].name',
  ),
  namespaced('no peers', { ...app, ingress: [{ fromEndpoints: [] }] }, 'empty-peers', 'ingress[0].fromEndpoints'),
  namespaced(
    'an empty list of names, which opens the port to every peer',
    { ...app, egress: [{ toFQDNs: [], toPorts: [{ ports: ['443/TCP'] }] }] },
    'open-to-all',
    'egress[0].toFQDNs',
  ),
  namespaced(
    'an address without a prefix length',
    { ...app, egress: [{ toCIDR: ['192.0.2.1'] }] },
    'text',
    'egress[0].toCIDR[0]',
  ),
  namespaced(
    'a CIDR with host bits',
    { ...app, egress: [{ toCIDR: ['192.0.2.1/24'] }] },
    'cidr-host-bits',
    'egress[0].toCIDR[0]',
  ),
  namespaced(
    'an exception outside the CIDR',
    { ...app, egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['192.168.0.0/16'] }] }] },
    'except-outside',
    'egress[0].toCIDRSet[0].except[0]',
    agent,
  ),
  namespaced(
    'a CIDR and a group',
    { ...app, egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/8', cidrGroupRef: 'office' }] }] },
    'choice',
    'egress[0].toCIDRSet[0].cidr',
    agent,
  ),
  namespaced(
    'a CIDR group that does not exist',
    { ...app, ingress: [{ fromCIDRSet: [{ cidrGroupRef: 'office' }] }] },
    'cidr-group-missing',
    'ingress[0].fromCIDRSet[0].cidrGroupRef',
  ),
  namespaced(
    'an unknown entity',
    loose({ ...app, ingress: [{ fromEntities: ['internet'] }] }),
    'word',
    'ingress[0].fromEntities[0]',
    agent,
  ),
  namespaced(
    'the mesh before 1.20',
    { ...app, ingress: [{ fromEntities: ['cluster-mesh'] }] },
    'word',
    'ingress[0].fromEntities[0]',
    {
      ...agent,
      versions: ['1.18.4', '1.19.6'],
    },
  ),
  namespaced(
    'DNS of the own namespace',
    { ...app, egress: [{ toEndpoints: [{ matchLabels: { 'k8s-app': 'kube-dns' } }] }] },
    'dns-elsewhere',
    'egress[0].toEndpoints[0]',
  ),
  namespaced(
    'a Service without a name',
    { ...app, egress: [{ toServices: [{}] }] },
    'service',
    'egress[0].toServices[0]',
  ),
  namespaced(
    'a Service that is denied',
    { ...app, egressDeny: [{ toServices: [{ k8sService: { serviceName: 'shop' } }] }] },
    'service-denied',
    'egressDeny[0].toServices',
  ),
  namespaced(
    'a Service that may not exist',
    { ...app, egress: [{ toServices: [{ k8sService: { serviceName: 'db' } }], toPorts: [{ ports: ['5432/TCP'] }] }] },
    'service-unknown',
    'egress[0].toServices',
  ),
  namespaced(
    'the API server by its Service',
    { ...app, egress: [{ toServices: [{ k8sService: { serviceName: 'kubernetes', namespace: 'default' } }] }] },
    'service-of-api-server',
    'egress[0].toServices[0].k8sService',
  ),
  namespaced(
    'names that are denied',
    loose({ ...app, egressDeny: [{ toFQDNs: ['a.example'] }] }),
    'unknown-field',
    'egressDeny[0].toFQDNs',
  ),
  namespaced(
    'requirements after 1.18',
    { ...app, ingress: [{ fromRequires: [{ matchLabels: { env: 'prod' } }] }] },
    'size',
    'ingress[0].fromRequires',
    { ...agent, versions: ['1.19.6', '1.20.0'] },
  ),

  // Ports
  namespaced('no ports', web({}), 'no-ports', 'ingress[0].toPorts[0].ports'),
  namespaced(
    'ports without their list',
    loose({ ...app, ingress: [{ toPorts: [{ port: '80', protocol: 'TCP' }] }] }),
    'unknown-field',
    'ingress[0].toPorts[0].port',
  ),
  namespaced('a port above 65535', web({ ports: ['70000/TCP'] }), 'port', 'ingress[0].toPorts[0].ports[0].port', agent),
  namespaced(
    'a name that is too long',
    web({ ports: ['prometheus-metrics/TCP'] }),
    'port',
    'ingress[0].toPorts[0].ports[0].port',
    agent,
  ),
  namespaced('a leading zero', web({ ports: ['0443/TCP'] }), 'port', 'ingress[0].toPorts[0].ports[0].port'),
  namespaced('a protocol in lower case', web({ ports: ['80/tcp'] }), 'word', 'ingress[0].toPorts[0].ports[0].protocol'),
  namespaced(
    'a range that ends before its start',
    web({ ports: ['9000-8000/TCP'] }),
    'port-range',
    'ingress[0].toPorts[0].ports[0].endPort',
  ),
  namespaced(
    'a range that starts with a name',
    web({ ports: [{ port: 'http', endPort: 90 }] }),
    'port-range',
    'ingress[0].toPorts[0].ports[0].endPort',
  ),
  namespaced(
    '41 ports',
    web({ ports: Array.from({ length: 41 }, (_, i) => i + 1) }),
    'size',
    'ingress[0].toPorts[0].ports',
    agent,
  ),
  namespaced(
    '41 ports that are denied',
    {
      ...app,
      ingressDeny: [{ toPorts: [{ ports: Array.from({ length: 41 }, (_, i) => i + 1) }] }],
      enableDefaultDeny: { ingress: false },
    },
    'too-many-ports',
    'ingressDeny[0].toPorts[0].ports',
    agent,
  ),
  namespaced('VRRP before 1.19', web({ ports: ['0/VRRP'] }), 'word', 'ingress[0].toPorts[0].ports[0].protocol', {
    ...agent,
    versions: ['1.18.4'],
  }),
  namespaced(
    'VRRP with a port',
    web({ ports: ['112/VRRP'] }),
    'protocol-without-ports',
    'ingress[0].toPorts[0].ports[0].port',
    {
      ...agent,
      versions: ['1.19.6', '1.20.0'],
    },
  ),
  namespaced(
    'ICMP as a protocol',
    web({ ports: ['8/ICMP'] }),
    'word',
    'ingress[0].toPorts[0].ports[0].protocol',
    agent,
  ),
  namespaced(
    'ICMP next to ports',
    { ...app, ingress: [{ icmps: [{ fields: [{ type: 8 }] }], toPorts: [{ ports: ['80/TCP'] }] }] },
    'icmp-with-ports',
    'ingress[0].icmps',
    agent,
  ),
  namespaced(
    'a type of ICMPv6 for IPv4',
    { ...app, ingress: [{ icmps: [{ fields: [{ type: 'NeighborSolicitation' }] }] }] },
    'icmp-type',
    'ingress[0].icmps[0].fields[0].type',
    agent,
  ),
  namespaced(
    'an ICMP type above 255',
    { ...app, ingress: [{ icmps: [{ fields: [{ type: 256 }] }] }] },
    'icmp-type',
    'ingress[0].icmps[0].fields[0].type',
  ),

  // Layer 7
  namespaced(
    'HTTP on any protocol',
    web({ ports: ['80'], rules: { http: [{ path: '/' }] } }),
    'l7-protocol',
    'ingress[0].toPorts[0].ports[0].protocol',
    agent,
  ),
  namespaced(
    'HTTP on UDP',
    web({ ports: ['80/UDP'], rules: { http: [{ path: '/' }] } }),
    'l7-protocol',
    'ingress[0].toPorts[0].ports[0].protocol',
    agent,
  ),
  namespaced(
    'HTTP on every port',
    web({ ports: ['0/TCP'], rules: { http: [{ path: '/' }] } }),
    'l7-every-port',
    'ingress[0].toPorts[0].ports[0].port',
    agent,
  ),
  namespaced(
    'HTTP without rules',
    web({ ports: ['80/TCP'], rules: { http: [] } }),
    'empty-l7',
    'ingress[0].toPorts[0].rules',
  ),
  namespaced(
    'HTTP and DNS at once',
    web({ ports: ['80/TCP'], rules: { http: [{}], dns: ['*'] } }),
    'choice',
    'ingress[0].toPorts[0].rules.http',
    agent,
  ),
  namespaced(
    'HTTP that is denied',
    loose({ ...app, ingressDeny: [{ toPorts: [{ ports: ['80/TCP'], rules: { http: [{ path: '/admin' }] } }] }] }),
    'unknown-field',
    'ingressDeny[0].toPorts[0].rules',
  ),
  namespaced(
    'a path with a lookahead',
    web({ ports: ['80/TCP'], rules: { http: [{ path: '/(?!admin)' }] } }),
    'http-regexp',
    'ingress[0].toPorts[0].rules.http[0].path',
    agent,
  ),
  namespaced(
    'a glob',
    web({ ports: ['80/TCP'], rules: { http: [{ path: '/api/*' }] } }),
    'http-glob',
    'ingress[0].toPorts[0].rules.http[0].path',
  ),
  namespaced(
    'a method in lower case',
    web({ ports: ['80/TCP'], rules: { http: [{ method: 'get|post' }] } }),
    'http-method',
    'ingress[0].toPorts[0].rules.http[0].method',
  ),
  namespaced(
    'a header without a space',
    web({ ports: ['80/TCP'], rules: { http: [{ headers: ['X-Tenant:a'] }] } }),
    'http-header',
    'ingress[0].toPorts[0].rules.http[0].headers[0]',
  ),
  namespaced(
    'Kafka after 1.19',
    web({ ports: ['9092/TCP'], rules: { kafka: [{ role: 'produce' }] } }),
    'unknown-field',
    'ingress[0].toPorts[0].rules.kafka',
    {
      versions: ['1.20.0'],
    },
  ),
  namespaced(
    'DNS on ingress',
    web({ ports: ['53/UDP'], rules: { dns: ['*'] } }),
    'dns-on-ingress',
    'ingress[0].toPorts[0].rules.dns',
    agent,
  ),
  namespaced(
    'DNS on a range',
    { ...app, egress: [{ toPorts: [{ ports: ['53-54/UDP'], rules: { dns: ['*'] } }] }] },
    'dns-range',
    'egress[0].toPorts[0].ports[0].endPort',
    agent,
  ),
  namespaced(
    'a name with a scheme',
    { ...app, egress: [{ toFQDNs: ['https://a.example'] }] },
    'text',
    'egress[0].toFQDNs[0].matchName',
    agent,
  ),
  namespaced(
    'a name and a pattern',
    { ...app, egress: [{ toFQDNs: [{ matchName: 'a.example', matchPattern: '*.example' }] }] },
    'choice',
    'egress[0].toFQDNs[0].matchName',
    agent,
  ),
  namespaced(
    'names that no DNS rule allows',
    { ...app, egress: [{ toFQDNs: ['a.example'] }] },
    'names-unseen',
    'egress[0].toFQDNs',
  ),
  namespaced(
    'a name that the DNS rule does not allow',
    {
      ...app,
      egress: [{ toPorts: [{ ports: ['53/UDP'], rules: { dns: ['*.a.example'] } }] }, { toFQDNs: ['a.example'] }],
    },
    'name-refused',
    'egress[1].toFQDNs[0]',
  ),
  namespaced(
    'a name inside the cluster',
    { ...app, egress: [{ toFQDNs: ['db.shop.svc.cluster.local'] }] },
    'name-of-cluster',
    'egress[0].toFQDNs[0]',
  ),
  namespaced(
    'a database without DNS',
    { ...app, egress: [{ toEndpoints: [{ matchLabels: { app: 'db' } }], toPorts: [{ ports: ['5432/TCP'] }] }] },
    'no-dns',
    'egress',
  ),
  namespaced(
    'a listener on ingress',
    web({ ports: ['80/TCP'], listener: { name: 'a', envoyConfig: { name: 'a' } } }),
    'listener',
    'ingress[0].toPorts[0].listener',
    agent,
  ),
  namespaced(
    'server names next to HTTP rules',
    {
      ...app,
      egress: [{ toPorts: [{ ports: ['443/TCP'], serverNames: ['a.example'], rules: { http: [{ path: '/' }] } }] }],
    },
    'server-names',
    'egress[0].toPorts[0].serverNames',
    agent,
  ),
  namespaced(
    'DNS rules without default deny',
    {
      ...app,
      enableDefaultDeny: { egress: false },
      egress: [{ toPorts: [{ ports: ['53/UDP'], rules: { dns: ['a.example'] } }] }],
    },
    'default-deny-l7',
    'egress[0].toPorts[0].rules',
  ),

  // Nodes
  clusterwide(
    'HTTP for nodes',
    { ...node, ingress: [{ toPorts: [{ ports: ['80/TCP'], rules: { http: [{ path: '/' }] } }] }] },
    'host-l7',
    'ingress[0].toPorts[0].rules.http',
    agent,
  ),
  clusterwide(
    'DNS rules for nodes on ingress',
    { ...node, ingress: [{ toPorts: [{ ports: ['53/UDP'], rules: { dns: ['*'] } }] }] },
    'host-l7',
    'ingress[0].toPorts[0].rules.dns',
    agent,
  ),

  // Several sets of rules
  namespaced(
    'a mistake in the second set',
    {
      specs: [
        { ...app, ingress: [{}] },
        { ...app, ingress: [{ fromEndpoints: [{}], fromCIDR: ['192.0.2.0/24'] }] },
      ],
    },
    'peers-combined',
    'specs[1].ingress[0].fromEndpoints',
    agent,
  ),
];
