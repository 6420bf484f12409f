import { itFindsInResources } from '../../wrong';
import type { WrongResource } from '../../wrong';

const backendRefs = [{ name: 'web', port: 8080 }];
const parentRefs = [{ name: 'home' }];
const route = (change: object = {}): object => ({ parentRefs, rules: [{ backendRefs }], ...change });
const ruled = (...rules: readonly object[]): object =>
  route({ rules: rules.map((rule) => ({ backendRefs, ...rule })) });
const matching = (...matches: readonly unknown[]): object => ruled({ matches });
const filtered = (...filters: readonly object[]): object => ruled({ filters });
const to = (...refs: readonly object[]): object => route({ rules: [{ backendRefs: refs }] });
const under = (...refs: readonly object[]): object => route({ parentRefs: refs });
const redirect = (requestRedirect: object): object => ({ type: 'RequestRedirect', requestRedirect });
const headers = (requestHeaderModifier: object): object => ({ type: 'RequestHeaderModifier', requestHeaderModifier });

const V20 = { version: '1.20.0' };
const http = { name: 'http', port: 80, protocol: 'HTTP' };
const https = { name: 'https', port: 443, protocol: 'HTTPS', tls: { certificateRefs: ['home-tls'] } };
const pass = {
  name: 'pass',
  port: 8443,
  protocol: 'TLS',
  tls: { mode: 'Passthrough' },
  allowedRoutes: { kinds: [{ kind: 'TLSRoute' }] },
};
const beside = (...listeners: readonly object[]): WrongResource[2] => ({
  others: [{ subject: 'gateway', props: { name: 'home', listeners } }],
});
const service = (namespace: string, ...ports: readonly object[]): WrongResource[2] => ({
  services: [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace }, spec: { ports } }],
});

/** Routes that do not reach their gateway. */
const PARENT_ROWS: readonly WrongResource[] = [
  ['no-parent parentRefs', route({ parentRefs: undefined })],
  ['type parentRefs', route({ parentRefs: 'home' })],
  ['type parentRefs[0]', under('home' as unknown as object)],
  ['json parentRefs', route({ parentRefs: new Date(0) })],
  ['unknown-field gateways', route({ gateways: ['home'] })],
  ['unknown-field parentRefs[0].listener', under({ name: 'home', listener: 'http' })],
  ['unknown-field parentRefs[0].sectionNames', under({ name: 'home', sectionNames: ['http'] })],
  ['parent-twice parentRefs[0]', under({ name: 'home' }, { name: 'home', sectionName: 'http' })],
  ['unknown-gateway parentRefs[0].name', under({ name: 'Home' }), beside(http)],
  ['unknown-gateway parentRefs[0].name', under({ name: 'cilium-gateway-home' }), beside(http)],
  ['unknown-gateway parentRefs[0].namespace', route({ namespace: 'shop' }), beside(http)],
  ['listener parentRefs[0].sectionName', under({ name: 'home', sectionName: 'https' }), beside(http)],
  ['listener parentRefs[0].port', under({ name: 'home', port: 8080 }), beside(http)],
  ['listener parentRefs[0].port', under({ name: 'home', sectionName: 'http', port: 443 }), beside(http, https)],
  ['parent-kind parentRefs[0].kind', under({ kind: 'gateway', name: 'home' })],
  ['parent-kind parentRefs[0].kind', under({ kind: 'GatewayClass', name: 'cilium' })],
  ['parent-kind parentRefs[0].kind', under({ kind: 'ServiceImport', group: 'multicluster.x-k8s.io', name: 'web' })],
  ['parent-kind parentRefs[0].kind', under({ kind: 'ListenerSet', name: 'shop' })],
  ['parent-kind parentRefs[0].group', under({ kind: 'Service', name: 'web' })],
  ['parent-kind parentRefs[0].group', under({ group: '', name: 'home' })],
  ['text parentRefs[0].group', under({ group: 'gateway.networking.k8s.io/v1', name: 'home' })],
  ['parent-elsewhere parentRefs[0].namespace', under({ kind: 'Service', group: '', name: 'web', namespace: 'shop' })],
  [
    'namespace-not-allowed parentRefs[0]',
    route({ namespace: 'shop', parentRefs: [{ name: 'home', namespace: 'default' }] }),
    beside(http),
  ],
  [
    'namespace-not-allowed parentRefs[0]',
    route({ namespace: 'shop', parentRefs: [{ name: 'home', namespace: 'default' }] }),
    beside({
      ...http,
      allowedRoutes: {
        namespaces: { from: 'Selector', selector: { matchLabels: { 'kubernetes.io/metadata.name': 'web' } } },
      },
    }),
  ],
  ['kind-not-allowed parentRefs[0]', under({ name: 'home', sectionName: 'pass' }), beside(http, pass)],
  ['kind-not-allowed parentRefs[0]', route(), beside({ ...http, allowedRoutes: { kinds: [{ kind: 'GRPCRoute' }] } })],
  ['kinds-of-others parentRefs[0]', under({ name: 'home', sectionName: 'http' }), beside(http, pass)],
  [
    'not-for-all-listeners parentRefs[0]',
    route({ namespace: 'shop', parentRefs: [{ name: 'home', namespace: 'default' }] }),
    beside(http, { ...https, allowedRoutes: 'All' }),
  ],
  ['kinds-of-others parentRefs[0]', route(), { ...beside(http, pass), version: '1.20.0' }],
  ['text hostnames[0]', route({ hostnames: ['https://www.example.test'] })],
  ['text hostnames[0]', route({ hostnames: ['www.example.test/api'] })],
  ['text hostnames[0]', route({ hostnames: ['*'] })],
  ['text hostnames[0]', route({ hostnames: ['WWW.example.test'] })],
  ['type hostnames', route({ hostnames: 'www.example.test' })],
  ['unknown-field host', route({ host: 'www.example.test' })],
  ['unknown-field rules[0].host', ruled({ host: 'www.example.test' })],
  ['hostname warning hostnames[0]', route({ hostnames: ['192.168.1.200'] })],
  [
    'no-common-hostname parentRefs[0]',
    route({ hostnames: ['example.test'] }),
    beside({ ...http, hostname: '*.example.test' }),
  ],
  ['off cilium.gatewayAPI.enabled', route(), { values: {} }],
];

