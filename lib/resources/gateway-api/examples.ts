import { GATEWAY_GROUP } from '../../kubernetes/gateway-api';
import type { KubernetesObject } from '../../kubernetes/types';
import type { ResourceExample, ResourceProps, ResourceRule } from '../../resource/kind';
import type { GatewayModel } from './gateway-model';
import type { GrantedKind } from './grants';
import type { GatewayListener, GatewayProps, HTTPRouteFilter, HTTPRouteProps, HTTPRouteRule } from './props';
import type { HttpRouteModel } from './http-route-model';

/** A rule about gateways. */
export type GatewayRule = ResourceRule<GatewayProps, GatewayModel>;

/** A rule about HTTPRoutes only. */
export type HttpRouteRule = ResourceRule<HTTPRouteProps, HttpRouteModel>;

/** Cilium's documentation of gateways. */
export const GATEWAY_DOCS = 'https://docs.cilium.io/en/stable/network/servicemesh/gateway-api/gateway-api/';

/** Cilium's documentation of settings for the gateways of a class. */
export const PARAMETERS_DOCS = `${GATEWAY_DOCS}#gatewayclass-parameters-support`;

/** The Gateway API's documentation of routes. */
export const ROUTE_DOCS = 'https://gateway-api.sigs.k8s.io/api-types/httproute/';

/** A ReferenceGrant for the objects of a kind in the namespace `default`. */
export function grantOf(
  metadata: { readonly name: string; readonly namespace: string },
  kind: GrantedKind,
  to: { readonly kind: string; readonly name?: string },
): KubernetesObject {
  return {
    apiVersion: `${GATEWAY_GROUP}/v1beta1`,
    kind: 'ReferenceGrant',
    metadata,
    spec: { from: [{ group: GATEWAY_GROUP, kind, namespace: 'default' }], to: [{ group: '', ...to }] },
  };
}

/** Values with which Cilium supports gateways. */
export const GATEWAY_ON = { gatewayAPI: { enabled: true }, kubeProxyReplacement: true } as const;

/** Listeners of the examples. */
export const HTTP: GatewayListener = { name: 'http', port: 80, protocol: 'HTTP' };
export const HTTPS: GatewayListener = {
  name: 'https',
  port: 443,
  protocol: 'HTTPS',
  tls: { certificateRefs: ['home-tls'] },
};
export const PASS: GatewayListener = { name: 'pass', port: 443, protocol: 'TLS', tls: { mode: 'Passthrough' } };
export const TCP: GatewayListener = { name: 'tcp', port: 5432, protocol: 'TCP' };
export const UDP: GatewayListener = { name: 'udp', port: 53, protocol: 'UDP' };

type GatewayExample = ResourceExample<GatewayProps>['props'];
type RouteExample = ResourceExample<HTTPRouteProps>['props'];

/** A gateway without findings. */
export const EXAMPLE_GATEWAY = { name: 'home', listeners: [HTTP] } as const satisfies GatewayExample;

/** The same with other listeners. */
export function gatewayWith(...listeners: readonly GatewayListener[]): GatewayExample {
  return { name: 'home', listeners };
}

/** The backends of the examples. */
export const EXAMPLE_BACKENDS = [{ name: 'web', port: 8080 }] as const;

/** A route without findings. */
export const EXAMPLE_ROUTE = {
  name: 'web',
  parentRefs: [{ name: 'home' }],
  rules: [{ backendRefs: EXAMPLE_BACKENDS }],
} as const satisfies RouteExample;

/** The gateway of the examples, next to a route. */
export const WITH_GATEWAY = { others: [{ subject: 'gateway', props: EXAMPLE_GATEWAY }] } as const;

/** The example with another rule. */
export function routeWith(rule: HTTPRouteRule): { readonly props: RouteExample } {
  return { props: { ...EXAMPLE_ROUTE, rules: [{ backendRefs: EXAMPLE_BACKENDS, ...rule }] } };
}

/** Filters of the examples. */
export const REDIRECT: HTTPRouteFilter = { type: 'RequestRedirect', requestRedirect: { scheme: 'https' } };
export const REWRITE: HTTPRouteFilter = {
  type: 'URLRewrite',
  urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } },
};

/** A route that only redirects. */
export const REDIRECT_ROUTE = { props: { ...EXAMPLE_ROUTE, rules: [{ filters: [REDIRECT] }] } } as const;

/** What has listeners, as the rules about listeners look at it. */
export interface ListenersOf {
  readonly kind: 'Gateway' | 'ListenerSet';
  readonly subject: string;
  /** The Cilium release of the examples. */
  readonly version?: string;
  readonly example: object;
}

/** Gateway. */
export const OF_GATEWAY: ListenersOf = { kind: 'Gateway', subject: 'gateway', example: { name: 'home' } };

/** ListenerSet. */
export const OF_LISTENER_SET: ListenersOf = {
  kind: 'ListenerSet',
  subject: 'listener-set',
  version: '1.20.0',
  example: { name: 'shop', parentRef: { name: 'home' } },
};

/** What both have. */
export interface ListenersProps extends ResourceProps {
  readonly listeners: readonly GatewayListener[];
}

/** Rules about listeners, of gateways or of listener sets. */
export type ListenerRules = <P extends ListenersProps>(
  of: ListenersOf,
) => readonly ResourceRule<P, Pick<GatewayModel, 'listeners'>>[];

/** The example of either with some listeners. */
export function listening<P extends ListenersProps>(
  { version, example }: ListenersOf,
  ...listeners: readonly GatewayListener[]
): ResourceExample<P> {
  return {
    ...(version === undefined ? {} : { version }),
    props: { ...example, listeners } as unknown as ResourceExample<P>['props'],
  };
}
