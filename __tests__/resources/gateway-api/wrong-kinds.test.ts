import { itFindsInResources } from '../../wrong';
import type { WrongResource } from '../../wrong';

const V20 = { version: '1.20.0' };
const http = { name: 'http', port: 80, protocol: 'HTTP' };
const https = { name: 'https', port: 443, protocol: 'HTTPS', tls: { certificateRefs: ['home-tls'] } };
const pass = { name: 'pass', port: 443, protocol: 'TLS', tls: { mode: 'Passthrough' } };
const tcp = { name: 'tcp', port: 5432, protocol: 'TCP' };
const udp = { name: 'udp', port: 53, protocol: 'UDP' };
const backendRefs = [{ name: 'web', port: 8080 }];
const rules = [{ backendRefs }];
const parentRefs = [{ name: 'home' }];
const home = (...listeners: readonly object[]): { subject: string; props: object } => ({
  subject: 'gateway',
  props: { name: 'home', listeners },
});
const open = (...listeners: readonly object[]): { subject: string; props: object } => ({
  subject: 'gateway',
  props: { name: 'home', listeners, allowedListeners: { namespaces: { from: 'Same' } } },
});
const service = (...ports: readonly object[]): WrongResource[2] => ({
  services: [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'default' }, spec: { ports } }],
});

/** GRPCRoutes as people write them by mistake. */
const GRPC_ROWS: readonly WrongResource[] = [
  ['no-parent parentRefs', { rules }],
  ['kind-not-allowed parentRefs[0]', { parentRefs, rules }, { others: [home(pass)] }],
  [
    'kind-not-allowed parentRefs[0]',
    { parentRefs, rules },
    { others: [home({ ...http, allowedRoutes: { kinds: [{ kind: 'HTTPRoute' }] } })] },
  ],
  [
    'no-common-hostname parentRefs[0]',
    { parentRefs, rules, hostnames: ['a.test'] },
    { others: [home({ ...http, hostname: 'b.test' })] },
  ],
  [
    'namespace-not-allowed error parentRefs[0]',
    { namespace: 'shop', parentRefs: [{ name: 'home', namespace: 'default' }], rules },
    { others: [home(http)] },
  ],
  ['parent-kind parentRefs[0].kind', { parentRefs: [{ kind: 'Service', group: '', name: 'web' }], rules }],
  [
    'parent-kind parentRefs[0].kind',
    { parentRefs: [{ kind: 'ListenerSet', name: 'home' }], rules },
    { version: '1.19.6' },
  ],
  [
    'method rules[0].matches[0].method.service',
    { parentRefs, rules: [{ backendRefs, matches: [{ method: { service: '/shop.v1.Cart' } }] }] },
  ],
  [
    'method rules[0].matches[0].method.method',
    { parentRefs, rules: [{ backendRefs, matches: [{ method: { method: 'Add Item' } }] }] },
  ],
  [
    'method rules[0].matches[0].method',
    { parentRefs, rules: [{ backendRefs, matches: [{ method: { type: 'Exact' } }] }] },
  ],
  [
    'regular-expression rules[0].matches[0].headers[0].value',
    {
      parentRefs,
      rules: [{ backendRefs, matches: [{ headers: [{ type: 'RegularExpression', name: 'a', value: '(' }] }] }],
    },
  ],
  [
    'word rules[0].filters[0].type',
    { parentRefs, rules: [{ backendRefs, filters: [{ type: 'URLRewrite', urlRewrite: { hostname: 'a.test' } }] }] },
  ],
  ['unknown-field rules[0].timeouts', { parentRefs, rules: [{ backendRefs, timeouts: { request: '1s' } }] }],
  ['unknown-field rules[0].sessionPersistence', { parentRefs, rules: [{ backendRefs, sessionPersistence: {} }] }],
  [
    'unknown-field rules[0].matches[0].path',
    { parentRefs, rules: [{ backendRefs, matches: [{ path: { value: '/' } }] }] },
  ],
  [
    'backend-filter warning rules[0].backendRefs[0].filters[0]',
    {
      parentRefs,
      rules: [
        {
          backendRefs: [
            {
              ...backendRefs[0],
              filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['a'] } }],
            },
          ],
        },
      ],
    },
  ],
  [
    'backend-port rules[0].filters[0].requestMirror.backendRef.port',
    {
      parentRefs,
      rules: [{ backendRefs, filters: [{ type: 'RequestMirror', requestMirror: { backendRef: { name: 'copy' } } }] }],
    },
  ],
  ['no-backend warning rules[0].backendRefs', { parentRefs, rules: [{}] }],
  [
    'same-requests rules[0]',
    { parentRefs, rules },
    { others: [{ subject: 'grpc-route', props: { name: 'older', parentRefs, rules } }] },
  ],
  [
    'service-port rules[0].backendRefs[0].port',
    { parentRefs, rules: [{ backendRefs: [{ name: 'web', port: 80 }] }] },
    service({ port: 8080 }),
  ],
];