/** Routes with wrong rules. */
const RULE_ROWS: readonly WrongResource[] = [
  ['no-backend rules', route({ rules: undefined })],
  ['no-backend rules[0].backendRefs', route({ rules: [{ matches: ['/api'] }] })],
  ['type rules', route({ rules: { backendRefs } })],
  ['unknown-field backendRefs', route({ rules: undefined, backendRefs })],
  ['unknown-field rules[0].backends', route({ rules: [{ backends: backendRefs }] })],
  ['unknown-field rules[0].path', ruled({ path: '/api' })],
  ['unknown-field rules[0].backendRefs[0].serviceName', to({ name: 'web', serviceName: 'web', port: 8080 })],
  ['required rules[0].backendRefs[0].name', to({ port: 8080 })],
  ['type rules[0].backendRefs[0].port', to({ name: 'web', port: '8080' })],
  ['type rules[0].backendRefs[0].port', to({ name: 'web', port: 'http' })],
  ['backend-port rules[0].backendRefs[0].port', to({ name: 'web' })],
  ['backend-kind rules[0].backendRefs[0].kind', to({ kind: 'Deployment', group: 'apps', name: 'web', port: 8080 })],
  ['backend-kind rules[0].backendRefs[0].kind', to({ kind: 'Service', group: 'v1', name: 'web', port: 8080 })],
  ['backend-elsewhere rules[0].backendRefs[0].namespace', to({ name: 'web', namespace: 'shop', port: 8080 })],
  [
    'service-port rules[0].backendRefs[0].port',
    to({ name: 'web', port: 80 }),
    service('default', { port: 8080, targetPort: 80 }),
  ],
  ['service-elsewhere rules[0].backendRefs[0]', to({ name: 'web', port: 8080 }), service('shop', { port: 8080 })],
  ['weights rules[0].backendRefs', to({ name: 'web', port: 8080, weight: 0 })],
  ['range rules[0].backendRefs[0].weight', to({ name: 'web', port: 8080, weight: -1 })],
  ['path rules[0].matches[0].path.value', matching('api')],
  ['path rules[0].matches[0].path.value', matching('/api?debug=1')],
  ['path rules[0].matches[0].path.value', matching('/a b')],
  ['path rules[0].matches[0].path.value', matching('/api/../admin')],
  ['pattern-in-path rules[0].matches[0].path.value', matching('/api/*')],
  ['path rules[0].matches[0].path.value', matching('/api(/|$)(.*)')],
  ['pattern-in-path rules[0].matches[0].path.value', matching('/api(.*)')],
  ['word rules[0].matches[0].path.type', matching({ path: { type: 'Prefix', value: '/api' } })],
  ['type rules[0].matches[0].path', matching({ path: '/api' })],
  [
    'regular-expression rules[0].matches[0].path.value',
    matching({ path: { type: 'RegularExpression', value: '/api/(?!admin)' } }),
  ],
  [
    'regular-expression rules[0].matches[0].headers[0].value',
    matching({ headers: [{ type: 'RegularExpression', name: 'a', value: '(' }] }),
  ],
  ['word rules[0].matches[0].method', matching({ method: 'get' })],
  ['type rules[0].matches[0].headers', matching({ headers: { version: '2' } })],
  [
    'duplicate rules[0].matches[0].headers[0]',
    matching({
      headers: [
        { name: 'a', value: '1' },
        { name: 'a', value: '2' },
      ],
    }),
  ],
  ['match-twice rules[0].matches[0]', ruled({ matches: ['/api'] }, { matches: ['/api/'] })],
  ['text rules[0].timeouts.request', ruled({ timeouts: { request: '30' } })],
  ['text rules[0].timeouts.request', ruled({ timeouts: { request: '1.5s' } })],
  ['timeouts rules[0].timeouts.backendRequest', ruled({ timeouts: { request: '5s', backendRequest: '10s' } })],
  ['unknown-field rules[0].timeouts.idle', ruled({ timeouts: { idle: '5s' } })],
  [
    'same-requests rules[0].matches[0]',
    matching('/api'),
    { others: [{ subject: 'http-route', props: { ...matching('/api'), name: 'older' } }] },
  ],
];

