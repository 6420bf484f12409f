import type {
  BackendTLSPolicyProps,
  GRPCRouteProps,
  GatewayClassConfigProps,
  GatewayClassProps,
  GatewayProps,
  HTTPRouteProps,
  ListenerSetProps,
  ReferenceGrantProps,
  TCPRouteProps,
  TLSRouteProps,
  UDPRouteProps,
} from './props';
import type { Construct } from 'constructs';
import { CustomResource } from '../../resource/construct';
import { backendTlsPolicy } from './backend-tls-policy';
import { gateway } from './gateway';
import { gatewayClass } from './gateway-class';
import { gatewayClassConfig } from './gateway-class-config';
import { grpcRoute } from './grpc-route';
import { httpRoute } from './http-route';
import { listenerSet } from './listener-set';
import { referenceGrant } from './reference-grant';
import { tcpRoute, udpRoute } from './stream-route';
import { tlsRoute } from './tls-route';

/** A listener of a gateway or of a listener set, for `parentRefs` of routes. */
export interface ListenerReference {
  /** `ListenerSet`; absent for a Gateway. */
  readonly kind?: string;
  readonly name: string;
  readonly namespace: string;
  readonly sectionName: string;
}

/**
 * Ingress entry point, served by Cilium's Envoy.
 *
 * ```ts
 * const gateway = new Gateway(chart, 'home', {
 *   cilium,
 *   addresses: ['192.168.1.201'],
 *   listeners: [{ name: 'https', port: 443, protocol: 'HTTPS', tls: { certificateRefs: ['home-tls'] } }],
 * });
 * ```
 */
export class Gateway extends CustomResource<GatewayProps> {
  declare readonly namespace: string;

  constructor(scope: Construct, id: string, props: GatewayProps) {
    super(scope, id, gateway, props);
  }

  /** One of its listeners, for `parentRefs` of routes. */
  listener(name: string): ListenerReference {
    return { name: this.name, namespace: this.namespace, sectionName: name };
  }
}

/**
 * Listeners that another namespace adds to a gateway, which allows it with `allowedListeners`; from Cilium 1.20 on.
 *
 * ```ts
 * const shop = new ListenerSet(chart, 'shop', {
 *   cilium,
 *   parentRef: gateway,
 *   listeners: [{ name: 'https', port: 443, protocol: 'HTTPS', hostname: 'shop.example.test', tls: { certificateRefs: ['shop-tls'] } }],
 * });
 * new HTTPRoute(chart, 'cart', { cilium, parentRefs: [shop], rules: [{ backendRefs: [{ name: 'cart', port: 8080 }] }] });
 * ```
 */
export class ListenerSet extends CustomResource<ListenerSetProps> {
  declare readonly namespace: string;
  /** What `parentRefs` of routes need besides name and namespace. */
  readonly kind = 'ListenerSet';

  constructor(scope: Construct, id: string, props: ListenerSetProps) {
    super(scope, id, listenerSet, props);
  }

  /** One of its listeners, for `parentRefs` of routes. */
  listener(name: string): ListenerReference {
    return { kind: this.kind, name: this.name, namespace: this.namespace, sectionName: name };
  }
}

/**
 * A gateway connects to Services with TLS, and verifies their certificates; from Cilium 1.20 on, for backends of HTTPRoutes.
 *
 * ```ts
 * new BackendTLSPolicy(chart, 'web', {
 *   cilium,
 *   targetRefs: ['web'],
 *   validation: { hostname: 'web.example.test', caCertificateRefs: ['web-ca'] },
 * });
 * ```
 */
export class BackendTLSPolicy extends CustomResource<BackendTLSPolicyProps> {
  constructor(scope: Construct, id: string, props: BackendTLSPolicyProps) {
    super(scope, id, backendTlsPolicy, props);
  }
}

/**
 * Where a gateway sends HTTP requests.
 *
 * ```ts
 * new HTTPRoute(chart, 'web', {
 *   cilium,
 *   parentRefs: [gateway],
 *   hostnames: ['www.example.test'],
 *   rules: [{ matches: ['/'], backendRefs: [{ name: 'web', port: 8080 }] }],
 * });
 * ```
 */