/** TLSRoutes as people write them by mistake. */
const TLS_ROWS: readonly WrongResource[] = [
  ['required hostnames', { parentRefs, rules }, V20],
  ['size hostnames', { parentRefs, rules, hostnames: [] }, V20],
  ['required rules', { parentRefs, hostnames: ['a.test'] }],
  ['required rules[0].backendRefs', { parentRefs, hostnames: ['a.test'], rules: [{}] }, V20],
  ['hostname error hostnames[0]', { parentRefs, rules, hostnames: ['192.168.1.1'] }, V20],
  ['hostname warning hostnames[0]', { parentRefs, rules, hostnames: ['192.168.1.1'] }],
  ['kind-not-allowed parentRefs[0]', { parentRefs, rules, hostnames: ['a.test'] }, { others: [home(https)] }],
  [
    'no-common-hostname parentRefs[0]',
    { parentRefs, rules, hostnames: ['a.test'] },
    { others: [home({ ...pass, hostname: '*.b.test' })] },
  ],
  [
    'parent-kind parentRefs[0].kind',
    { parentRefs: [{ kind: 'Service', group: '', name: 'web' }], rules, hostnames: ['a.test'] },
    V20,
  ],
  ['several-rules rules[0]', { parentRefs, hostnames: ['a.test'], rules: [...rules, ...rules] }],
  ['size rules', { parentRefs, hostnames: ['a.test'], rules: [...rules, ...rules] }, V20],
  ['unknown-field rules[0].filters', { parentRefs, hostnames: ['a.test'], rules: [{ backendRefs, filters: [] }] }],
  [
    'same-hostname error hostnames[1]',
    { parentRefs: [{ name: 'home', sectionName: 'pass' }], rules, hostnames: ['b.test', 'a.test'] },
    { others: [{ subject: 'tls-route', props: { name: 'older', parentRefs, rules, hostnames: ['a.test'] } }] },
  ],
  [
    'same-hostname error hostnames',
    { parentRefs, rules },
    { others: [{ subject: 'tls-route', props: { name: 'older', parentRefs, rules } }] },
  ],
  [
    'weights warning rules[0].backendRefs',
    {
      parentRefs,
      hostnames: ['a.test'],
      rules: [
        {
          backendRefs: [
            { name: 'a', port: 1, weight: 0 },
            { name: 'b', port: 1, weight: 0 },
          ],
        },
      ],
    },
  ],
];

