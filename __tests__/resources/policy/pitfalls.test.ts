import type { ResourceProps, ResourceKind } from '../../../lib/resource/kind';
import { clusterwideNetworkPolicy, networkPolicy } from '../../../lib/resources/policy/network-policy';
import { itFindsInResources } from '../../wrong';
import { resourceExampleFindings } from '../../../upstream/rules/resources';
import type { WrongResource } from '../../wrong';
import type { KubernetesObject } from '../../../lib/kubernetes/types';

const app = { endpointSelector: { matchLabels: { app: 'shop' } } };
const DNS = { toPorts: [{ ports: ['53/UDP', '53/TCP'], rules: { dns: ['*'] } }] };
const NAMESPACE = 'k8s:io.kubernetes.pod.namespace';
const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';
const from = (...fromEndpoints: object[]): object => ({ ...app, ingress: [{ fromEndpoints }] });
const to = (rule: object): object => ({ ...app, egress: [DNS, rule] });
const http = (rule: object, port = '80/TCP', more: object = {}): object => ({
  ...app,
  ingress: [{ toPorts: [{ ports: [port], rules: { http: [rule] }, ...more }] }],
});

/** Policies that Cilium accepts, but that do not do what they seem to. */
const ROWS: readonly WrongResource[] = [
  // Labels
  [
    "ignored-label ingress[0].fromEndpoints[0].matchLabels['kubernetes.io/metadata.name']",
    from({ matchLabels: { 'kubernetes.io/metadata.name': 'shop' } }),
  ],
  [
    "ignored-label ingress[0].fromEndpoints[0].matchLabels['k8s:io.kubernetes.pod.namespace.labels.team']",
    from({ matchLabels: { [`${NAMESPACE}.labels.team`]: 'shop' } }),
  ],
  [
    "ignored-label endpointSelector.matchLabels['statefulset.kubernetes.io/pod-name']",
    { endpointSelector: { matchLabels: { 'statefulset.kubernetes.io/pod-name': 'db-0' } }, ingress: [{}] },
  ],
  [
    'ignored-label endpointSelector.matchLabels.pod-template-hash',
    { endpointSelector: { matchLabels: { 'pod-template-hash': '5d4f8c7b9' } }, ingress: [{}] },
  ],
  [
    'ignored-label ingress[0].fromEndpoints[0].matchLabels.controller-uid',
    from({ matchLabels: { 'controller-uid': '0d9b5a5e' } }),
  ],
  [
    'ignored-label endpointSelector.matchExpressions[0]',
    {
      endpointSelector: { matchExpressions: [{ key: 'batch.kubernetes.io/job-completion-index', operator: 'Exists' }] },
      ingress: [{}],
    },
  ],
  [
    "ignored-label ingress[0].fromEndpoints[0].matchLabels['topology.kubernetes.io/zone']",
    from({ matchLabels: { 'topology.kubernetes.io/zone': 'a' } }),
    { version: '1.19.6' },
  ],
  [
    'impossible-selector ingress[0].fromEndpoints[0]',
    from({ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'k8s:app', operator: 'NotIn', values: ['web'] }] }),
  ],
  [
    'host-pods egress[1].toEndpoints[0]',
    to({ toEndpoints: [{ matchLabels: { component: 'kube-apiserver', [NAMESPACE]: 'kube-system' } }] }),
  ],
  [
    'host-pods endpointSelector',
    { namespace: 'kube-system', endpointSelector: { matchLabels: { 'k8s-app': 'cilium' } }, ingress: [{}] },
  ],
  [
    'host-pods endpointSelector',
    { namespace: 'kube-system', endpointSelector: { matchLabels: { tier: 'control-plane' } }, ingress: [{}] },
  ],
  [
    'dns-label egress[1].toEndpoints[0]',
    to({ toEndpoints: [{ matchLabels: { 'k8s-app': 'coredns', [NAMESPACE]: 'kube-system' } }] }),
  ],
  // Names
  ['name-is-address egress[1].toFQDNs[0]', to({ toFQDNs: ['192.0.2.7'] })],
  ['name-is-address egress[1].toFQDNs[0]', to({ toFQDNs: [{ matchName: '192.0.2.7' }] })],
  ['name-without-dot egress[1].toFQDNs[0]', to({ toFQDNs: ['database'] })],
  ['deep-pattern egress[1].toFQDNs[0].matchPattern', to({ toFQDNs: ['**.example.com'] }), { version: '1.18.11' }],
  [
    'dns-in-tls egress[0].toPorts[0].ports[0].port',
    { ...app, egress: [{ toPorts: [{ ports: ['443/TCP'], rules: { dns: ['*'] } }] }] },
  ],
  [
    'dns-in-tls egress[0].toPorts[0].ports[1].port',
    { ...app, egress: [{ toPorts: [{ ports: ['53/UDP', '853/TCP'], rules: { dns: ['*'] } }] }] },
  ],
  ['empty-peers egress[1].toFQDNs', to({ toFQDNs: [] })],
  // Layer 7
  ['http-path ingress[0].toPorts[0].rules.http[0].path', http({ path: 'public/.*' })],
  ['http-path ingress[0].toPorts[0].rules.http[0].path', http({ path: '/search?q=.*' })],
  ['http-host ingress[0].toPorts[0].rules.http[0].host', http({ host: 'https://shop.example.com' })],
  ['http-host ingress[0].toPorts[0].rules.http[0].host', http({ host: 'shop.example.com/public' })],
  ['http-method ingress[0].toPorts[0].rules.http[0].method', http({ method: 'GET,POST' })],
  ['http-method ingress[0].toPorts[0].rules.http[0].method', http({ method: 'GET POST' })],
  ['http-header ingress[0].toPorts[0].rules.http[0].headers[0]', http({ headers: ['X-Token=42'] })],
  ['http-in-tls ingress[0].toPorts[0].ports[0].port', http({ method: 'GET' }, '443/TCP')],
  // Peers
  [
    'api-server-port egress[1].toPorts[0].ports[0].port',
    to({ toEntities: ['kube-apiserver'], toPorts: [{ ports: ['443/TCP'] }] }),
  ],
  ['except-all egress[1].toCIDRSet[0].except[0]', to({ toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] }] })],
  ['service-anywhere egress[1].toServices[0].k8sService', to({ toServices: [{ k8sService: { serviceName: 'db' } }] })],
  [
    'service-anywhere egress[1].toServices[0].k8sServiceSelector',
    to({ toServices: [{ k8sServiceSelector: { selector: { matchLabels: { app: 'db' } } } }] }),
  ],
  ['groups-off egress[1].toGroups', to({ toGroups: [{ aws: { securityGroupsNames: ['db'] } }] }), { values: {} }],
];

