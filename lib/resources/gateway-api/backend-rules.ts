import type { KubernetesObject } from '../../kubernetes/types';
import { servicesNamed } from '../../resource/service-index';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { EXAMPLE_BACKENDS, EXAMPLE_ROUTE, ROUTE_DOCS, grantOf, routeWith } from './examples';
import type { RouteRule } from './examples';
import { grantProblem } from './grants';
import type { Backend, RuleModel } from './route-model';

const FOREIGN = routeWith({ backendRefs: [{ name: 'web', namespace: 'shop', port: 8080 }] });
const GRANT = grantOf({ name: 'web', namespace: 'shop' }, 'HTTPRoute', { kind: 'Service' });

type RouteSubject = Parameters<RouteRule['find']>[0];

const good = { props: EXAMPLE_ROUTE };
const WEB: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default' },
  spec: { ports: [{ name: 'http', port: 8080, targetPort: 80 }] },
};

/** Rules about backends and timeouts. */
export const BACKEND_RULES: readonly RouteRule[] = [
  {
    id: 'http-route/backend-kind',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ model }) =>
      model.backends
        .filter(
          ({ isService, ref }) =>
            !isService && !(ref.kind === 'ServiceImport' && ref.group === 'multicluster.x-k8s.io'),
        )
        .map(({ at, ref }) =>
          problem(
            `${at}.kind`,
            `Cilium supports Services and ServiceImports as backends, not a ${ref.kind ?? 'Service'} of group ${ref.group ?? ''}.`,
            'Name a Service.',
          ),
        ),
    examples: {
      bad: routeWith({ backendRefs: [{ kind: 'Deployment', group: 'apps', name: 'web', port: 8080 }] }),
      good,
    },
  },
  {
    id: 'http-route/backend-port',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ model }) =>
      model.backends
        .filter(({ ref }) => ref.port === undefined)
        .map(({ at, ref }) =>
          problem(
            `${at}.port`,
            `The port of ${ref.name} is missing.`,
            'Write the port of the Service, not that of its pods.',
          ),
        ),
    examples: { bad: routeWith({ backendRefs: [{ name: 'web' }] }), good },
  },
  {
    id: 'http-route/service-port',
    level: 'error',
    docs: ROUTE_DOCS,
    find: (subject) => subject.model.backends.flatMap((backend) => portProblem(backend, subject) ?? []),
    examples: {
      bad: { ...routeWith({ backendRefs: [{ name: 'web', port: 80 }] }), services: [WEB] },
      good: { ...good, services: [WEB] },
    },
  },
  {
    id: 'http-route/service-elsewhere',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: ({ model, namespace, services }) =>
      model.backends.flatMap(({ at, ref, isService }) => {
        const homes = servicesNamed(services, ref.name).map(({ metadata }) => metadata.namespace ?? 'default');
        const wanted = ref.namespace ?? namespace ?? 'default';
        return !isService || homes.length === 0 || homes.includes(wanted)
          ? []
          : problem(
              at,
              `This app has no Service ${ref.name} in namespace ${wanted}, but one in ${homes.join(', ')}.`,
              'Move the route to the namespace of the Service, or write its `namespace` and add a ReferenceGrant there.',
            );
      }),
    examples: {
      bad: { ...good, services: [{ ...WEB, metadata: { name: 'web', namespace: 'shop' } }] },
      good: { ...good, services: [WEB] },
    },
  },
  {
    id: 'http-route/backend-elsewhere',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: (subject) =>
      subject.model.backends.flatMap(({ at, ref }) => {
        const { namespace: own = 'default' } = subject;
        const { group = '', kind = 'Service', name, namespace = own } = ref;
        if (namespace === own) return [];
        const reference = {
          from: { kind: 'HTTPRoute', namespace: own },
          to: { group, kind, name, namespace },
        } as const;
        return grantProblem(`${at}.namespace`, `A ${kind}`, reference, subject) ?? [];
      }),
    examples: { bad: FOREIGN, good: { ...FOREIGN, grants: [GRANT] } },
  },
  {
    id: 'http-route/no-backend',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: ({ props, model }) =>
      (props.rules ?? []).length === 0
        ? problem(
            'rules',
            'There are no rules, so every request is answered with an error.',
            'Write `rules: [{ backendRefs: … }]`.',
          )
        : model.rules
            .filter(
              ({ fields: { backendRefs = [], filters = [] } }) =>
                backendRefs.length === 0 && !filters.some(({ requestRedirect }) => requestRedirect !== undefined),
            )
            .map(({ at }) =>
              problem(
                `${at}.backendRefs`,
                'There is no backend, so Cilium answers these requests with 500.',
                'Name a Service, or redirect the requests.',
              ),
            ),
    examples: { bad: { props: { ...EXAMPLE_ROUTE, rules: [{ matches: ['/api'] }] } }, good },
  },
  {
    id: 'http-route/weights',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: ({ model }) =>
      model.rules
        .filter(
          ({ fields: { backendRefs = [] } }) =>
            backendRefs.length > 0 && backendRefs.every(({ weight }) => weight === 0),
        )
        .map(({ at }) =>
          problem(
            `${at}.backendRefs`,
            'All backends have weight 0, so none gets a request.',
            'Give one of them a weight.',
          ),
        ),
    examples: {
      bad: routeWith({ backendRefs: [{ ...EXAMPLE_BACKENDS[0], weight: 0 }] }),
      good: routeWith({
        backendRefs: [
          { ...EXAMPLE_BACKENDS[0], weight: 0 },
          { name: 'next', port: 8080 },
        ],
      }),
    },
  },
  {
    id: 'http-route/timeouts',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ model }) =>
      model.rules
        .filter(exceedsRequestTimeout)
        .map(({ at }) =>
          problem(
            [`${at}.timeouts.backendRequest`, `${at}.timeouts.request`],
            '`backendRequest` must not exceed `request`.',
            'Shorten `backendRequest`, or lengthen `request`.',
          ),
        ),
    examples: {
      bad: routeWith({ timeouts: { request: '5s', backendRequest: '10s' } }),
      good: routeWith({ timeouts: { request: '10s', backendRequest: '5s' } }),
    },
  },
];

interface ServicePort {
  readonly port: number;
  readonly targetPort?: number | string;
}

function portProblem({ at, ref, isService }: Backend, { namespace, services }: RouteSubject): Problem | undefined {
  const service = servicesNamed(services, ref.name).find(
    ({ metadata }) => (metadata.namespace ?? 'default') === (ref.namespace ?? namespace),
  );
  const ports = ((service?.spec as { readonly ports?: readonly ServicePort[] } | undefined)?.ports ?? []).filter(
    ({ port }) => typeof port === 'number',
  );
  if (!isService || ref.port === undefined || ports.length === 0 || ports.some(({ port }) => port === ref.port))
    return undefined;
  const target = ports.find(({ targetPort }) => targetPort === ref.port);
  return problem(
    `${at}.port`,
    `The Service ${ref.name} has no port ${String(ref.port)}; it has ${ports.map(({ port }) => String(port)).join(', ')}.`,
    target === undefined
      ? 'Write one of them.'
      : `Write ${String(target.port)}: ${String(ref.port)} is the port of its pods.`,
  );
}

function exceedsRequestTimeout({ timeouts: { request, backendRequest } }: RuleModel): boolean {
  // 0 means no timeout.
  return request !== undefined && backendRequest !== undefined && request !== 0n && backendRequest > request;
}