/** TCPRoutes and UDPRoutes as people write them by mistake. */
const TCP_ROWS: readonly WrongResource[] = [
  ['version cilium.version', { parentRefs, rules }, { version: '1.19.6' }],
  ['size rules', { parentRefs, rules: [...rules, ...rules] }, V20],
  ['size rules[0].backendRefs', { parentRefs, rules: [{ backendRefs: [] }] }, V20],
  ['unknown-field hostnames', { parentRefs, rules, hostnames: ['a.test'] }, V20],
  ['kind-not-allowed parentRefs[0]', { parentRefs, rules }, { ...V20, others: [home(http, udp)] }],
  [
    'listener parentRefs[0].sectionName',
    { parentRefs: [{ name: 'home', sectionName: 'db' }], rules },
    { ...V20, others: [home(tcp)] },
  ],
  [
    'same-listener warning parentRefs[0]',
    { parentRefs: [{ name: 'home', sectionName: 'tcp' }], rules },
    { ...V20, others: [home(tcp), { subject: 'tcp-route', props: { name: 'older', parentRefs, rules } }] },
  ],
  [
    'service-port rules[0].backendRefs[0].port',
    { parentRefs, rules },
    { ...V20, ...service({ port: 8080, protocol: 'UDP' }) },
  ],
  [
    'weight-limit warning rules[0].backendRefs[0].weight',
    {
      parentRefs,
      rules: [
        {
          backendRefs: [
            { name: 'a', port: 1, weight: 1000000 },
            { name: 'b', port: 1 },
          ],
        },
      ],
    },
    V20,
  ],
  [
    'host-network cilium.gatewayAPI.hostNetwork.enabled',
    { parentRefs, rules },
    {
      ...V20,
      values: { kubeProxyReplacement: true, gatewayAPI: { enabled: true, hostNetwork: { enabled: true } } } as never,
    },
  ],
];
const UDP_ROWS: readonly WrongResource[] = [
  ['service-port rules[0].backendRefs[0].port', { parentRefs, rules }, { ...V20, ...service({ port: 8080 }) }],
  ['kind-not-allowed parentRefs[0]', { parentRefs, rules }, { ...V20, others: [home(tcp)] }],
];

const SET = { name: 'set', parentRef: { name: 'home' } };
/** ListenerSets as people write them by mistake. */
const SET_ROWS: readonly WrongResource[] = [
  ['version cilium.version', { ...SET, listeners: [http] }, { version: '1.19.6' }],
  ['required parentRef', { listeners: [http] }, V20],
  ['unknown-field parentRefs', { ...SET, parentRefs: [{ name: 'home' }], listeners: [http] }, V20],
  ['not-allowed error parentRef', { ...SET, listeners: [https] }, { ...V20, others: [home(http)] }],
  [
    'not-allowed error parentRef',
    { ...SET, namespace: 'shop', parentRef: { name: 'home', namespace: 'default' }, listeners: [https] },
    { ...V20, others: [open(http)] },
  ],
  [
    'unknown-gateway warning parentRef.namespace',
    { ...SET, namespace: 'shop', listeners: [https] },
    { ...V20, others: [open(http)] },
  ],
  [
    'listener-conflict error listeners[0]',
    { ...SET, listeners: [http] },
    { ...V20, others: [open({ ...http, name: 'web' })] },
  ],
  [
    'listener-conflict error listeners[0]',
    { ...SET, listeners: [{ ...tcp, port: 80 }] },
    { ...V20, others: [open(http)] },
  ],
  [
    'listener-conflict error listeners[0]',
    { ...SET, listeners: [tcp] },
    { ...V20, others: [open(http), { subject: 'listener-set', props: { ...SET, name: 'older', listeners: [tcp] } }] },
  ],
  ['tls-missing listeners[0].tls', { ...SET, listeners: [{ ...https, tls: undefined }] }, V20],
  [
    'certificate-elsewhere warning listeners[0].tls.certificateRefs[0].namespace',
    { ...SET, listeners: [{ ...https, tls: { certificateRefs: [{ name: 'a', namespace: 'b' }] } }] },
    V20,
  ],
  [
    'route-kind listeners[0].allowedRoutes.kinds[0]',
    { ...SET, listeners: [{ ...http, allowedRoutes: { kinds: [{ kind: 'TCPRoute' }] } }] },
    V20,
  ],
];