export class HTTPRoute extends CustomResource<HTTPRouteProps> {
  constructor(scope: Construct, id: string, props: HTTPRouteProps) {
    super(scope, id, httpRoute, props);
  }
}

/**
 * Where a gateway sends gRPC calls.
 *
 * ```ts
 * new GRPCRoute(chart, 'cart', {
 *   cilium,
 *   parentRefs: [gateway],
 *   hostnames: ['grpc.example.test'],
 *   rules: [{ matches: ['shop.v1.Cart'], backendRefs: [{ name: 'cart', port: 9000 }] }],
 * });
 * ```
 */
export class GRPCRoute extends CustomResource<GRPCRouteProps> {
  constructor(scope: Construct, id: string, props: GRPCRouteProps) {
    super(scope, id, grpcRoute, props);
  }
}

/**
 * Where a gateway sends TLS connections that it passes through, by their server name (SNI).
 *
 * ```ts
 * new TLSRoute(chart, 'db', {
 *   cilium,
 *   parentRefs: [gateway.listener('pass')],
 *   hostnames: ['db.example.test'],
 *   rules: [{ backendRefs: [{ name: 'db', port: 5432 }] }],
 * });
 * ```
 */
export class TLSRoute extends CustomResource<TLSRouteProps> {
  constructor(scope: Construct, id: string, props: TLSRouteProps) {
    super(scope, id, tlsRoute, props);
  }
}

/**
 * The Service behind a TCP listener; from Cilium 1.20 on.
 *
 * ```ts
 * new TCPRoute(chart, 'db', {
 *   cilium,
 *   parentRefs: [gateway.listener('db')],
 *   rules: [{ backendRefs: [{ name: 'db', port: 5432 }] }],
 * });
 * ```
 */
export class TCPRoute extends CustomResource<TCPRouteProps> {
  constructor(scope: Construct, id: string, props: TCPRouteProps) {
    super(scope, id, tcpRoute, props);
  }
}

/**
 * The Service behind a UDP listener; from Cilium 1.20 on.
 *
 * ```ts
 * new UDPRoute(chart, 'dns', {
 *   cilium,
 *   parentRefs: [gateway.listener('dns')],
 *   rules: [{ backendRefs: [{ name: 'dns', port: 53 }] }],
 * });
 * ```
 */
export class UDPRoute extends CustomResource<UDPRouteProps> {
  constructor(scope: Construct, id: string, props: UDPRouteProps) {
    super(scope, id, udpRoute, props);
  }
}

/**
 * Allows references from other namespaces into its own: of routes to Services, of Gateways and ListenerSets to Secrets.
 *
 * ```ts
 * new ReferenceGrant(chart, 'from-web', {
 *   cilium,
 *   namespace: 'shop',
 *   from: [{ kind: 'HTTPRoute', namespace: 'web' }],
 *   to: [{ kind: 'Service', name: 'cart' }],
 * });
 * ```
 */
export class ReferenceGrant extends CustomResource<ReferenceGrantProps> {
  constructor(scope: Construct, id: string, props: ReferenceGrantProps) {
    super(scope, id, referenceGrant, props);
  }
}

/** A class of gateways in addition to `cilium`, which Cilium creates. */
export class GatewayClass extends CustomResource<GatewayClassProps> {
  constructor(scope: Construct, id: string, props: GatewayClassProps) {
    super(scope, id, gatewayClass, props);
  }
}

/**
 * Settings for the gateways of a class: type of Service, access logs.
 *
 * ```ts
 * const nodePorts = new GatewayClassConfig(chart, 'node-ports', { cilium, service: { type: 'NodePort' } });
 * const inside = new GatewayClass(chart, 'inside', { cilium, parametersRef: nodePorts });
 * ```
 */
export class GatewayClassConfig extends CustomResource<GatewayClassConfigProps> {
  declare readonly namespace: string;

  constructor(scope: Construct, id: string, props: GatewayClassConfigProps) {
    super(scope, id, gatewayClassConfig, props);
  }
}
