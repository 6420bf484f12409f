import type { HTTPRouteProps, HTTPRouteRule } from './props';
import type { HTTPRouteBackendRef } from '../../../imports/gateway.networking.k8s.io';
import type { Problem } from '../../rules/rule';
import type { ResourceRule } from '../../resource/kind';
import { parseDuration } from '../../helm/durations';
import type { KubernetesObject } from '../../kubernetes/types';
import { FILTER_CHECKS } from './filter-rules';
import { REDIRECT_CHECKS } from './redirect-rules';
import { EXAMPLE_BACKENDS, EXAMPLE_ROUTE, ROUTE_DOCS, eachRule, filterLists, routeWith } from './route-model';

type Check = ResourceRule<HTTPRouteProps>;

const good = { props: EXAMPLE_ROUTE };
const WEB: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default' },
  spec: { ports: [{ name: 'http', port: 8080, targetPort: 80 }] },
};

/** The backends of a rule, those of filters among them, with their paths. */
function backendsOf(
  rule: HTTPRouteRule,
  path: string,
): readonly { readonly path: string; readonly ref: HTTPRouteBackendRef }[] {
  return [
    ...(rule.backendRefs ?? []).map((ref, i) => ({ path: `${path}.backendRefs[${String(i)}]`, ref })),
    ...filterLists(rule, path).flatMap((list) =>
      list.filters.flatMap(({ requestMirror, externalAuth }, i) => [
        ...(requestMirror === undefined
          ? []
          : [{ path: `${list.path}[${String(i)}].requestMirror.backendRef`, ref: requestMirror.backendRef }]),
        ...(externalAuth === undefined
          ? []
          : [{ path: `${list.path}[${String(i)}].externalAuth.backendRef`, ref: externalAuth.backendRef }]),
      ]),
    ),
  ];
}

function eachBackend(
  props: HTTPRouteProps,
  judge: (ref: HTTPRouteBackendRef, path: string) => readonly Problem[],
): readonly Problem[] {
  return eachRule(props, (rule, path) => backendsOf(rule, path).flatMap((one) => judge(one.ref, one.path)));
}

const isService = ({ kind = 'Service', group = '' }: HTTPRouteBackendRef): boolean =>
  kind === 'Service' && group === '';

