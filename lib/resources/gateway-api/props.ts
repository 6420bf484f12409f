import type { CiliumGatewayClassConfigSpec } from '../../../imports/cilium.io';
import type {
  BackendTLSPolicySpec,
  GRPCRouteMatch,
  GRPCRouteRuleBackendRef,
  GRPCRouteSpec,
  GRPCRouteFilter,
  GatewayAddress,
  GatewayAllowedRoutes,
  GatewayCertificateRef,
  GatewayClassSpec,
  GatewaySpec,
  GatewayListener as WrittenListener,
  GatewayListenerTls as WrittenTls,
  HTTPRouteBackendRef,
  HTTPRouteMatch,
  HTTPRouteParentRef,
  HTTPRouteRuleBackendRef,
  HTTPRouteSpec,
  ListenerSetParentRef,
  ReferenceGrantFrom,
  ReferenceGrantTo,
  TCPRouteBackendRef,
  TCPRouteRule as WrittenStreamRule,
  TLSRouteSpec,
  GRPCRouteRule as WrittenGrpcRule,
  HTTPRouteFilter as StableFilter,
  HTTPRouteRule as WrittenRule,
} from '../../../imports/gateway.networking.k8s.io';
import type { ClusterResourceProps, ResourceProps } from '../../resource/kind';

/** TLS settings of a listener. */
export interface GatewayListenerTls extends Omit<WrittenTls, 'certificateRefs'> {
  /** Secrets of type kubernetes.io/tls, by name or in full; one per listener. One in another namespace needs a ReferenceGrant there. */
  readonly certificateRefs?: readonly (string | GatewayCertificateRef)[];
}

/** A port, with the hostname and the routes that it accepts. */
export interface GatewayListener extends Omit<WrittenListener, 'tls' | 'allowedRoutes' | 'protocol'> {
  /** Unique in the gateway; routes refer to it as `sectionName`. */
  readonly name: string;
  /** 1 to 65535. */
  readonly port: number;
  /** Cilium supports TCP and UDP from 1.20 on. */
  readonly protocol: 'HTTP' | 'HTTPS' | 'TLS' | 'TCP' | 'UDP';
  /** `shop.example.test`, or `*.example.test` for all subdomains. @default - every hostname */
  readonly hostname?: string;
  readonly tls?: GatewayListenerTls;
  /** Namespaces whose routes may attach, and kinds of routes; `All` and `Same` are short for namespaces. @default Same */
  readonly allowedRoutes?: 'All' | 'Same' | GatewayAllowedRoutes;
}

/** Props of `Gateway`. */
export interface GatewayProps extends ResourceProps, Omit<GatewaySpec, 'gatewayClassName' | 'listeners' | 'addresses'> {
  /** A GatewayClass, or its name. @default cilium */
  readonly gatewayClassName?: string | { readonly name: string };
  readonly listeners: readonly GatewayListener[];
  /** Addresses from a LoadBalancerIPPool. @default - any */
  readonly addresses?: readonly (string | GatewayAddress)[];
}

/** Props of `GatewayClass`. */
export interface GatewayClassProps
  extends ClusterResourceProps, Omit<GatewayClassSpec, 'controllerName' | 'parametersRef'> {
  /** @default io.cilium/gateway-controller */
  readonly controllerName?: string;
  /** A GatewayClassConfig, or its name and namespace. @default - Cilium's defaults */
  readonly parametersRef?: {
    readonly name: string;
    readonly namespace?: string;
    readonly group?: string;
    readonly kind?: string;
  };
}

/** Props of `GatewayClassConfig`. */
export interface GatewayClassConfigProps extends ResourceProps, CiliumGatewayClassConfigSpec {
  /** The Service that Cilium creates for each gateway of the class. @default - type LoadBalancer */
  readonly service?: NonNullable<CiliumGatewayClassConfigSpec['service']>;
}

/** Retries of failed requests. */
export interface HTTPRouteRetry {
  /** Status codes to retry, 400 to 599; connection failures are always retried. */
  readonly codes?: readonly number[];
  /** Number of retries, at least 1. */
  readonly attempts?: number;
  /** Time between two attempts, `100ms`. */
  readonly backoff?: string;
}

/** External authorization service. */
export interface HTTPRouteExternalAuth {
  readonly protocol: 'HTTP' | 'GRPC';
  readonly backendRef: HTTPRouteBackendRef;
  /** For `protocol: HTTP`. `{}` for defaults. */
  readonly http?: {
    /** Path prefix of the authorization requests. */
    readonly path?: string;
    readonly allowedHeaders?: readonly string[];
    readonly allowedResponseHeaders?: readonly string[];
  };
  /** For `protocol: GRPC`. `{}` for defaults. */
  readonly grpc?: { readonly allowedHeaders?: readonly string[] };
  /** How much of the body is forwarded, in bytes. @default - none */
  readonly forwardBody?: { readonly maxSize?: number };
}

/** A change to requests or responses. */
export interface HTTPRouteFilter extends Omit<StableFilter, 'type'> {
  readonly type: StableFilter['type'] | 'ExternalAuth';
  /** From Cilium 1.20 on; only in the experimental channel. */
  readonly externalAuth?: HTTPRouteExternalAuth;
}

/** Matches, and where the matching requests are sent. */
export interface HTTPRouteRule extends Omit<WrittenRule, 'matches' | 'backendRefs' | 'filters'> {
  /** Any of them must match; within one, all conditions must hold. `/api` is short for that path prefix. @default - all requests */
  readonly matches?: readonly (string | HTTPRouteMatch)[];
  /** Services with their ports. Without any, and without a redirect, requests are answered with 500. */
  readonly backendRefs?: readonly HTTPRouteRuleBackendRef[];
  /** Header changes, redirects, rewrites, mirroring. @default - none */
  readonly filters?: readonly HTTPRouteFilter[];
  /** Retries of failed requests; only in the experimental channel. @default - no retries */
  readonly retry?: HTTPRouteRetry;
}