/** The same for nodes, and for all namespaces. */
const CLUSTERWIDE: readonly WrongResource[] = [
  [
    "node-label nodeSelector.matchLabels['node-role.kubernetes.io/control-plane']",
    { nodeSelector: { matchLabels: { [CONTROL_PLANE]: 'true' } }, ingress: [{}] },
  ],
  [
    'node-label nodeSelector.matchExpressions[0]',
    {
      nodeSelector: { matchExpressions: [{ key: 'node-role.kubernetes.io/master', operator: 'Exists' }] },
      ingress: [{}],
    },
  ],
  [
    "ignored-label nodeSelector.matchLabels['kubernetes.io/os']",
    { nodeSelector: { matchLabels: { 'kubernetes.io/os': 'linux' } }, ingress: [{}] },
  ],
  [
    "ignored-label nodeSelector.matchLabels['kubernetes.io/hostname']",
    { nodeSelector: { matchLabels: { 'kubernetes.io/hostname': 'worker-1' } }, ingress: [{}] },
  ],
  ['no-endpoint endpointSelector', { endpointSelector: { matchLabels: { 'reserved:host': '' } }, ingress: [{}] }],
  [
    'no-endpoint endpointSelector',
    { endpointSelector: { matchExpressions: [{ key: 'reserved:world', operator: 'Exists' }] }, egress: [{}] },
  ],
];

