import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { Cilium, Gateway, GatewayClass, GatewayClassConfig, HTTPRoute, LoadBalancerIPPool } from '../../../lib';
import { resourceFindings, resourceObject } from '../../../lib/resource/resource';
import type { ResourceKind } from '../../../lib/resource/kind';
import { gateway } from '../../../lib/resources/gateway-api/gateway';
import type { GatewayProps, HTTPRouteProps } from '../../../lib/resources/gateway-api/props';
import { gatewayClassConfig } from '../../../lib/resources/gateway-api/gateway-class-config';
import { hostnamesOverlap } from '../../../lib/kubernetes/hostnames';
import { httpRoute } from '../../../lib/resources/gateway-api/http-route';
import { released } from '../../../upstream/rules/released';

const cilium = released('1.18.11');
const HTTP = { name: 'http', port: 80, protocol: 'HTTP' } as const;
const HTTPS = { name: 'https', port: 443, protocol: 'HTTPS', tls: { certificateRefs: ['home-tls'] } } as const;
const plain = { disableResourceNameHashes: true };
const specOf = (props: Omit<GatewayProps, 'cilium'>): object =>
  resourceObject({ of: gateway, name: 'home', props: { cilium, ...props } }).spec as object;
const routeSpecOf = (props: Omit<HTTPRouteProps, 'cilium'>): object =>
  resourceObject({ of: httpRoute, name: 'web', props: { cilium, ...props } }).spec as object;

describe('a gateway', () => {
  it('has the class that Cilium creates, and the given fields', () => {
    const props = { cilium, namespace: 'edge', listeners: [HTTP], metadata: { labels: { team: 'web' } } };
    expect(resourceObject({ of: gateway, name: 'home', props })).toEqual({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'home', namespace: 'edge', labels: { team: 'web' } },
      spec: { gatewayClassName: 'cilium', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
    });
    expect(resourceFindings({ of: gateway, name: 'home', props })).toEqual([]);
  });

  it('accepts certificates, addresses and namespaces in short or in full', () => {
    const secret = { kind: 'Secret', name: 'home-tls' };
    expect(specOf({ listeners: [{ ...HTTPS, allowedRoutes: 'All' }], addresses: ['192.168.1.200'] })).toEqual({
      gatewayClassName: 'cilium',
      addresses: [{ type: 'IPAddress', value: '192.168.1.200' }],
      listeners: [{ ...HTTPS, tls: { certificateRefs: [secret] }, allowedRoutes: { namespaces: { from: 'All' } } }],
    });
    const full = {
      listeners: [
        { ...HTTPS, tls: { certificateRefs: [secret] }, allowedRoutes: { namespaces: { from: 'Same' as const } } },
      ],
      addresses: [{ type: 'IPAddress', value: '192.168.1.200' }],
    };
    expect(specOf(full)).toEqual({ gatewayClassName: 'cilium', ...full });
  });

  it.each(['1.18.11', '1.19.6', '1.20.0'])('is the same for Cilium %s', (version) => {
    const props = { cilium: released(version), listeners: [HTTP, HTTPS] };
    expect(resourceObject({ of: gateway, name: 'home', props }).apiVersion).toBe('gateway.networking.k8s.io/v1');
    expect(resourceFindings({ of: gateway, name: 'home', props })).toEqual([]);
  });

  it('leaves an unsupported release to the Cilium that has it', () => {
    const props = { cilium: released('1.12.0'), listeners: [HTTP] };
    expect(resourceFindings({ of: gateway, name: 'home', props })).toEqual([]);
  });
});