const TLS = { hostname: 'web.example.test', caCertificateRefs: ['ca'] };
/** BackendTLSPolicies as people write them by mistake. */
const POLICY_ROWS: readonly WrongResource[] = [
  ['version cilium.version', { targetRefs: ['web'], validation: TLS }, { version: '1.19.6' }],
  ['required validation.hostname', { targetRefs: ['web'], validation: { caCertificateRefs: ['ca'] } }, V20],
  ['text validation.hostname', { targetRefs: ['web'], validation: { ...TLS, hostname: 'https://web' } }, V20],
  ['certificates validation.caCertificateRefs', { targetRefs: ['web'], validation: { hostname: 'a.test' } }, V20],
  [
    'certificates validation.caCertificateRefs',
    { targetRefs: ['web'], validation: { ...TLS, wellKnownCACertificates: 'System' } },
    V20,
  ],
  [
    'certificates validation.caCertificateRefs[0]',
    { targetRefs: ['web'], validation: { ...TLS, caCertificateRefs: ['a', 'b'] } },
    V20,
  ],
  [
    'certificate-kind validation.caCertificateRefs[0]',
    { targetRefs: ['web'], validation: { ...TLS, caCertificateRefs: [{ group: '', kind: 'Secret', name: 'ca' }] } },
    V20,
  ],
  [
    'well-known error validation.wellKnownCACertificates',
    { targetRefs: ['web'], validation: { hostname: 'a.test', wellKnownCACertificates: 'System' } },
    V20,
  ],
  ['unknown-field targetRef', { targetRef: 'web', targetRefs: ['web'], validation: TLS }, V20],
  [
    'target targetRefs[0]',
    { targetRefs: ['web'], namespace: 'shop', validation: TLS },
    { ...V20, ...service({ port: 443 }) },
  ],
  [
    'target targetRefs[0].sectionName',
    { targetRefs: [{ group: '', kind: 'Service', name: 'web', sectionName: '443' }], validation: TLS },
    { ...V20, ...service({ name: 'https', port: 443 }) },
  ],
  [
    'not-for-routes warning targetRefs[0]',
    { targetRefs: ['web'], validation: TLS },
    { ...V20, others: [{ subject: 'tls-route', props: { name: 'a', hostnames: ['a.test'], rules } }] },
  ],
  [
    'certificate error validation.caCertificateRefs[0]',
    { targetRefs: ['web'], validation: TLS },
    {
      ...V20,
      configMaps: [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'ca', namespace: 'default' },
          data: { 'ca.pem': 'x' },
        },
      ] as never,
    },
  ],
];

/** ReferenceGrants as people write them by mistake. */
const GRANT_ROWS: readonly WrongResource[] = [
  ['required from', { to: [{ kind: 'Service' }] }],
  ['required from[0].namespace', { from: [{ kind: 'HTTPRoute' }], to: [{ kind: 'Service' }] }],
  [
    'unknown-field to[0].namespace',
    { from: [{ kind: 'HTTPRoute', namespace: 'a' }], to: [{ kind: 'Service', namespace: 'b' }] },
  ],
  [
    'from warning from[0].group',
    { from: [{ group: '', kind: 'HTTPRoute', namespace: 'a' }], to: [{ kind: 'Service' }] },
  ],
  ['from warning from[0].kind', { from: [{ kind: 'HTTPRoutes', namespace: 'a' }], to: [{ kind: 'Service' }] }],
  ['to warning to[0].kind', { from: [{ kind: 'Gateway', namespace: 'a' }], to: [{ kind: 'Secrets' }] }],
  [
    'same-namespace warning from[0].namespace',
    { namespace: 'a', from: [{ kind: 'Gateway', namespace: 'a' }], to: [{ kind: 'Secret' }] },
  ],
];

describe.each([
  ['grpc-route', GRPC_ROWS],
  ['tls-route', TLS_ROWS],
  ['tcp-route', TCP_ROWS],
  ['udp-route', UDP_ROWS],
  ['listener-set', SET_ROWS],
  ['backend-tls-policy', POLICY_ROWS],
  ['reference-grant', GRANT_ROWS],
] as const)('mistakes of kind %s are found:', (subject, rows) => {
  itFindsInResources(subject, rows);
});
