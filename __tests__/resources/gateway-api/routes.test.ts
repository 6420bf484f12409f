import { ApiObject, App, Chart, Testing } from 'cdk8s';
import {
  BackendTLSPolicy,
  Cilium,
  GRPCRoute,
  Gateway,
  HTTPRoute,
  ListenerSet,
  ReferenceGrant,
  TCPRoute,
  TLSRoute,
  TalosCluster,
  TalosPatch,
  UDPRoute,
  gatewayApiManifest,
} from '../../../lib';
import type { CiliumVersion, Finding, GatewayProps } from '../../../lib';
import { clusterServices } from '../../../lib/resource/cluster-services';
import { resourceObject } from '../../../lib/resource/resource';
import { RESOURCE_KINDS } from '../../../lib/resources/kinds';
import { released } from '../../../upstream/rules/released';

const ON = { gatewayAPI: { enabled: true }, kubeProxyReplacement: true } as const;
const RULES = [{ backendRefs: [{ name: 'web', port: 8080 }] }];

/** A chart of a new app with the Cilium of a release that serves gateways. */
function newChart(version = '1.20.0'): { readonly chart: Chart; readonly cilium: Cilium } {
  const chart = new Chart(new App(), 'c', { disableResourceNameHashes: true });
  return { chart, cilium: new Cilium(chart, 'cilium', { version: version as CiliumVersion, values: ON }) };
}

const idsOf = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ level, id, paths }) => `${level} ${id} ${paths.join(' ')}`);

/** The versions that the operator of each release reads (`operator/pkg/gateway-api`). */
const VERSIONS: readonly (readonly [kind: string, ...versions: readonly (string | undefined)[]])[] = [
  ['GRPCRoute', 'v1', 'v1', 'v1'],
  ['ReferenceGrant', 'v1beta1', 'v1beta1', 'v1'],
  ['TLSRoute', 'v1alpha2', 'v1alpha2', 'v1'],
  ['TCPRoute', undefined, undefined, 'v1'],
  ['UDPRoute', undefined, undefined, 'v1'],
  ['BackendTLSPolicy', undefined, undefined, 'v1'],
  ['ListenerSet', undefined, undefined, 'v1'],
];
const GOOD: Readonly<Record<string, object>> = {
  GRPCRoute: { rules: RULES },
  TLSRoute: { hostnames: ['db.example.test'], rules: RULES },
  TCPRoute: { rules: RULES },
  UDPRoute: { rules: RULES },
  ReferenceGrant: { from: [{ kind: 'HTTPRoute', namespace: 'web' }], to: [{ kind: 'Service' }] },
  BackendTLSPolicy: { targetRefs: ['web'], validation: { hostname: 'web.example.test', caCertificateRefs: ['ca'] } },
  ListenerSet: { parentRef: { name: 'home' }, listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
};

describe.each(VERSIONS)('%s', (kind, ...versions) => {
  const of = RESOURCE_KINDS.find(({ api }) => api.kind === kind && api.group.startsWith('gateway'));
  if (of === undefined) throw new Error(kind);

  it.each(['1.18.11', '1.19.6', '1.20.0'].map((release, i) => [release, versions[i]] as const))(
    'Cilium %s reads %s',
    (release, version) => {
      const resource = { of, name: 'one', props: { cilium: released(release), ...GOOD[String(kind)] } } as never;
      const findings = of.api.releaseFindings(of.subject, release);
      if (version === undefined) {
        expect(findings).toEqual([
          {
            id: `${of.subject}/version`,
            level: 'error',
            paths: ['cilium.version'],
            message: `Cilium ${release} does not read objects of kind ${kind}.`,
            hint: 'Use Cilium 1.20, the first release that reads them.',
          },
        ]);
      } else {
        expect(findings).toEqual([]);
        expect(resourceObject(resource)).toMatchObject({ apiVersion: `gateway.networking.k8s.io/${version}`, kind });
      }
    },
  );
});

describe('short forms', () => {
  const { chart, cilium } = newChart();
  const specOf = (made: { readonly apiObject: ApiObject }): unknown =>
    (made.apiObject.toJson() as { spec: unknown }).spec;
  const home = new Gateway(chart, 'home', {
    cilium,
    listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
    allowedListeners: { namespaces: { from: 'Same' } },
  });
  const set = new ListenerSet(chart, 'set', {
    cilium,
    parentRef: home,
    listeners: [{ name: 'https', port: 443, protocol: 'HTTPS', tls: { certificateRefs: ['set-tls'] } }],
  });

  it('methods of gRPC services are matches', () => {
    const route = new GRPCRoute(chart, 'grpc', {
      cilium,
      parentRefs: [home],
      rules: [{ matches: ['shop.v1.Cart', 'shop.v1.Cart/Add'], backendRefs: [{ name: 'cart', port: 9000 }] }],
    });
    expect(specOf(route)).toMatchObject({
      parentRefs: [{ name: 'home' }],
      rules: [
        {
          matches: [{ method: { service: 'shop.v1.Cart' } }, { method: { service: 'shop.v1.Cart', method: 'Add' } }],
        },
      ],
    });
  });

  it('listener sets and their listeners are parents', () => {
    const parentRefs = [set, set.listener('https')] as const;
    const specs = parentRefs.map((ref, i) =>
      specOf(
        new HTTPRoute(chart, `web-${String(i)}`, {
          cilium,
          parentRefs: [ref],
          hostnames: [`${String(i)}.test`],
          rules: RULES,
        }),
      ),
    );
    expect(specs[0]).toMatchObject({ parentRefs: [{ kind: 'ListenerSet', name: 'set', namespace: 'default' }] });
    expect(specs[1]).toMatchObject({
      parentRefs: [{ kind: 'ListenerSet', name: 'set', namespace: 'default', sectionName: 'https' }],
    });
    expect(specOf(set)).toMatchObject({
      parentRef: { name: 'home', namespace: 'default' },
      listeners: [{ tls: { certificateRefs: [{ kind: 'Secret', name: 'set-tls' }] } }],
    });
  });

  it('groups of grants and kinds of references are those of the Gateway API', () => {
    const grant = new ReferenceGrant(chart, 'grant', {
      cilium,
      namespace: 'shop',
      from: [{ kind: 'HTTPRoute', namespace: 'web' }],
      to: [{ kind: 'Service' }],
    });
    expect(specOf(grant)).toEqual({
      from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'web' }],
      to: [{ group: '', kind: 'Service' }],
    });
    const policy = new BackendTLSPolicy(chart, 'policy', {
      cilium,
      targetRefs: ['web'],
      validation: { hostname: 'web.example.test', caCertificateRefs: ['ca'] },
    });
    expect(specOf(policy)).toEqual({
      targetRefs: [{ group: '', kind: 'Service', name: 'web' }],
      validation: { hostname: 'web.example.test', caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }] },
    });
  });
});

