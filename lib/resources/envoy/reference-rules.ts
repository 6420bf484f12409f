import { othersOf } from '../../resource/kind';
import type { Problem } from '../../rules/rule';
import type { Subject } from '../../resource/kind';
import { isMap } from '../../kubernetes/json';
import { CLUSTER_TYPE, ENDPOINTS_TYPE, ROUTES_TYPE, nameOf, typeOf } from './resources';
import type { EnvoyType } from './resources';
import { CLUSTER, LISTENER } from './rule';
import type { Props, Rule } from './rule';

/** A name that one Envoy resource has for another, and where. */
interface Reference {
  readonly to: 'routes' | 'cluster';
  readonly name: string;
  readonly path: string;
}

/** Clusters that Cilium makes itself. */
const BUILT_IN: readonly string[] = ['egress-cluster', 'egress-cluster-tls', 'ingress-cluster', 'ingress-cluster-tls'];

/** The references in a resource, at any depth: routes that a listener fetches, clusters that a route or a TCP proxy sends to. */
function referencesIn(value: unknown, path: string): readonly Reference[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown, i) => referencesIn(item, `${path}[${String(i)}]`));
  if (!isMap(value)) return [];
  const type = value['@type'];
  const isProxy = typeof type === 'string' && type.endsWith('.TcpProxy');
  return [
    ...(isProxy ? clustersOf(value, path) : []),
    ...Object.entries(value).flatMap(([field, inner]) => {
      const place = `${path}.${field}`;
      if (field === 'rds' && isMap(inner)) return fetchedRoutes(inner, place);
      return [...(field === 'route' && isMap(inner) ? clustersOf(inner, place) : []), ...referencesIn(inner, place)];
    }),
  ];
}

/** Routes that Cilium serves: unless another source is named. */
function fetchedRoutes(rds: Readonly<Record<string, unknown>>, path: string): readonly Reference[] {
  if ('config_source' in rds || 'configSource' in rds) return [];
  return (['route_config_name', 'routeConfigName'] as const).flatMap((field): Reference[] => {
    const name = rds[field];
    return typeof name === 'string' ? [{ to: 'routes', name, path: `${path}.${field}` }] : [];
  });
}

function clustersOf(action: Readonly<Record<string, unknown>>, path: string): readonly Reference[] {
  const own =
    typeof action.cluster === 'string'
      ? [{ to: 'cluster' as const, name: action.cluster, path: `${path}.cluster` }]
      : [];
  const weighted = (['weighted_clusters', 'weightedClusters'] as const).flatMap((field) => {
    const { clusters } = isMap(action[field]) ? action[field] : {};
    return (Array.isArray(clusters) ? clusters : []).flatMap((one: unknown, i): Reference[] =>
      isMap(one) && typeof one.name === 'string'
        ? [{ to: 'cluster', name: one.name, path: `${path}.${field}.clusters[${String(i)}].name` }]
        : [],
    );
  });
  return [...own, ...weighted];
}

function allReferences({ resources }: Props): readonly Reference[] {
  return resources.flatMap((resource, i) => referencesIn(resource, `resources[${String(i)}]`));
}

function namesOf({ resources }: Props, type: EnvoyType): readonly string[] {
  return resources.flatMap((resource) => (typeOf(resource) === type ? (nameOf(resource) ?? []) : []));
}

/** What the objects of the app say to Envoy, this one first. */
function everyObject({ props, others }: Subject<Props>): readonly Props[] {
  return [
    props,
    ...[...othersOf(others, 'envoy-config'), ...othersOf(others, 'clusterwide-envoy-config')].map(
      (one) => one.props as Props,
    ),
  ];
}

/** `default/web` and `default/web:80` are the endpoints of a Service that is named by `services` or `backendServices`. */
function servicesIn({ services = [], backendServices = [], ...rest }: Props): readonly string[] {
  const home = 'namespace' in rest && typeof rest.namespace === 'string' ? rest.namespace : 'default';
  return [...services, ...backendServices].map(({ name, namespace = home }) => `${namespace}/${name}`);
}

const FETCHING = {
  ...LISTENER,
  filter_chains: [
    {
      filters: [
        {
          name: 'envoy.filters.network.http_connection_manager',
          typed_config: {
            '@type':
              'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
            stat_prefix: 'web',
            rds: { route_config_name: 'web' },
          },
        },
      ],
    },
  ],
} as const;
const ROUTES = {
  '@type': 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration',
  name: 'web',
  virtual_hosts: [{ name: 'web', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'web' } }] }],
} as const;
const TO_SERVICE = {
  ...ROUTES,
  virtual_hosts: [
    { name: 'web', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'default/web' } }] },
  ],
} as const;
const OF_SERVICE = { ...CLUSTER, name: 'default/web', type: 'EDS', connect_timeout: '5s' } as const;

