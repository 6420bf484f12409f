import type { GatewayListener, GatewayProps } from './props';
import type { GatewayAllowedRoutes, GatewayCertificateRef } from '../../../imports/gateway.networking.k8s.io';
import type { Context } from '../../cilium/context';
import type { Problem } from '../../rules/rule';
import type { ResourceExample, Resource } from '../../resource/kind';
import { isTruthy } from '../../helm/truth';

/** Where Cilium explains its gateways. */
export const GATEWAY_DOCS = 'https://docs.cilium.io/en/stable/network/servicemesh/gateway-api/gateway-api/';

/** The class that Cilium's chart makes. */
export const DEFAULT_CLASS = 'cilium';

/** Values of a Cilium that serves gateways. */
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

/** A gateway without problems. */
export const EXAMPLE_GATEWAY = {
  name: 'home',
  listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
} as const satisfies ResourceExample<GatewayProps>['props'];

/** The same with other listeners. */
export function gatewayWith(...listeners: readonly GatewayListener[]): ResourceExample<GatewayProps>['props'] {
  return { name: 'home', listeners };
}

/** Something that is wrong with a listener. */
export function eachListener(
  props: GatewayProps,
  judge: (listener: GatewayListener, path: string) => readonly Problem[],
): readonly Problem[] {
  return props.listeners.flatMap((listener, i) => judge(listener, `listeners[${String(i)}]`));
}

/** The routes that a listener allows, in full. */
export function allowedRoutesOf({ allowedRoutes = 'Same' }: GatewayListener): GatewayAllowedRoutes {
  return typeof allowedRoutes === 'string' ? { namespaces: { from: allowedRoutes } } : allowedRoutes;
}

/** The certificates of a listener, in full. */
export function certificatesOf({ tls }: GatewayListener): readonly GatewayCertificateRef[] {
  return (tls?.certificateRefs ?? []).map((one) => (typeof one === 'string' ? { name: one } : one));
}

/** Cilium's own class of gateways is made: `auto` makes it whenever the Gateway API is on. */
export function makesClass({ v }: Context): boolean {
  return isTruthy(v.gatewayAPI.enabled) && ['auto', 'true'].includes(String(v.gatewayAPI.gatewayClass.create));
}

/** Gateways are ports of nodes instead of Services. */
export function onHostNetwork(cilium: Context | undefined): boolean {
  return (
    cilium !== undefined && isTruthy(cilium.v.gatewayAPI.enabled) && isTruthy(cilium.v.gatewayAPI.hostNetwork.enabled)
  );
}

/** The namespace of a gateway that is a resource of the app. */
export function homeOf({ props }: Resource<GatewayProps>): string {
  return props.namespace ?? 'default';
}