const BACKEND_CHECKS: readonly Check[] = [
  {
    id: 'http-route/backend-kind',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ props }) =>
      eachBackend(props, (ref, path) => {
        const isImport = ref.kind === 'ServiceImport' && ref.group === 'multicluster.x-k8s.io';
        return isService(ref) || isImport
          ? []
          : [
              {
                paths: [`${path}.kind`],
                message: `Cilium sends requests to Services and ServiceImports, not to a ${ref.kind ?? 'Service'} of ${ref.group ?? ''}.`,
                hint: 'Name a Service.',
              },
            ];
      }),
    examples: {
      bad: routeWith({ backendRefs: [{ kind: 'Deployment', group: 'apps', name: 'web', port: 8080 }] }),
      good,
    },
  },
  {
    id: 'http-route/backend-port',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ props }) =>
      eachBackend(props, (ref, path) =>
        ref.port === undefined
          ? [
              {
                paths: [`${path}.port`],
                message: `Nothing says which port of ${ref.name} is meant.`,
                hint: 'Write the port of the Service, not that of its pods.',
              },
            ]
          : [],
      ),
    examples: { bad: routeWith({ backendRefs: [{ name: 'web' }] }), good },
  },
  {
    id: 'http-route/service-port',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ props, namespace, services }) =>
      eachBackend(props, (ref, path) => {
        const service = services.find(
          ({ metadata }) =>
            metadata.name === ref.name && (metadata.namespace ?? 'default') === (ref.namespace ?? namespace),
        );
        const ports = portsOf(service);
        if (
          !isService(ref) ||
          ref.port === undefined ||
          ports.length === 0 ||
          ports.some(({ port }) => port === ref.port)
        )
          return [];
        const meant = ports.find(({ targetPort }) => targetPort === ref.port);
        return [
          {
            paths: [`${path}.port`],
            message: `The Service ${ref.name} has no port ${String(ref.port)}; it has ${ports.map(({ port }) => String(port)).join(', ')}.`,
            hint:
              meant === undefined
                ? 'Write one of them.'
                : `Write ${String(meant.port)}: ${String(ref.port)} is the port of its pods.`,
          },
        ];
      }),
    examples: {
      bad: { ...routeWith({ backendRefs: [{ name: 'web', port: 80 }] }), services: [WEB] },
      good: { ...good, services: [WEB] },
    },
  },
  {
    id: 'http-route/service-elsewhere',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: ({ props, namespace, services }) =>
      eachBackend(props, (ref, path) => {
        const homes = services
          .filter(({ metadata: { name } }) => name === ref.name)
          .map(({ metadata }) => metadata.namespace ?? 'default');
        const meant = ref.namespace ?? namespace ?? 'default';
        if (!isService(ref) || homes.length === 0 || homes.includes(meant)) return [];
        return [
          {
            paths: [path],
            message: `The app has no Service ${ref.name} in ${meant}, but one in ${homes.join(', ')}.`,
            hint: 'Put the route beside the Service, or write its `namespace` and allow it there by a ReferenceGrant.',
          },
        ];
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
    find: ({ props, namespace }) =>
      eachBackend(props, (ref, path) =>
        ref.namespace === undefined || ref.namespace === namespace
          ? []
          : [
              {
                paths: [`${path}.namespace`],
                message: `A Service of ${ref.namespace} may be used only when a ReferenceGrant there allows it.`,
                hint: 'Make one, or put the route beside the Service.',
              },
            ],
      ),
    examples: { bad: routeWith({ backendRefs: [{ name: 'web', namespace: 'shop', port: 8080 }] }), good },
  },
  {
    id: 'http-route/no-backend',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: ({ props }) => {
      if (props.rules === undefined || props.rules.length === 0)
        return [
          {
            paths: ['rules'],
            message: 'There is no rule, and every request is answered with an error.',
            hint: 'Write `rules: [{ backendRefs: … }]`.',
          },
        ];
      return eachRule(props, ({ backendRefs = [], filters = [] }, path) =>
        backendRefs.length > 0 || filters.some(({ requestRedirect }) => requestRedirect !== undefined)
          ? []
          : [
              {
                paths: [`${path}.backendRefs`],
                message: 'There is no backend, and Cilium answers such requests with 500.',
                hint: 'Name a Service, or redirect the requests.',
              },
            ],
      );
    },
    examples: { bad: { props: { ...EXAMPLE_ROUTE, rules: [{ matches: ['/api'] }] } }, good },
  },
  {
    id: 'http-route/weights',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: ({ props }) =>
      eachRule(props, ({ backendRefs = [] }, path) =>
        backendRefs.length > 0 && backendRefs.every(({ weight }) => weight === 0)
          ? [
              {
                paths: [`${path}.backendRefs`],
                message: 'All backends weigh nothing, and none of them gets a request.',
                hint: 'Give one of them a weight.',
              },
            ]
          : [],
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
    find: ({ props }) =>
      eachRule(props, ({ timeouts }, path) => {
        const [request, backend] = [
          parseDuration(timeouts?.request ?? ''),
          parseDuration(timeouts?.backendRequest ?? ''),
        ];
        if (request === undefined || backend === undefined || request === 0n || backend <= request) return [];
        return [
          {
            paths: [`${path}.timeouts.backendRequest`, `${path}.timeouts.request`],
            message: 'One try may not take longer than the whole request.',
            hint: 'Shorten `backendRequest`, or lengthen `request`.',
          },
        ];
      }),
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

function portsOf(service: KubernetesObject | undefined): readonly ServicePort[] {
  return ((service?.spec as { readonly ports?: readonly ServicePort[] } | undefined)?.ports ?? []).filter(
    ({ port }) => typeof port === 'number',
  );
}

/** Where requests go, and what is done to them on the way. */
export const RULE_CHECKS: readonly Check[] = [...BACKEND_CHECKS, ...FILTER_CHECKS, ...REDIRECT_CHECKS];
