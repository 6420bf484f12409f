import { problem } from '../../rules/rule';
import { CLUSTER, LISTENER, exampleWith } from './examples';
import type { EnvoyRule } from './examples';
import { envoyConfigsOf, namesOf, serviceKey } from './model';

/** Clusters that Cilium creates itself. */
const BUILT_IN: readonly string[] = ['egress-cluster', 'egress-cluster-tls', 'ingress-cluster', 'ingress-cluster-tls'];

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

/** Rules of the names by which Envoy resources refer to each other. */
export const REFERENCE_RULES: readonly EnvoyRule[] = [
  {
    id: 'unknown-routes',
    level: 'error',
    find: ({ model }) => {
      const known = namesOf(model, 'RouteConfiguration');
      return model.references
        .filter(({ to, name }) => to === 'RouteConfiguration' && !name.includes('/') && !known.includes(name))
        .map(({ name, at }) =>
          problem(
            at,
            `There is no route configuration '${name}', and the listener waits for it forever.`,
            known.length === 0 ? 'Write one among `resources`.' : listed(known),
          ),
        );
    },
    examples: {
      bad: exampleWith({ resources: [FETCHING] }),
      good: exampleWith({ resources: [FETCHING, ROUTES, CLUSTER] }),
    },
  },
  {
    id: 'unknown-cluster',
    level: 'error',
    find: ({ model }) => {
      const known = namesOf(model, 'Cluster');
      return model.references
        .filter(({ to, name }) => to === 'Cluster' && !name.includes('/') && ![...known, ...BUILT_IN].includes(name))
        .map(({ name, at }) =>
          problem(
            at,
            `There is no cluster '${name}' in this object, where Cilium looks for a name without '/'.`,
            known.length === 0
              ? 'Write a cluster among `resources`; that of a Service is called `<namespace>/<name>`.'
              : listed(known),
          ),
        );
    },
    examples: {
      bad: exampleWith({ resources: [LISTENER, ROUTES] }),
      good: exampleWith({ resources: [LISTENER, ROUTES, CLUSTER] }),
    },
  },
  {
    id: 'cluster-elsewhere',
    level: 'warning',
    find: ({ model, others }) => {
      const known = [model, ...envoyConfigsOf(others).map((other) => other.model)].flatMap((one) =>
        namesOf(one, 'Cluster'),
      );
      return model.references
        .filter(({ to, name }) => to === 'Cluster' && /^[^/]+\//.test(name) && !known.includes(name))
        .map(({ name, at }) =>
          problem(
            at,
            `No object of the app has the cluster '${name}'; naming a Service creates none.`,
            `Write it among \`resources\`: \`{ '@type': '${CLUSTER['@type']}', name: '${name}', type: 'EDS', connect_timeout: '5s' }\`.`,
          ),
        );
    },
    examples: {
      bad: exampleWith({ resources: [LISTENER, TO_SERVICE] }),
      good: exampleWith({ resources: [LISTENER, TO_SERVICE, OF_SERVICE] }),
    },
  },
  {
    id: 'no-endpoints',
    level: 'warning',
    find: (subject) => {
      const known = [subject, ...envoyConfigsOf(subject.others)].flatMap(({ model, namespace = 'default' }) => [
        ...[...model.services, ...model.backendServices].map((service) => serviceKey(service, namespace)),
        ...namesOf(model, 'ClusterLoadAssignment'),
      ]);
      return subject.model.resources.flatMap(({ at, endpoints: name }) => {
        if (name === undefined || known.includes(name) || known.includes(name.replace(/:[^:]*$/, ''))) return [];
        return problem(
          at,
          `Envoy gets no endpoints of '${name}', so every request to it fails.`,
          'Name the Service in `backendServices`, and call the cluster `<namespace>/<name>` or `<namespace>/<name>:<port>`.',
        );
      });
    },
    examples: {
      bad: exampleWith({ services: [], resources: [LISTENER, { ...OF_SERVICE, name: 'default/shop' }] }),
      good: exampleWith({
        services: [],
        backendServices: [{ name: 'web', namespace: 'default' }],
        resources: [LISTENER, OF_SERVICE],
      }),
    },
  },
];

function listed(known: readonly string[]): string {
  return `There ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}.`;
}