const RULES: readonly Rule[] = [
  {
    rule: 'unknown-routes',
    find: ({ props }): readonly Problem[] => {
      const known = namesOf(props, ROUTES_TYPE);
      return allReferences(props)
        .filter(({ to, name }) => to === 'routes' && !name.includes('/') && !known.includes(name))
        .map(({ name, path }) => ({
          paths: [path],
          message: `There is no route configuration '${name}', and the listener waits for it forever.`,
          hint:
            known.length === 0
              ? 'Write one among `resources`.'
              : `There ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}.`,
        }));
    },
    bad: { props: { resources: [FETCHING] } },
    good: { props: { resources: [FETCHING, ROUTES, CLUSTER] } },
  },
  {
    rule: 'unknown-cluster',
    find: ({ props }) => {
      const known = namesOf(props, CLUSTER_TYPE);
      return allReferences(props)
        .filter(({ to, name }) => to === 'cluster' && !name.includes('/') && ![...known, ...BUILT_IN].includes(name))
        .map(({ name, path }) => ({
          paths: [path],
          message: `There is no cluster '${name}' in this object, where Cilium looks for a name without '/'.`,
          hint:
            known.length === 0
              ? 'Write a cluster among `resources`; that of a Service is called `<namespace>/<name>`.'
              : `There ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}.`,
        }));
    },
    bad: { props: { resources: [LISTENER, ROUTES] } },
    good: { props: { resources: [LISTENER, ROUTES, CLUSTER] } },
  },
  {
    rule: 'cluster-elsewhere',
    level: 'warning',
    find: (subject) => {
      const known = everyObject(subject).flatMap((object) => namesOf(object, CLUSTER_TYPE));
      return allReferences(subject.props)
        .filter(({ to, name }) => to === 'cluster' && /^[^/]+\//.test(name) && !known.includes(name))
        .map(({ name, path }) => ({
          paths: [path],
          message: `No object of the app has the cluster '${name}'; naming a Service makes none.`,
          hint: `Write it among \`resources\`: \`{ '@type': '${CLUSTER['@type']}', name: '${name}', type: 'EDS', connect_timeout: '5s' }\`.`,
        }));
    },
    bad: { props: { resources: [LISTENER, TO_SERVICE] } },
    good: { props: { resources: [LISTENER, TO_SERVICE, OF_SERVICE] } },
  },
  {
    rule: 'no-endpoints',
    level: 'warning',
    find: (subject) => {
      const known = everyObject(subject).flatMap((object) => [
        ...servicesIn(object),
        ...namesOf(object, ENDPOINTS_TYPE),
      ]);
      return subject.props.resources.flatMap((resource, i) => {
        const name = endpointsOf(resource);
        if (name === undefined || known.includes(name) || known.includes(name.replace(/:[^:]*$/, ''))) return [];
        return [
          {
            paths: [`resources[${String(i)}]`],
            message: `Nobody tells Envoy the endpoints of '${name}', so every request to it fails.`,
            hint: 'Name the Service in `backendServices`, and call the cluster `<namespace>/<name>` or `<namespace>/<name>:<port>`.',
          },
        ];
      });
    },
    bad: { props: { services: [], resources: [LISTENER, { ...OF_SERVICE, name: 'default/shop' }] } },
    good: {
      props: {
        services: [],
        backendServices: [{ name: 'web', namespace: 'default' }],
        resources: [LISTENER, OF_SERVICE],
      },
    },
  },
];

/** The name by which a cluster asks Cilium for endpoints; `undefined` for one that does not. */
function endpointsOf(resource: unknown): string | undefined {
  if (typeOf(resource) !== CLUSTER_TYPE || !isMap(resource) || resource.type !== 'EDS') return undefined;
  const config = resource.eds_cluster_config ?? resource.edsClusterConfig;
  const named = isMap(config) ? (config.service_name ?? config.serviceName) : undefined;
  const name = typeof named === 'string' && named !== '' ? named : nameOf(resource);
  return name?.includes('/') === true ? name : undefined;
}

/** Rules about names by which Envoy resources refer to each other. */
export const REFERENCE_RULES: readonly Rule[] = [...RULES];