it('a typed ReferenceGrant allows the references of routes and listener sets', () => {
  const { chart, cilium } = newChart();
  const route = new TCPRoute(chart, 'db', {
    cilium,
    rules: [{ backendRefs: [{ name: 'db', namespace: 'shop', port: 5432 }] }],
    parentRefs: [{ name: 'home' }],
  });
  expect(idsOf(route.findings)).toEqual(['warning tcp-route/backend-elsewhere rules[0].backendRefs[0].namespace']);
  const other = newChart();
  const allowed = new TCPRoute(other.chart, 'db', {
    cilium: other.cilium,
    rules: [{ backendRefs: [{ name: 'db', namespace: 'shop', port: 5432 }] }],
    parentRefs: [{ name: 'home' }],
  });
  new ReferenceGrant(other.chart, 'grant', {
    cilium: other.cilium,
    namespace: 'shop',
    from: [{ kind: 'TCPRoute', namespace: 'default' }],
    to: [{ kind: 'Service', name: 'db' }],
  });
  expect(allowed.findings).toEqual([]);
});

describe('a cluster with all kinds of routes', () => {
  const listeners: GatewayProps['listeners'] = [
    { name: 'https', port: 443, protocol: 'HTTPS', hostname: '*.example.test', tls: { certificateRefs: ['home-tls'] } },
    { name: 'pass', port: 8443, protocol: 'TLS', tls: { mode: 'Passthrough' } },
    { name: 'db', port: 5432, protocol: 'TCP' },
    { name: 'dns', port: 53, protocol: 'UDP' },
  ];
  const { chart, cilium } = newChart();
  const home = new Gateway(chart, 'home', {
    cilium,
    listeners,
    allowedListeners: { namespaces: { from: 'All' } },
  });
  const set = new ListenerSet(chart, 'set', {
    cilium,
    namespace: 'shop',
    parentRef: home,
    listeners: [
      { name: 'shop', port: 443, protocol: 'HTTPS', hostname: 'shop.example.test', tls: { certificateRefs: ['shop'] } },
      { name: 'mqtt', port: 1883, protocol: 'TCP' },
    ],
  });
  const made = [
    home,
    set,
    new HTTPRoute(chart, 'web', { cilium, parentRefs: [home.listener('https')], rules: RULES }),
    new HTTPRoute(chart, 'cart', { cilium, namespace: 'shop', parentRefs: [set.listener('shop')], rules: RULES }),
    new GRPCRoute(chart, 'grpc', { cilium, parentRefs: [home], hostnames: ['grpc.example.test'], rules: RULES }),
    new TLSRoute(chart, 'tls', { cilium, parentRefs: [home], hostnames: ['db.example.test'], rules: RULES }),
    new TCPRoute(chart, 'tcp', { cilium, parentRefs: [home], rules: RULES }),
    new TCPRoute(chart, 'mqtt', { cilium, namespace: 'shop', parentRefs: [set], rules: RULES }),
    new UDPRoute(chart, 'udp', { cilium, parentRefs: [home.listener('dns')], rules: RULES }),
  ];

  it('has no findings', () => {
    expect(made.flatMap((one) => idsOf(one.findings))).toEqual([]);
    expect(Testing.synth(chart).length).toBeGreaterThan(9);
  });

  it('has the ports of listener sets, and of TCP and UDP, on the Service of the Gateway', () => {
    const services = clusterServices(home, cilium.rendered?.context, '1.20.0');
    const service = services.find(({ metadata }) => metadata.name === 'cilium-gateway-home');
    const { ports } = service?.spec as { readonly ports: readonly object[] };
    expect(ports).toEqual([
      { name: 'port-53-udp', port: 53, protocol: 'UDP' },
      { name: 'port-443', port: 443, protocol: 'TCP' },
      { name: 'port-1883', port: 1883, protocol: 'TCP' },
      { name: 'port-5432', port: 5432, protocol: 'TCP' },
      { name: 'port-8443', port: 8443, protocol: 'TCP' },
    ]);
  });
});

