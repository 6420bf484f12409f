import { GATEWAY_GROUP } from '../../kubernetes/gateway-api';
import { hostnamesOverlap } from '../../kubernetes/hostnames';
import { mapOf, mapsIn } from '../../kubernetes/json';
import type { Json, JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { cilium } from './fault';
import type { ClusterObjects, ObjectsFault, PlacedSpec } from './fault';
import { isAffected } from './releases';
import type { Affected } from './releases';

const CONTROLLER = 'io.cilium/gateway-controller';

/** Where Envoy refuses the listener, and then no endpoint starts any more. */
const REFUSED: readonly Affected[] = [{ from: '1.19.3', until: '1.19.4' }];
/** Where the operator still makes one filter chain of all listeners. */
const ONE_CHAIN: readonly Affected[] = [{ from: '1.18.8', until: '1.18.10' }];

/** Faults of the Gateway API that need objects. */
export const GATEWAY_FAULTS: readonly ObjectsFault[] = [
  {
    id: 'known-fault/tls-route-without-section',
    title: 'TLSRoutes without sectionName at a Gateway with HTTP listeners',
    affected: [
      { from: '1.18.8', until: '1.18.10' },
      { from: '1.19.2', until: '1.19.4' },
    ],
    level: ({ version }) => (isAffected(ONE_CHAIN, version) ? 'warning' : 'error'),
    find: (objects) =>
      attachedRoutes(objects, 'TLSRoute').flatMap(({ route, refAt, ref, gateway }) =>
        ref.sectionName === undefined && ref.port === undefined && matchesOtherListeners(route, gateway)
          ? [route.at(refAt)]
          : [],
      ),
    message: ({ version }) =>
      isAffected(REFUSED, version)
        ? 'The route is added to listeners of every protocol; Envoy refuses the listener, and then endpoints of the whole cluster do not start.'
        : 'The route is added to listeners of every protocol, and TLS passthrough fails silently: its status stays Accepted.',
    avoid: 'name the TLS listener by sectionName',
    source: cilium(45925),
    example: {
      version: '1.19.3',
      objects: [
        gateway([
          { name: 'http', port: 80, protocol: 'HTTP' },
          { name: 'tls', port: 443, protocol: 'TLS', hostname: 'db.example.test', tls: { mode: 'Passthrough' } },
        ]),
        tlsRoute([{ backendRefs: [{ name: 'db', port: 443 }] }]),
      ],
    },
  },
  {
    id: 'known-fault/gateway-class-config-not-found',
    title: 'GatewayClasses with a CiliumGatewayClassConfig',
    affected: [{ from: '1.18.4', until: '1.18.5' }],
    level: 'error',
    find: ({ of }) =>
      of('GatewayClass').flatMap(({ spec, at }) =>
        spec.controllerName === CONTROLLER && mapOf(spec.parametersRef).kind === 'CiliumGatewayClassConfig'
          ? [at('spec.parametersRef')]
          : [],
      ),
    message:
      'The operator looks for the CiliumGatewayClassConfig without its namespace and does not find it, so that it never accepts the GatewayClass.',
    source: cilium(43254),
    example: {
      version: '1.18.5',
      objects: [
        {
          apiVersion: `${GATEWAY_GROUP}/v1`,
          kind: 'GatewayClass',
          metadata: { name: 'inside' },
          spec: {
            controllerName: CONTROLLER,
            parametersRef: {
              group: 'cilium.io',
              kind: 'CiliumGatewayClassConfig',
              name: 'inside',
              namespace: 'kube-system',
            },
          },
        },
      ],
    },
  },
  {
    id: 'known-fault/grpc-route-kinds',
    title: 'Listeners that list GRPCRoute',
    affected: [
      { from: '1.18.0', until: '1.18.10' },
      { from: '1.19.0', until: '1.19.2' },
    ],
    find: (objects) =>
      ciliumGateways(objects).flatMap(({ spec, at }) =>
        mapsIn(spec.listeners).flatMap(({ allowedRoutes }, i) =>
          mapsIn(mapOf(allowedRoutes).kinds).some(({ kind }) => kind === 'GRPCRoute')
            ? [at(`spec.listeners[${String(i)}].allowedRoutes.kinds`)]
            : [],
        ),
      ),
    message: 'GRPCRoutes are silently left out of the configuration of Envoy at a listener that lists kinds of routes.',
    avoid: 'leave out allowedRoutes.kinds: the protocol implies them',
    source: cilium(44826),
    example: {
      version: '1.19.2',
      objects: [
        gateway([{ name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: { kinds: [{ kind: 'GRPCRoute' }] } }]),
      ],
    },
  },
  {
    id: 'known-fault/http-route-retry',
    title: 'Retries of HTTPRoutes',
    affected: [{ from: '1.18.0' }, { from: '1.19.0' }],
    find: (objects) => rulesOf(objects, 'HTTPRoute', ({ retry }) => retry !== undefined).map(({ at }) => at('retry')),
    message: 'Envoy gets no condition on which to retry, so that requests are never retried.',
    source: cilium(46433),
    example: { version: '1.19.6', objects: [gateway(), httpRoute({ retry: { attempts: 3, codes: [503] } })] },
  },
  {
    id: 'known-fault/root-prefix-rewrite',
    title: 'Rewrites of the prefix /',
    affected: [{ from: '1.18.0' }],
    find: (objects) =>
      rulesOf(objects, 'HTTPRoute', hasRootPrefix).flatMap(({ rule, at }) =>
        mapsIn(rule.filters).flatMap(({ urlRewrite }, i) =>
          isLostSlash(mapOf(mapOf(urlRewrite).path).replacePrefixMatch)
            ? [at(`filters[${String(i)}].urlRewrite.path`)]
            : [],
        ),
      ),
    message: 'The slash after the replaced prefix is lost: with `/shop` in place of `/`, `/cart` becomes `/shopcart`.',
    avoid: 'end replacePrefixMatch with a slash',
    source: cilium(42204),
    example: {
      version: '1.18.11',
      objects: [
        gateway(),
        httpRoute({
          filters: [
            { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/shop' } } },
          ],
        }),
      ],
    },
  },
  {
    id: 'known-fault/external-auth-open',
    title: 'ExternalAuth with an unresolved backend',
    affected: [{ from: '1.20.0', until: '1.20.1' }],
    find: (objects) =>
      rulesOf(objects, 'HTTPRoute').flatMap(({ rule, at }) =>
        mapsIn(rule.filters).flatMap(({ type }, i) => (type === 'ExternalAuth' ? [at(`filters[${String(i)}]`)] : [])),
      ),
    message: 'While the backend of ExternalAuth is invalid or cannot be resolved, requests pass without authorization.',
    source: cilium(47929),
    example: {
      version: '1.20.0',
      objects: [
        gateway(),
        httpRoute({
          filters: [
            {
              type: 'ExternalAuth',
              externalAuth: { protocol: 'HTTP', backendRef: { name: 'auth', port: 8080 } },
            },
          ],
        }),
      ],
    },
  },
  {
    id: 'known-fault/weighted-tls-route',
    title: 'TLSRoutes with several backends',
    affected: [
      { from: '1.18.0', until: '1.18.10' },
      { from: '1.19.0', until: '1.19.4' },
    ],
    find: (objects) =>
      rulesOf(objects, 'TLSRoute', ({ backendRefs }) => mapsIn(backendRefs).length > 1).map(({ at }) =>
        at('backendRefs'),
      ),
    message: 'Traffic is not split among the backends of a TLSRoute by their weights.',
    avoid: 'write one backend',
    source: cilium(45937),
    example: {
      version: '1.19.4',
      objects: [
        gateway([{ name: 'tls', port: 443, protocol: 'TLS', tls: { mode: 'Passthrough' } }]),
        tlsRoute([
          {
            backendRefs: [
              { name: 'db', port: 443, weight: 9 },
              { name: 'db-next', port: 443, weight: 1 },
            ],
          },
        ]),
      ],
    },
  },
];

/** Gateways of Cilium's own class, and of classes of the app that Cilium's controller serves. */
function ciliumGateways({ of }: ClusterObjects): readonly PlacedSpec[] {
  const own = new Set<unknown>([
    'cilium',
    ...of('GatewayClass').flatMap(({ name, spec }) => (spec.controllerName === CONTROLLER ? [name] : [])),
  ]);
  return of('Gateway').filter(({ spec }) => own.has(spec.gatewayClassName));
}

interface AttachedRoute {
  readonly route: PlacedSpec;
  readonly ref: JsonObject;
  readonly refAt: string;
  readonly gateway: PlacedSpec;
}

/** References of routes to Gateways of Cilium. */
function attachedRoutes(objects: ClusterObjects, kind: string): readonly AttachedRoute[] {
  const gateways = new Map(ciliumGateways(objects).map((one) => [`${one.namespace}/${one.name}`, one]));
  return objects.of(kind).flatMap((route) =>
    mapsIn(route.spec.parentRefs).flatMap((ref, i) => {
      const found = gateways.get(`${String(ref.namespace ?? route.namespace)}/${String(ref.name)}`);
      return found === undefined || (ref.kind ?? 'Gateway') !== 'Gateway'
        ? []
        : [{ route, ref, refAt: `spec.parentRefs[${String(i)}]`, gateway: found }];
    }),
  );
}

/** Whether a TLS listener and one of another protocol match the hostnames of a route. */
function matchesOtherListeners({ spec: { hostnames } }: PlacedSpec, { spec }: PlacedSpec): boolean {
  const names: readonly Json[] = Array.isArray(hostnames) ? hostnames : [];
  const matching = mapsIn(spec.listeners).filter(
    ({ hostname }) =>
      typeof hostname !== 'string' ||
      names.length === 0 ||
      names.some((name) => typeof name === 'string' && hostnamesOverlap(name, hostname)),
  );
  return matching.some(({ protocol }) => protocol === 'TLS') && matching.some(({ protocol }) => protocol !== 'TLS');
}

interface PlacedRule {
  readonly rule: JsonObject;
  readonly at: (path: string) => string;
}

/** Rules of routes that are attached to a Gateway of Cilium. */
function rulesOf(
  objects: ClusterObjects,
  kind: string,
  isMeant: (rule: JsonObject) => boolean = () => true,
): readonly PlacedRule[] {
  const routes = [...new Set(attachedRoutes(objects, kind).map(({ route }) => route))];
  return routes.flatMap(({ spec, at }) =>
    mapsIn(spec.rules).flatMap((rule, i) =>
      isMeant(rule) ? [{ rule, at: (path: string) => at(`spec.rules[${String(i)}].${path}`) }] : [],
    ),
  );
}

/** Whether a rule matches every path; without matches that is the default. */
function hasRootPrefix({ matches }: JsonObject): boolean {
  const all = mapsIn(matches);
  return (
    all.length === 0 ||
    all.some(({ path }) => {
      const { type = 'PathPrefix', value = '/' } = mapOf(path);
      return type === 'PathPrefix' && value === '/';
    })
  );
}

function isLostSlash(prefix: Json | undefined): boolean {
  return typeof prefix === 'string' && prefix !== '' && !prefix.endsWith('/');
}

function gateway(listeners: readonly JsonObject[] = [{ name: 'http', port: 80, protocol: 'HTTP' }]): KubernetesObject {
  return {
    apiVersion: `${GATEWAY_GROUP}/v1`,
    kind: 'Gateway',
    metadata: { name: 'home', namespace: 'default' },
    spec: { gatewayClassName: 'cilium', listeners },
  };
}

function httpRoute(rule: JsonObject): KubernetesObject {
  return {
    apiVersion: `${GATEWAY_GROUP}/v1`,
    kind: 'HTTPRoute',
    metadata: { name: 'web', namespace: 'default' },
    spec: { parentRefs: [{ name: 'home' }], rules: [{ backendRefs: [{ name: 'web', port: 8080 }], ...rule }] },
  };
}

function tlsRoute(rules: readonly JsonObject[]): KubernetesObject {
  return {
    apiVersion: `${GATEWAY_GROUP}/v1alpha2`,
    kind: 'TLSRoute',
    metadata: { name: 'db', namespace: 'default' },
    spec: { parentRefs: [{ name: 'home' }], hostnames: ['db.example.test'], rules },
  };
}