describe('pitfalls of network policies are found:', () => {
  itFindsInResources('network-policy', ROWS);
});

describe('pitfalls of clusterwide network policies are found:', () => {
  itFindsInResources('clusterwide-network-policy', CLUSTERWIDE);
});

/** Policies that resemble these and are right. */
const GOOD: readonly (readonly [what: string, of: ResourceKind, props: object, version?: string])[] = [
  [
    'labels that count',
    networkPolicy as ResourceKind,
    from({ matchLabels: { 'app.kubernetes.io/name': 'web', [NAMESPACE]: 'web' } }),
  ],
  [
    'labels of namespaces',
    networkPolicy as ResourceKind,
    from({ matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.team': 'web' } }),
  ],
  [
    'DNS by two labels',
    networkPolicy as ResourceKind,
    {
      ...app,
      egress: [
        {
          toEndpoints: ['kube-dns', 'coredns'].map((name) => ({
            matchLabels: { [NAMESPACE]: 'kube-system', 'k8s-app': name },
          })),
          ...DNS,
        },
      ],
    },
  ],
  [
    'both ports of the API server',
    networkPolicy as ResourceKind,
    to({ toEntities: ['kube-apiserver'], toPorts: [{ ports: ['443/TCP', '6443/TCP'] }] }),
  ],
  [
    'a range with that port',
    networkPolicy as ResourceKind,
    to({ toEntities: ['kube-apiserver'], toPorts: [{ ports: ['443/TCP', '6000-7000/TCP'] }] }),
  ],
  [
    'paths of any beginning',
    networkPolicy as ResourceKind,
    http({ path: '.*\\.html', method: 'GET|HEAD', host: 'shop[.]example[.]com' }),
  ],
  ['a query', networkPolicy as ResourceKind, http({ path: '/search\\?q=.*' })],
  ['an optional query', networkPolicy as ResourceKind, http({ path: '/search(\\?q=.*)?' })],
  ['patterns of several labels', networkPolicy as ResourceKind, to({ toFQDNs: ['**.example.com'] }), '1.19.6'],
  [
    'control planes',
    clusterwideNetworkPolicy as ResourceKind,
    { nodeSelector: { matchLabels: { [CONTROL_PLANE]: '' } }, ingress: [{}] },
  ],
  [
    'the health endpoint',
    clusterwideNetworkPolicy as ResourceKind,
    { endpointSelector: { matchLabels: { 'reserved:health': '' } }, ingress: [{}] },
  ],
];

it.each(GOOD.map(([what, of, props, version = '1.18.4']) => [what, of, props, version] as const))(
  'there are no findings for %s',
  (_, of, props, version) => {
    expect(resourceExampleFindings(of, { props: props as ResourceProps, version })).toEqual([]);
  },
);

it('labels that the values list are not ignored', () => {
  const props = from({ matchLabels: { 'statefulset.kubernetes.io/pod-name': 'db-0' } }) as ResourceProps;
  expect(
    resourceExampleFindings(networkPolicy as ResourceKind, {
      props,
      values: { labels: 'k8s:app k8s:statefulset.kubernetes.io/pod-name' },
    }),
  ).toEqual([]);
});

it.each<[object, RegExp]>([
  [{ ...app, ingress: [{ from: [{ podSelector: {} }] }] }, /fromEndpoints/],
  [{ ...app, egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] }, /toEndpoints/],
  [{ ...app, egress: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }, /toCIDRSet/],
  [{ ...app, egress: [{ toEndpoints: [{ namespaceSelector: {} }] }] }, /io\.kubernetes\.pod\.namespace/],
  [{ specs: [{ ...app, ingress: [{ fromEndpoints: [{ podSelector: {} }] }] }] }, /right here/],
  [{ ...app, ingress: [{ fromEndpoints: [{ app: 'web' }] }] }, /matchLabels: { 'app': … }/],
  [{ ...app, ingress: [{ ports: [{ port: '80' }] }] }, /toPorts/],
  [{ ...app, ingress: [{ toPorts: [{ ports: [{ port: '8', protocol: 'ICMP' }] }] }] }, /icmps/],
  [{ ...app, ingress: [{ toPorts: [{ ports: [{ port: '8000-9000' }] }] }] }, /endPort: 9000/],
  [{ ...app, egressDeny: [{ toFQDNs: [{ matchName: 'a.example.com' }] }] }, /cannot be denied/],
  [
    { ...app, ingressDeny: [{ toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [{}] } }] }] },
    /whole ports/,
  ],
  [{ ...app, egress: [{ toEndpoints: [{}], auth: { type: 'required' } }] }, /authentication/],
  [to({ toFQDNs: [{ matchName: '*.example.com' }] }), /into a pattern/],
])('the hint for %j names the right field', (props, hint) => {
  expect(
    resourceExampleFindings(networkPolicy as ResourceKind, { props: props as ResourceProps }).map(
      (found) => found.hint,
    ),
  ).toContainEqual(expect.stringMatching(hint));
});