describe('plain objects of other controllers', () => {
  const GROUP = 'gateway.networking.k8s.io';
  const ENVOY = [
    {
      apiVersion: `${GROUP}/v1`,
      kind: 'GatewayClass',
      metadata: { name: 'eg' },
      spec: { controllerName: 'gateway.envoyproxy.io/gatewayclass-controller' },
    },
    {
      apiVersion: `${GROUP}/v1`,
      kind: 'Gateway',
      metadata: { name: 'edge', namespace: 'net' },
      spec: { gatewayClassName: 'eg', listeners: [{ name: 'https', port: 443, protocol: 'HTTP' }] },
    },
  ];
  const parentRefs = [{ name: 'edge', namespace: 'net', sectionName: 'missing' }];
  const route = (kind: string, version: string, spec: object): object => ({
    apiVersion: `${GROUP}/${version}`,
    kind,
    metadata: { name: 'one', namespace: 'shop' },
    spec: { parentRefs, ...spec },
  });
  const ROWS: readonly (readonly [string, object])[] = [
    ['TCPRoute v1alpha2', route('TCPRoute', 'v1alpha2', { rules: RULES })],
    ['TCPRoute v1', route('TCPRoute', 'v1', { rules: RULES })],
    ['TLSRoute', route('TLSRoute', 'v1', { hostnames: ['a.test'], rules: RULES })],
    [
      'GRPCRoute',
      route('GRPCRoute', 'v1', {
        rules: [{ backendRefs: [{ name: 'a', group: 'gateway.envoyproxy.io', kind: 'Backend' }] }],
      }),
    ],
    [
      'ListenerSet',
      {
        ...route('ListenerSet', 'v1', {}),
        spec: {
          parentRef: { name: 'edge', namespace: 'net' },
          listeners: [{ name: 'https', port: 443, protocol: 'HTTP' }],
        },
      },
    ],
  ];

  it.each(ROWS)('%s has no findings', (_, object) => {
    const chart = new Chart(new App(), 'c', { disableResourceNameHashes: true });
    Cilium.fromVersion(chart, 'cilium', '1.20.0', { values: ON });
    for (const [i, one] of ENVOY.entries()) new ApiObject(chart, `envoy-${String(i)}`, one as never);
    new ApiObject(chart, 'one', object as never);
    expect(() => Testing.synth(chart)).not.toThrow();
  });
});

it('a kind that the chosen release of the definitions lacks is found in the patch', () => {
  const found = (version: string): readonly string[] => {
    const app = new App();
    const chart = new Chart(app, 'c', { disableResourceNameHashes: true });
    const talos = new TalosCluster({ talosVersion: '1.13.5', kubernetesVersion: '1.34.0', kubePrism: { port: 7445 } });
    const cilium = new Cilium(chart, 'cilium', { version: '1.20.0', talos, values: { gatewayAPI: { enabled: true } } });
    new TCPRoute(chart, 'db', { cilium, rules: RULES });
    const patch = new TalosPatch(app, 'talos', {
      talos,
      manifests: [chart],
      externalManifests: [gatewayApiManifest('1.20.0', { version })],
    });
    return idsOf(patch.findings).filter((one) => one.includes('no-definition'));
  };
  expect(found('1.6.1')).toEqual([]);
  expect(found('1.5.1')).toHaveLength(1);
});
