import { App, Chart, Testing } from 'cdk8s';
import { ClusterwideEnvoyConfig, EnvoyConfig } from '../../../lib';
import { itFindsInResources } from '../../wrong';
import { resourceExampleFindings } from '../../../upstream/rules/resources';
import type { WrongResource } from '../../wrong';
import { envoyConfig } from '../../../lib/resources/envoy/envoy-config';
import { released } from '../../../upstream/rules/released';

const type = (name: string): string => `type.googleapis.com/envoy.${name}`;
const listener = { '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener', name: 'web' } as const;
const cluster = { '@type': type('config.cluster.v3.Cluster'), name: 'web' };
const ofService = { ...cluster, name: 'default/web', type: 'EDS' };
const manager = (change: object): object => ({
  ...listener,
  filter_chains: [
    {
      filters: [
        {
          name: 'envoy.filters.network.http_connection_manager',
          typed_config: {
            '@type': type('extensions.filters.network.http_connection_manager.v3.HttpConnectionManager'),
            ...change,
          },
        },
      ],
    },
  ],
});
const proxy = (change: object): object => ({
  ...listener,
  filter_chains: [
    {
      filters: [
        { name: 'tcp', typed_config: { '@type': type('extensions.filters.network.tcp_proxy.v3.TcpProxy'), ...change } },
      ],
    },
  ],
});
const routes = (action: object): object => ({
  '@type': type('config.route.v3.RouteConfiguration'),
  name: 'web',
  virtual_hosts: [{ name: 'web', domains: ['*'], routes: [{ match: { prefix: '/' }, route: action }] }],
});
const services = [{ name: 'web', namespace: 'default' }];
const config = (change: object = {}): object => ({ services, resources: [listener], ...change });
const of = (...resources: readonly unknown[]): object => config({ resources });
const ON = { envoyConfig: { enabled: true } };

/** Envoy configs of either kind as people write them by mistake. */
const ROWS: readonly WrongResource[] = [
  ['required resources', config({ resources: undefined })],
  ['type resources', config({ resources: listener })],
  ['type resources[0]', of('listener')],
  ['unknown-field listeners', config({ listeners: [listener] })],
  ['unknown-field spec', config({ spec: { resources: [] } })],
  ["resource-type resources[0]['@type']", of({ name: 'web' })],
  ["resource-type resources[0]['@type']", of({ type: 'Listener', name: 'web' })],
  ["resource-type resources[0]['@type']", of({ '@type': 'envoy.config.listener.v3.Listener', name: 'web' })],
  ["resource-type resources[0]['@type']", of({ '@type': type('api.v2.Listener'), name: 'web' })],
  ["resource-type resources[1]['@type']", of(listener, { '@type': type('config.route.v3.VirtualHost'), name: 'web' })],
  ['resource-name resources[0].name', of({ '@type': listener['@type'] })],
  [
    'resource-name resources[1].cluster_name',
    of(listener, { '@type': type('config.endpoint.v3.ClusterLoadAssignment'), name: 'web' }),
  ],
  ['name-twice resources[0]', of(listener, listener)],
  ['nothing resources', { resources: [] }],
  ['listener services[0].listener', config({ services: [{ ...services[0], listener: 'wbe' }] })],
  ['listener services[0].listener', of(cluster)],
  ['port services[0].ports[0]', config({ services: [{ ...services[0], ports: [80800] }] })],
  ['type services[0].ports[0]', config({ services: [{ ...services[0], ports: ['http'] }] })],
  ['unknown-field services[0].port', config({ services: [{ ...services[0], port: 80 }] })],
  ['required services[0].name', config({ services: [{ namespace: 'default' }] })],
  ['type services[0]', config({ services: ['web'] })],
  ['service-twice services[0]', config({ services: [...services, ...services] })],
  ['same-service services[0]', config(), { others: [{ subject: 'clusterwide-envoy-config', props: config() }] }],
  ['type backendServices[0].number', config({ backendServices: [{ ...services[0], number: '80' }] })],
  [
    'selector nodeSelector.matchExpressions[0].values',
    config({ nodeSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } }),
  ],
  [
    'unknown-routes resources[0].filter_chains[0].filters[0].typed_config.rds.route_config_name',
    of(manager({ rds: { route_config_name: 'wbe' } }), routes({ cluster: 'default/web' }), ofService),
  ],
  [
    'unknown-routes resources[0].filter_chains[0].filters[0].typed_config.rds.routeConfigName',
    of(manager({ rds: { routeConfigName: 'web' } })),
  ],
  [
    'unknown-cluster resources[1].virtual_hosts[0].routes[0].route.cluster',
    of(listener, routes({ cluster: 'web' }), ofService),
  ],
  [
    'unknown-cluster resources[0].filter_chains[0].filters[0].typed_config.route_config.virtual_hosts[0].routes[0].route.cluster',
    of(manager({ route_config: routes({ cluster: 'web' }) })),
  ],
  [
    'unknown-cluster resources[1].virtual_hosts[0].routes[0].route.weighted_clusters.clusters[0].name',
    of(listener, routes({ weighted_clusters: { clusters: [{ name: 'web', weight: 100 }] } })),
  ],
  [
    'unknown-cluster resources[0].filter_chains[0].filters[0].typed_config.cluster',
    of(proxy({ cluster: 'web', stat_prefix: 'web' })),
  ],
  [
    'cluster-elsewhere resources[1].virtual_hosts[0].routes[0].route.cluster',
    of(listener, routes({ cluster: 'default/web' })),
  ],
  ['no-endpoints resources[1]', of(listener, { ...ofService, name: 'shop/web' })],
  ['no-endpoints resources[1]', of(listener, { ...ofService, eds_cluster_config: { service_name: 'shop/web' } })],
  ['off cilium.envoyConfig.enabled', config(), { values: {} }],
  ['l7-proxy-off cilium.l7Proxy', config(), { values: { ...ON, l7Proxy: false } }],
];

