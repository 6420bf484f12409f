import type { GatewayClassConfigProps, GatewayClassProps, GatewayProps, HTTPRouteProps } from './props';
import type { Construct } from 'constructs';
import { CustomResource } from '../../resource/construct';
import { gateway } from './gateway';
import { gatewayClass } from './gateway-class';
import { gatewayClassConfig } from './gateway-class-config';
import { httpRoute } from './http-route';

/** A listener of a gateway, for `parentRefs` of routes. */
export interface ListenerReference {
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