/** Routes with wrong filters. */
const FILTER_ROWS: readonly WrongResource[] = [
  ['required rules[0].filters[0].type', filtered({ requestRedirect: { scheme: 'https' } })],
  ['filter-type rules[0].filters[0].requestRedirect', filtered({ type: 'RequestRedirect' })],
  [
    'filter-type rules[0].filters[0].urlRewrite',
    filtered({ type: 'URLRewrite', requestRedirect: { path: { type: 'ReplaceFullPath' } } }),
  ],
  ['word rules[0].filters[0].type', filtered({ type: 'Redirect', requestRedirect: {} })],
  ['unknown-field rules[0].filters[0].requestRedirect.port443', filtered(redirect({ port443: true }))],
  ['redirect-with-backends rules[0].filters[0]', filtered(redirect({ scheme: 'https' }))],
  ['word rules[0].filters[0].requestRedirect.scheme', route({ rules: [{ filters: [redirect({ scheme: 'HTTPS' })] }] })],
  [
    'word rules[0].filters[0].requestRedirect.statusCode',
    route({ rules: [{ filters: [redirect({ statusCode: 200 })] }] }),
  ],
  [
    'redirect-to-itself rules[0].filters[0].requestRedirect',
    route({ rules: [{ filters: [redirect({ scheme: 'https' })] }] }),
    beside(http, https),
  ],
  [
    'redirect-to-itself rules[0].filters[0].requestRedirect',
    route({
      parentRefs: [{ name: 'home', sectionName: 'http' }],
      rules: [{ filters: [redirect({ statusCode: 301 })] }],
    }),
    beside(http, https),
  ],
  [
    'prefix-of-what rules[0].filters[0].urlRewrite.path',
    ruled({
      matches: ['/a', '/b'],
      filters: [{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } } }],
    }),
  ],
  [
    'path-change rules[0].filters[0].urlRewrite.path',
    filtered({ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplaceFullPath', replacePrefixMatch: '/' } } }),
  ],
  [
    'required rules[0].filters[0].urlRewrite.path.type',
    filtered({ type: 'URLRewrite', urlRewrite: { path: { replacePrefixMatch: '/' } } }),
  ],
  [
    'host-header rules[0].filters[0].requestHeaderModifier.set[0].name',
    filtered(headers({ set: [{ name: 'Host', value: 'web.example.test' }] })),
  ],
  [
    'host-header rules[0].filters[0].requestHeaderModifier.add[0].name',
    filtered(headers({ add: [{ name: 'host', value: 'web.example.test' }] })),
  ],
  ['host-header rules[0].filters[0].requestHeaderModifier.remove[0]', filtered(headers({ remove: ['Host'] }))],
  [
    'host-header rules[0].backendRefs[0].filters[0].requestHeaderModifier.set[0].name',
    to({ name: 'web', port: 8080, filters: [headers({ set: [{ name: 'Host', value: 'a.test' }] })] }),
  ],
  [
    'server-header rules[0].filters[0].responseHeaderModifier.remove[0]',
    filtered({ type: 'ResponseHeaderModifier', responseHeaderModifier: { remove: ['Server'] } }),
  ],
  ['type rules[0].filters[0].requestHeaderModifier.set', filtered(headers({ set: { 'x-env': 'test' } }))],
  [
    'text rules[0].filters[0].requestHeaderModifier.set[0].name',
    filtered(headers({ set: [{ name: ':authority', value: 'a.test' }] })),
  ],
  ['filter-twice rules[0].filters[0]', filtered(headers({ remove: ['a'] }), headers({ remove: ['b'] }))],
  [
    'mirror-share rules[0].filters[0].requestMirror.percent',
    filtered({
      type: 'RequestMirror',
      requestMirror: { backendRef: backendRefs[0], percent: 10, fraction: { numerator: 1 } },
    }),
  ],
  [
    'backend-port rules[0].filters[0].requestMirror.backendRef.port',
    filtered({ type: 'RequestMirror', requestMirror: { backendRef: { name: 'copy' } } }),
  ],
  [
    'extension rules[0].filters[0]',
    filtered({ type: 'ExtensionRef', extensionRef: { group: 'traefik.io', kind: 'Middleware', name: 'login' } }),
  ],
  ['word rules[0].filters[0].type', filtered({ type: 'CORS', cors: { allowOrigins: ['*'] } })],
];

/** Routes with fields that the standard channel lacks. */
const EXPERIMENTAL_ROWS: readonly WrongResource[] = [
  ['experimental rules[0].retry', ruled({ retry: { attempts: 2 } })],
  ['retry rules[0].retry.codes[0]', ruled({ retry: { codes: [200] } })],
  ['retry rules[0].retry.attempts', ruled({ retry: { attempts: 0 } })],
  ['retry rules[0].retry.backoff', ruled({ retry: { backoff: '1.5s' } })],
  ['unknown-field rules[0].sessionPersistence', ruled({ sessionPersistence: { sessionName: 'a' } })],
  [
    'word rules[0].filters[0].type',
    filtered({ type: 'ExternalAuth', externalAuth: { protocol: 'HTTP', backendRef: backendRefs[0], http: {} } }),
  ],
  [
    'experimental rules[0].filters[0].externalAuth',
    filtered({ type: 'ExternalAuth', externalAuth: { protocol: 'HTTP', backendRef: backendRefs[0], http: {} } }),
    V20,
  ],
  [
    'external-auth rules[0].filters[0].externalAuth.http',
    filtered({ type: 'ExternalAuth', externalAuth: { protocol: 'HTTP', backendRef: backendRefs[0] } }),
    V20,
  ],
  [
    'external-auth rules[0].filters[0].externalAuth.grpc',
    filtered({
      type: 'ExternalAuth',
      externalAuth: { protocol: 'HTTP', backendRef: backendRefs[0], http: {}, grpc: {} },
    }),
    V20,
  ],
  [
    'external-auth rules[0].filters[0].externalAuth.protocol',
    filtered({ type: 'ExternalAuth', externalAuth: { backendRef: backendRefs[0], http: {} } }),
    V20,
  ],
  [
    'backend-port rules[0].filters[0].externalAuth.backendRef.port',
    filtered({ type: 'ExternalAuth', externalAuth: { protocol: 'GRPC', backendRef: { name: 'login' }, grpc: {} } }),
    V20,
  ],
];

describe('mistakes in HTTPRoutes are found:', () => {
  describe('parents', () => {
    itFindsInResources('http-route', PARENT_ROWS);
  });

  describe('rules', () => {
    itFindsInResources('http-route', RULE_ROWS);
  });

  describe('fields of the experimental channel', () => {
    itFindsInResources('http-route', EXPERIMENTAL_ROWS);
  });

  describe('filters', () => {
    itFindsInResources('http-route', FILTER_ROWS);
  });
});
