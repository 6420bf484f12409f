import { versionFeatures } from '../../cilium/version-features';
import type { ResourceExample, ResourceRule } from '../../resource/kind';
import { EXAMPLE_ROUTE, HTTP, PASS, TCP, UDP, gatewayWith } from './examples';
import type { GatewayListener } from './props';
import type { RouteModel, RouteName, RouteProps } from './route-model';

/** A kind of route, as the rules about all kinds of routes look at it. */
export interface RouteType {
  readonly kind: RouteName;
  readonly subject: string;
  /** The Gateway API's documentation of it. */
  readonly docs: string;
  /** Protocols of the listeners that accept it, as words of a hint. */
  readonly protocols: readonly GatewayListener['protocol'][];
  /** What it routes. */
  readonly traffic: 'request' | 'connection' | 'datagram';
  /** The protocol of the ports of its backends, where the operator compares it. */
  readonly layer4?: 'TCP' | 'UDP';
  /** Whether Services may be its parents. */
  hasServiceParents(ciliumVersion: string): boolean;
  /** A route without findings, next to a gateway `home` with {@link listener}. */
  readonly example: Omit<RouteProps, 'cilium'>;
  readonly listener: GatewayListener;
  /** A listener that does not accept it. */
  readonly foreign: GatewayListener;
  /** A kind of route that it accepts. */
  readonly foreignKind: string;
  /** Whether the API server refuses hostnames that the schema accepts. */
  refusesHostnames(ciliumVersion: string): boolean;
  /** The Cilium release of the examples. */
  readonly version?: string;
}

/** Rules about all kinds of routes, for one of them. */
export type RouteRules = <P extends RouteProps>(type: RouteType) => readonly ResourceRule<P, RouteModel>[];

/** An example of a rule: the route of a kind with other fields, next to a gateway with some listeners. */
export function exampleOf<P extends RouteProps>(
  { example, listener, version }: RouteType,
  fields: Partial<RouteProps> = {},
  listeners: readonly GatewayListener[] = [listener],
): ResourceExample<P> {
  return {
    ...(version === undefined ? {} : { version }),
    props: { ...example, ...fields } as unknown as ResourceExample<P>['props'],
    ...(listeners.length === 0 ? {} : { others: [{ subject: 'gateway', props: gatewayWith(...listeners) }] }),
  };
}

const PAGES = 'https://gateway-api.sigs.k8s.io/api-types';

/** HTTPRoute. */
export const HTTP_ROUTE: RouteType = {
  kind: 'HTTPRoute',
  subject: 'http-route',
  docs: `${PAGES}/httproute/`,
  protocols: ['HTTP', 'HTTPS'],
  traffic: 'request',
  hasServiceParents: () => true,
  example: EXAMPLE_ROUTE,
  listener: HTTP,
  foreign: PASS,
  foreignKind: 'TLSRoute',
  refusesHostnames: () => false,
};

/** GRPCRoute. */
export const GRPC_ROUTE: RouteType = {
  ...HTTP_ROUTE,
  kind: 'GRPCRoute',
  subject: 'grpc-route',
  docs: `${PAGES}/grpcroute/`,
  hasServiceParents: (version) => versionFeatures(version)('grpc-routes-of-services'),
};

/** TLSRoute. */
export const TLS_ROUTE: RouteType = {
  kind: 'TLSRoute',
  subject: 'tls-route',
  docs: `${PAGES}/tlsroute/`,
  protocols: ['TLS'],
  traffic: 'connection',
  hasServiceParents: () => false,
  example: { ...EXAMPLE_ROUTE, hostnames: ['www.example.test'] },
  listener: PASS,
  foreign: HTTP,
  foreignKind: 'HTTPRoute',
  refusesHostnames: (version) => versionFeatures(version)('gateway-listener-sets'),
};

/** TCPRoute. */
export const TCP_ROUTE: RouteType & { readonly kind: 'TCPRoute' } = {
  ...TLS_ROUTE,
  kind: 'TCPRoute',
  subject: 'tcp-route',
  docs: `${PAGES}/tcproute/`,
  protocols: ['TCP'],
  example: EXAMPLE_ROUTE,
  layer4: 'TCP',
  listener: TCP,
  version: '1.20.0',
};

/** UDPRoute. */
export const UDP_ROUTE: RouteType & { readonly kind: 'UDPRoute' } = {
  ...TCP_ROUTE,
  kind: 'UDPRoute',
  subject: 'udp-route',
  docs: `${PAGES}/udproute/`,
  protocols: ['UDP'],
  traffic: 'datagram',
  layer4: 'UDP',
  listener: UDP,
};

/** All kinds of routes that Cilium supports. */
export const ROUTE_TYPES: readonly RouteType[] = [HTTP_ROUTE, GRPC_ROUTE, TLS_ROUTE, TCP_ROUTE, UDP_ROUTE];