it('a label with an invalid value is reported once', () => {
  const said = resourceExampleFindings(networkPolicy as ResourceKind, {
    props: from({ matchLabels: { app: 'web-*' } }) as ResourceProps,
  });
  expect(said).toHaveLength(1);
});

describe('ports of a Service in place of those of its pods', () => {
  const service = (spec: object, namespace = 'default'): KubernetesObject =>
    ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'db', namespace },
      spec: { selector: { app: 'db', tier: 'back' }, ...spec },
    }) as KubernetesObject;
  const mapped = service({ ports: [{ port: 80, targetPort: 8080 }] });
  const toDb = (port: string, labels: object = { app: 'db' }): object =>
    to({ toEndpoints: [{ matchLabels: labels }], toPorts: [{ ports: [port] }] });
  const said = (props: object, ...services: KubernetesObject[]): readonly string[] =>
    resourceExampleFindings(networkPolicy as ResourceKind, { props: props as ResourceProps, services })
      .filter(({ id }) => id.endsWith('/port-of-service'))
      .map(({ paths, hint }) => `${String(paths[0])} ${hint}`);

  it.each<[string, object]>([
    ['egress[1].toPorts[0].ports[0].port', toDb('80/TCP')],
    ['egress[1].toPorts[0].ports[0].port', toDb('80/TCP', { 'k8s:app': 'db', [NAMESPACE]: 'default' })],
    [
      'ingress[0].toPorts[0].ports[0].port',
      { endpointSelector: { matchLabels: { app: 'db' } }, ingress: [{ toPorts: [{ ports: ['80/TCP'] }] }] },
    ],
  ])('are found at %s', (place, props) => {
    expect(said(props, mapped)).toEqual([`${place} Write '8080'.`]);
  });

  it.each<[string, object, KubernetesObject]>([
    ['the port of the pods', toDb('8080/TCP'), mapped],
    [
      'both',
      to({ toEndpoints: [{ matchLabels: { app: 'db' } }], toPorts: [{ ports: ['80/TCP', '8080/TCP'] }] }),
      mapped,
    ],
    ['a range', toDb('80-9000/TCP'), mapped],
    ['the name of a port', toDb('80/TCP'), service({ ports: [{ port: 80, targetPort: 'http' }] })],
    ['a Service without another port', toDb('80/TCP'), service({ ports: [{ port: 80 }] })],
    [
      'a port that pods have, too',
      toDb('80/TCP'),
      service({
        ports: [
          { port: 80, targetPort: 8080 },
          { port: 81, targetPort: 80 },
        ],
      }),
    ],
    ['a Service of another namespace', toDb('80/TCP'), service({ ports: [{ port: 80, targetPort: 8080 }] }, 'shop')],
    ['other pods', toDb('80/TCP', { app: 'web' }), mapped],
    ['all pods', to({ toEndpoints: [{}], toPorts: [{ ports: ['80/TCP'] }] }), mapped],
  ])('are not found for %s', (_, props, beside) => {
    expect(said(props, beside)).toEqual([]);
  });
});