describe('a wrong Envoy config', () => {
  itFindsInResources('envoy-config', [
    ...ROWS,
    ['other-namespace services[0].namespace', config({ namespace: 'kube-system' })],
    ['listener services[0].listener', config({ services: [{ ...services[0], listener: 'default/other/web' }] })],
  ]);
});

describe('a wrong clusterwide Envoy config', () => {
  itFindsInResources('clusterwide-envoy-config', [
    ...ROWS,
    ['namespace namespace', config({ namespace: 'default' })],
    ['no-namespace services[0].namespace', config({ services: [{ name: 'web' }] })],
    ['no-namespace backendServices[0].namespace', config({ backendServices: [{ name: 'web' }] })],
  ]);
});

describe('an Envoy config', () => {
  const chart = (): Chart => new Chart(new App(), 'c', { disableResourceNameHashes: true });

  it('says the namespace of each Service, which Cilium does not fill in, and ports of backends as text', () => {
    const made = chart();
    new EnvoyConfig(made, 'web', {
      cilium: released('1.18.4'),
      namespace: 'shop',
      services: [{ name: 'web', ports: [80], listener: 'web' }],
      backendServices: [{ name: 'api', number: [8080, 'grpc'] }],
      resources: [listener],
    });
    expect(Testing.synth(made)).toEqual([
      {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumEnvoyConfig',
        metadata: { name: 'web', namespace: 'shop' },
        spec: {
          services: [{ name: 'web', namespace: 'shop', ports: [80], listener: 'web' }],
          backendServices: [{ name: 'api', namespace: 'shop', number: ['8080', 'grpc'] }],
          resources: [listener],
        },
      },
    ]);
  });

  it.each(['1.18.4', '1.19.6', '1.20.0'])(
    'is of the same API version in Cilium %s, for all namespaces too',
    (ciliumVersion) => {
      const made = chart();
      new ClusterwideEnvoyConfig(made, 'web', {
        cilium: released(ciliumVersion),
        services: [{ name: 'web', namespace: 'default' }],
        resources: [listener],
      });
      expect(Testing.synth(made)).toEqual([
        {
          apiVersion: 'cilium.io/v2',
          kind: 'CiliumClusterwideEnvoyConfig',
          metadata: { name: 'web' },
          spec: { services, resources: [listener] },
        },
      ]);
    },
  );

  it('may be whole: a listener, its routes, the cluster of a Service, and its endpoints', () => {
    const resources = [manager({ rds: { route_config_name: 'web' } }), routes({ cluster: 'default/web' }), ofService];
    const whole: object = { backendServices: services, services: [{ name: 'front' }], resources };
    expect(resourceExampleFindings(envoyConfig as never, { props: whole, values: ON })).toEqual([]);
  });

  it('may leave routes to another source, and name the listener in full or not at all', () => {
    const elsewhere = manager({ rds: { route_config_name: 'other', config_source: { ads: {} } } });
    expect(resourceExampleFindings(envoyConfig as never, { props: of(elsewhere) })).toEqual([]);
    for (const name of ['', 'web', 'default/example/web']) {
      expect(
        resourceExampleFindings(envoyConfig as never, {
          props: config({ services: [{ ...services[0], listener: name }] }),
        }),
      ).toEqual([]);
    }
  });

  it('takes clusters and endpoints from another object of the app', () => {
    const others = [{ subject: 'envoy-config', props: { backendServices: [{ name: 'web' }], resources: [ofService] } }];
    expect(
      resourceExampleFindings(envoyConfig as never, {
        props: of(listener, routes({ cluster: 'default/web' })),
        others,
      }),
    ).toEqual([]);
  });

  it('stops the synthesis when two want the traffic of a Service', () => {
    const made = chart();
    new EnvoyConfig(made, 'one', { cilium: released('1.18.4'), services: [{ name: 'web' }], resources: [listener] });
    const two = new ClusterwideEnvoyConfig(made, 'two', {
      cilium: released('1.18.4'),
      services: [{ name: 'web', namespace: 'default' }],
      resources: [listener],
    });
    expect(two.findings.map(({ id }) => id)).toEqual(['clusterwide-envoy-config/same-service']);
    expect(() => Testing.synth(made)).toThrow(/one redirects the traffic of default\/web as well/);
  });

  it('may split the ports of a Service between listeners from 1.19 on', () => {
    const split = config({ services: [80, 443].map((port) => ({ ...services[0], ports: [port] })) });
    const said = (version: string): readonly string[] =>
      resourceExampleFindings(envoyConfig as never, { props: split, version }).map(({ id }) => id);
    expect(said('1.18.12')).toEqual(['envoy-config/service-twice']);
    expect(said('1.19.0')).toEqual([]);
  });
});
