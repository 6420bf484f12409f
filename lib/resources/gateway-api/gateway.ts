import type { GatewayProps } from './props';
import { REFERENCE } from '../../resource/references';
import type { ResourceKind } from '../../resource/kind';
import { isMap } from '../../kubernetes/json';
import type { Json, JsonObject } from '../../kubernetes/json';
import { ADDRESS_CHECKS } from './address-rules';
import { gatewayApi } from './api';
import { GATEWAY_CHECKS } from './gateway-rules';
import { DEFAULT_CLASS } from './gateway-model';
import { LISTENER_CHECKS } from './listener-rules';
import { TLS_CHECKS } from './tls-rules';

/** An entrance into the cluster: Gateway. Cilium makes a Service of type LoadBalancer of it, or ports of its nodes in host network mode. */
export const gateway: ResourceKind<GatewayProps> = {
  api: gatewayApi('Gateway'),
  subject: 'gateway',
  elsewhere: {
    rules: 'They belong to an HTTPRoute.',
    hostnames: 'Write `listeners: [{ hostname: … }]`, or `hostnames` of an HTTPRoute.',
    className: 'It is called `gatewayClassName`.',
    loadBalancerIP: 'Write `addresses: [ … ]`.',
    annotations:
      'Write `infrastructure: { annotations: … }` for the Service, or `metadata: { annotations: … }` for the gateway.',
    port: 'Write `listeners: [{ port: … }]`.',
    tls: 'Write `listeners: [{ tls: … }]`.',
    gatewayClass: 'It is called `gatewayClassName`.',
    'listeners[].hostnames': 'Write `hostname`, and a listener for each name.',
    'listeners[].tls.secretName': "Write `certificateRefs: ['my-tls']`.",
    'listeners[].tls.certificateRef': "Write `certificateRefs: ['my-tls']`.",
    'listeners[].allowedRoutes.from': 'Write `allowedRoutes: { namespaces: { from: … } }`.',
    'listeners[].allowedRoutes.namespaces.matchLabels': 'Write `from: Selector` and `selector: { matchLabels: … }`.',
  },
  forms: [['gatewayClassName', REFERENCE]],
  body: ({ gatewayClassName, listeners, addresses, ...fields }) => ({
    spec: {
      ...fields,
      gatewayClassName: className(gatewayClassName),
      listeners: Array.isArray(listeners)
        ? listeners.map((one: Json) => (isMap(one) ? listener(one) : one))
        : listeners,
      addresses: Array.isArray(addresses)
        ? addresses.map((one: Json) => (typeof one === 'string' ? { type: 'IPAddress', value: one } : one))
        : addresses,
    },
  }),
  rules: [...LISTENER_CHECKS, ...TLS_CHECKS, ...ADDRESS_CHECKS, ...GATEWAY_CHECKS],
};

function className(given: Json | undefined): Json {
  return (isMap(given) ? given.name : given) ?? DEFAULT_CLASS;
}

function listener({ tls, allowedRoutes, ...fields }: JsonObject): JsonObject {
  return {
    ...fields,
    tls: isMap(tls) ? { ...tls, certificateRefs: eachSecret(tls.certificateRefs) } : tls,
    allowedRoutes: typeof allowedRoutes === 'string' ? { namespaces: { from: allowedRoutes } } : allowedRoutes,
  };
}

function eachSecret(references: Json | undefined): Json | undefined {
  return Array.isArray(references)
    ? references.map((one: Json) => (typeof one === 'string' ? { kind: 'Secret', name: one } : one))
    : references;
}