describe('a route', () => {
  it('refers to its gateway by construct, to a listener by name, and has paths in short', () => {
    const chart = new Chart(new App(), 'c', plain);
    const home = new Gateway(chart, 'home', {
      cilium,
      namespace: 'edge',
      listeners: [HTTP, { ...HTTPS, allowedRoutes: 'All' }],
    });
    new HTTPRoute(chart, 'web', {
      cilium,
      namespace: 'edge',
      parentRefs: [home],
      hostnames: ['www.example.test'],
      rules: [{ matches: ['/', { method: 'GET' }], backendRefs: [{ name: 'web', port: 8080 }] }],
    });
    new HTTPRoute(chart, 'shop', {
      cilium,
      namespace: 'shop',
      parentRefs: [home.listener('https')],
      rules: [{ backendRefs: [{ name: 'shop', port: 8080 }] }],
    });
    expect(Testing.synth(chart).slice(1)).toEqual([
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: { name: 'web', namespace: 'edge' },
        spec: {
          parentRefs: [{ name: 'home', namespace: 'edge' }],
          hostnames: ['www.example.test'],
          rules: [
            {
              matches: [{ path: { type: 'PathPrefix', value: '/' } }, { method: 'GET' }],
              backendRefs: [{ name: 'web', port: 8080 }],
            },
          ],
        },
      },
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: { name: 'shop', namespace: 'shop' },
        spec: {
          parentRefs: [{ name: 'home', namespace: 'edge', sectionName: 'https' }],
          rules: [{ backendRefs: [{ name: 'shop', port: 8080 }] }],
        },
      },
    ]);
  });

  it('keeps references and matches that are given in full', () => {
    const full = {
      parentRefs: [{ group: '', kind: 'Service', name: 'web', port: 80 }],
      rules: [
        {
          matches: [
            { path: { type: 'Exact' as const, value: '/healthz' }, headers: [{ name: 'x-env', value: 'test' }] },
          ],
          filters: [{ type: 'RequestHeaderModifier' as const, requestHeaderModifier: { remove: ['x-debug'] } }],
          timeouts: { request: '10s' },
          backendRefs: [{ name: 'web-v2', port: 80 }],
        },
      ],
    };
    expect(routeSpecOf(full)).toEqual(full);
  });

  it('may have retries, and from 1.20 on external authorization, of the experimental channel', () => {
    const backendRefs = [{ name: 'web', port: 8080 }];
    const login = {
      type: 'ExternalAuth' as const,
      externalAuth: { protocol: 'HTTP' as const, backendRef: { name: 'login', port: 80 }, http: { path: '/check' } },
    };
    const rules = [{ backendRefs, retry: { codes: [502, 503], attempts: 2, backoff: '100ms' }, filters: [login] }];
    const props = { cilium: released('1.20.0'), parentRefs: [{ name: 'home' }], rules };
    expect(resourceFindings({ of: httpRoute, name: 'web', props }).map(({ id, level }) => `${level} ${id}`)).toEqual([
      'warning http-route/experimental',
      'warning http-route/experimental',
    ]);
    expect(routeSpecOf(props)).toMatchObject({ rules });
  });
});

describe('misplaced fields', () => {
  const fixes = (of: ResourceKind, props: object): readonly string[] =>
    resourceFindings({ of, name: 'one', props: { cilium, ...props } }).map(
      ({ paths, hint }) => `${paths[0] ?? ''}: ${hint}`,
    );

  it('have a hint that names the right place', () => {
    expect(fixes(gateway as never, { listeners: [{ ...HTTPS, tls: { secretName: 'home-tls' } }] })).toContain(
      "listeners[0].tls.secretName: Write `certificateRefs: ['my-tls']`.",
    );
    expect(fixes(httpRoute as never, { parentRefs: [{ name: 'home', listener: 'https' }] })).toContain(
      'parentRefs[0].listener: Write `sectionName`.',
    );
    expect(fixes(gatewayClassConfig as never, { service: { type: 'ClusterIP' } })).toEqual([
      'service.type: Enable `gatewayAPI.hostNetwork` for gateways without a Service.',
    ]);
  });
});

describe('hostnames', () => {
  it.each([
    ['a.test', 'a.test', true],
    ['*.a.test', 'b.a.test', true],
    ['c.b.a.test', '*.a.test', true],
    ['*.b.a.test', '*.a.test', true],
    ['*.a.test', 'a.test', false],
    ['a.test', 'b.test', false],
    ['xa.test', '*.a.test', false],
  ])('%s and %s overlap: %s', (one, other, overlap) => {
    expect(hostnamesOverlap(one, other)).toBe(overlap);
    expect(hostnamesOverlap(other, one)).toBe(overlap);
  });
});