/** Props of `HTTPRoute`. */
export interface HTTPRouteProps extends ResourceProps, Omit<HTTPRouteSpec, 'parentRefs' | 'rules'> {
  /** Gateways, or listeners of them: constructs, `gateway.listener('https')`, or references in full. */
  readonly parentRefs?: readonly HTTPRouteParentRef[];
  /** Hostnames of the requests, `shop.example.test` or `*.example.test`. @default - those of the listeners */
  readonly hostnames?: readonly string[];
  /** @default - one rule without backends, which answers 500 */
  readonly rules?: readonly HTTPRouteRule[];
}

/** Matches of a gRPC route, and where the matching calls are sent. */
export interface GRPCRouteRule extends Omit<WrittenGrpcRule, 'matches' | 'backendRefs' | 'filters'> {
  /** Any of them must match; within one, all conditions must hold. `shop.v1.Cart` is short for that service, `shop.v1.Cart/Add` for one of its methods. @default - all calls */
  readonly matches?: readonly (string | GRPCRouteMatch)[];
  /** Services with their ports. Without any, calls are answered with an error. Cilium ignores filters of a backend. */
  readonly backendRefs?: readonly GRPCRouteRuleBackendRef[];
  /** Header changes, mirroring. @default - none */
  readonly filters?: readonly GRPCRouteFilter[];
}

/** Props of `GRPCRoute`. */
export interface GRPCRouteProps extends ResourceProps, Omit<GRPCRouteSpec, 'parentRefs' | 'rules'> {
  /** Gateways, listeners of them or ListenerSets: constructs, `gateway.listener('https')`, or references in full. */
  readonly parentRefs?: readonly HTTPRouteParentRef[];
  /** Hostnames of the calls, `shop.example.test` or `*.example.test`. @default - those of the listeners */
  readonly hostnames?: readonly string[];
  /** @default - one rule without backends, which answers with an error */
  readonly rules?: readonly GRPCRouteRule[];
}

/** Where the connections of a route are sent. */
export interface StreamRouteRule extends Omit<WrittenStreamRule, 'backendRefs'> {
  /** Services with their ports, 1 to 16. `weight` is the share of each. */
  readonly backendRefs: readonly TCPRouteBackendRef[];
}

/** Props of `TLSRoute`. */
export interface TLSRouteProps extends ResourceProps, Omit<TLSRouteSpec, 'parentRefs' | 'rules'> {
  /** Gateways, listeners of them or ListenerSets, with `protocol: TLS` and `mode: Passthrough`. */
  readonly parentRefs?: readonly HTTPRouteParentRef[];
  /** Server names (SNI) of the connections, `db.example.test` or `*.example.test`; required from Cilium 1.20 on. @default - those of the listeners */
  readonly hostnames?: readonly string[];
  /** Exactly one. */
  readonly rules: readonly StreamRouteRule[];
}

/** Props of `TCPRoute`. */
export interface TCPRouteProps extends ResourceProps {
  /** Listeners of protocol TCP, or gateways and ListenerSets with one. A listener serves one route only. */
  readonly parentRefs?: readonly HTTPRouteParentRef[];
  /** Exactly one. */
  readonly rules: readonly StreamRouteRule[];
}

/** Props of `UDPRoute`. */
export interface UDPRouteProps extends ResourceProps {
  /** Listeners of protocol UDP, or gateways and ListenerSets with one. A listener serves one route only. */
  readonly parentRefs?: readonly HTTPRouteParentRef[];
  /** Exactly one. */
  readonly rules: readonly StreamRouteRule[];
}

/** Props of `ReferenceGrant`. */
export interface ReferenceGrantProps extends ResourceProps {
  /** Who may refer into the namespace of the grant: `{ kind: 'HTTPRoute', namespace: 'shop' }`. `group` defaults to that of the Gateway API. */
  readonly from: readonly (Omit<ReferenceGrantFrom, 'group'> & { readonly group?: string })[];
  /** What they may refer to: `{ kind: 'Service', name: 'web' }`, without a name all of the kind. `group` defaults to the core group. */
  readonly to: readonly (Omit<ReferenceGrantTo, 'group'> & { readonly group?: string })[];
}

/** Props of `BackendTLSPolicy`. */
export interface BackendTLSPolicyProps extends ResourceProps, Omit<BackendTLSPolicySpec, 'targetRefs' | 'validation'> {
  /** Services of its namespace, by name or in full; `sectionName` is the name of a port. */
  readonly targetRefs: readonly (string | BackendTLSPolicySpec['targetRefs'][number])[];
  readonly validation: BackendTLSPolicyValidation;
}

/** How a gateway verifies the certificate of a backend. */
export interface BackendTLSPolicyValidation extends Omit<
  BackendTLSPolicySpec['validation'],
  'caCertificateRefs' | 'hostname'
> {
  /** Server name (SNI) that the gateway sends, and name in the certificate of the backend. */
  readonly hostname: string;
  /** One ConfigMap with the key `ca.crt`, by name or in full. */
  readonly caCertificateRefs?: readonly (
    string | NonNullable<BackendTLSPolicySpec['validation']['caCertificateRefs']>[number]
  )[];
}

/** Props of `ListenerSet`. */
export interface ListenerSetProps extends ResourceProps {
  /** The Gateway that serves the listeners: a construct, or its name and namespace. It allows the set with `allowedListeners`. */
  readonly parentRef: ListenerSetParentRef;
  readonly listeners: readonly GatewayListener[];
}