describe('gateways, classes, routes and pools in one app', () => {
  const appOf = (
    version: '1.18.11' | '1.19.6' | '1.20.0',
    values: object = {},
  ): { readonly cilium: Cilium; readonly chart: Chart } => {
    const app = new App();
    const cilium = new Cilium(new Chart(app, 'cilium', plain), 'cilium', {
      version,
      values: {
        kubeProxyReplacement: true,
        l2announcements: { enabled: true },
        gatewayAPI: { enabled: true },
        ...values,
      },
    });
    return { cilium, chart: new Chart(app, 'c', plain) };
  };

  it.each(['1.18.11', '1.19.6', '1.20.0'] as const)('have no findings for Cilium %s when they match', (version) => {
    const { cilium, chart } = appOf(version);
    const pool = new LoadBalancerIPPool(chart, 'home-pool', { cilium, blocks: ['192.168.1.200/29'] });
    const settings = new GatewayClassConfig(chart, 'inside', { cilium, service: { externalTrafficPolicy: 'Local' } });
    const inside = new GatewayClass(chart, 'inside-class', { cilium, name: 'inside', parametersRef: settings });
    const home = new Gateway(chart, 'home', {
      cilium,
      gatewayClassName: inside,
      addresses: ['192.168.1.201'],
      listeners: [HTTP, { ...HTTPS, hostname: '*.example.test' }],
    });
    const toHttps = new HTTPRoute(chart, 'to-https', {
      cilium,
      parentRefs: [home.listener('http')],
      rules: [{ filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }] }],
    });
    const web = new HTTPRoute(chart, 'web', {
      cilium,
      parentRefs: [home.listener('https')],
      hostnames: ['www.example.test'],
      rules: [{ matches: ['/'], backendRefs: [{ name: 'web', port: 8080 }] }],
    });
    expect([pool, settings, inside, home, toHttps, web].flatMap(({ findings }) => findings)).toEqual([]);
    expect(
      Testing.synth(chart).map(({ apiVersion, kind }: { apiVersion: string; kind: string }) => `${apiVersion} ${kind}`),
    ).toEqual([
      'cilium.io/v2 CiliumLoadBalancerIPPool',
      'cilium.io/v2alpha1 CiliumGatewayClassConfig',
      'gateway.networking.k8s.io/v1 GatewayClass',
      'gateway.networking.k8s.io/v1 Gateway',
      'gateway.networking.k8s.io/v1 HTTPRoute',
      'gateway.networking.k8s.io/v1 HTTPRoute',
    ]);
    const [, , made] = Testing.synth(chart) as readonly { readonly spec: object }[];
    expect(made?.spec).toEqual({
      controllerName: 'io.cilium/gateway-controller',
      parametersRef: { group: 'cilium.io', kind: 'CiliumGatewayClassConfig', name: 'inside', namespace: 'default' },
    });
  });

  it('stop synthesis with all errors of all constructs', () => {
    const { cilium, chart } = appOf('1.18.11', { gatewayAPI: { enabled: true, gatewayClass: { create: 'false' } } });
    const home = new Gateway(chart, 'home', { cilium, listeners: [{ ...HTTPS, tls: { mode: 'Passthrough' } }] });
    new HTTPRoute(chart, 'web', {
      cilium,
      parentRefs: [home.listener('http')],
      rules: [{ backendRefs: [{ name: 'web' }] }],
    });
    const attempt = (): unknown => Testing.synth(chart);
    expect(attempt).toThrow(/listeners\[0\]\.tls\.mode.*HTTPS listeners terminate TLS/);
    expect(attempt).toThrow(/home has no listener 'http'; it has https \(443\)/);
    expect(attempt).toThrow(/The port of web is missing/);
  });

  it('are compared with the Services of the app', () => {
    const { cilium, chart } = appOf('1.18.11');
    new ApiObject(chart, 'service', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { ports: [{ port: 80, targetPort: 8080 }] },
    });
    const home = new Gateway(chart, 'home', {
      cilium,
      namespace: 'shop',
      listeners: [{ ...HTTP, allowedRoutes: 'All' }],
    });
    const route = (id: string, namespace: string, port: number): readonly string[] =>
      new HTTPRoute(chart, id, {
        cilium,
        namespace,
        hostnames: [`${id}.example.test`],
        parentRefs: [home],
        rules: [{ backendRefs: [{ name: 'web', port }] }],
      }).findings.map(({ id: rule, hint }) => `${rule} ${hint}`);
    expect(route('right', 'shop', 80)).toEqual([]);
    expect(route('port-of-pods', 'shop', 8080)).toEqual([
      'http-route/service-port Write 80: 8080 is the port of its pods.',
    ]);
    expect(route('elsewhere', 'default', 80)).toEqual([expect.stringMatching(/^http-route\/service-elsewhere /)]);
  });

  it('have one finding, at the second of two routes for the same requests', () => {
    const { cilium, chart } = appOf('1.18.11');
    const home = new Gateway(chart, 'home', { cilium, listeners: [HTTP] });
    const [older, newer] = ['older', 'newer'].map(
      (id) =>
        new HTTPRoute(chart, id, {
          cilium,
          parentRefs: [home],
          rules: [{ matches: ['/api'], backendRefs: [{ name: id, port: 80 }] }],
        }),
    );
    expect(older?.findings).toEqual([]);
    expect(newer?.findings.map(({ id }) => id)).toEqual(['http-route/same-requests']);
  });
});
