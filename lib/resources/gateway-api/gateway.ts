import { servesNodePorts } from '../../cilium/parts/envoy-listeners';
import { isTruthy } from '../../helm/truth';
import { isMap } from '../../kubernetes/json';
import type { Json, JsonObject } from '../../kubernetes/json';
import type { Need } from '../../resource/kind';
import { REFERENCE } from '../../resource/references';
import { resourceKind } from '../../resource/resource-kind';
import { ADDRESS_RULES } from './address-rules';
import { gatewayApi } from './api';
import { EXAMPLE_GATEWAY, GATEWAY_DOCS, GATEWAY_ON, OF_GATEWAY } from './examples';
import { DEFAULT_CLASS, readGateway } from './gateway-model';
import type { GatewayModel } from './gateway-model';
import { GATEWAY_RULES } from './gateway-rules';
import { hostNetworkRules } from './host-network-rules';
import { LISTENER_RULES, listenerRules } from './listener-rules';
import { concernsGateway } from './owner';
import type { GatewayProps } from './props';
import { TLS_RULES, tlsRules } from './tls-rules';

/** The switch that every kind of the Gateway API needs. */
export const GATEWAY_API: Need = {
  rule: 'off',
  path: 'gatewayAPI.enabled',
  message: 'Cilium does not serve the Gateway API.',
};

/** Hints for misplaced fields of listeners. */
export const LISTENER_ELSEWHERE = {
  'listeners[].hostnames': 'Write `hostname`, and a listener for each name.',
  'listeners[].tls.secretName': "Write `certificateRefs: ['my-tls']`.",
  'listeners[].tls.certificateRef': "Write `certificateRefs: ['my-tls']`.",
  'listeners[].allowedRoutes.from': 'Write `allowedRoutes: { namespaces: { from: … } }`.',
  'listeners[].allowedRoutes.namespaces.matchLabels': 'Write `from: Selector` and `selector: { matchLabels: … }`.',
} as const;

/** Gateway: ingress entry point. Cilium creates a LoadBalancer Service for it, or ports of the nodes in host network mode. */
export const gateway = resourceKind<GatewayProps, GatewayModel>({
  api: gatewayApi('Gateway'),
  subject: 'gateway',
  docs: GATEWAY_DOCS,
  example: { props: EXAMPLE_GATEWAY, values: GATEWAY_ON },
  elsewhere: {
    rules: 'Write them in an HTTPRoute.',
    hostnames: 'Write `listeners: [{ hostname: … }]`, or `hostnames` of an HTTPRoute.',
    className: 'Write `gatewayClassName`.',
    loadBalancerIP: 'Write `addresses: [ … ]`.',
    annotations:
      'Write `infrastructure: { annotations: … }` for the Service, or `metadata: { annotations: … }` for the gateway.',
    port: 'Write `listeners: [{ port: … }]`.',
    tls: 'Write `listeners: [{ tls: … }]`.',
    gatewayClass: 'Write `gatewayClassName`.',
    ...LISTENER_ELSEWHERE,
  },
  forms: [['gatewayClassName', REFERENCE]],
  body: ({ gatewayClassName, listeners, addresses, ...fields }) => ({
    spec: {
      ...fields,
      gatewayClassName: className(gatewayClassName),
      listeners: listenersBody(listeners),
      addresses: Array.isArray(addresses)
        ? addresses.map((one: Json) => (typeof one === 'string' ? { type: 'IPAddress', value: one } : one))
        : addresses,
    },
  }),
  read: readGateway,
  concerns: concernsGateway,
  needs: [
    GATEWAY_API,
    {
      rule: 'kube-proxy',
      path: 'kubeProxyReplacement',
      isMet: (cilium) => !isTruthy(cilium.v.gatewayAPI.enabled) || servesNodePorts(cilium),
      message: 'The gateway controller does not start with kube-proxy; the operator only logs it.',
      unmet: { kubeProxyReplacement: false },
    },
  ],
  rules: [
    ...listenerRules<GatewayProps>(OF_GATEWAY),
    ...LISTENER_RULES,
    ...tlsRules<GatewayProps>(OF_GATEWAY),
    ...TLS_RULES,
    ...ADDRESS_RULES,
    ...hostNetworkRules<GatewayProps>(OF_GATEWAY),
    ...GATEWAY_RULES,
  ],
});

function className(given: Json | undefined): Json {
  return (isMap(given) ? given.name : given) ?? DEFAULT_CLASS;
}

/** Listeners in full. */
export function listenersBody(listeners: Json | undefined): Json | undefined {
  return Array.isArray(listeners) ? listeners.map((one: Json) => (isMap(one) ? listener(one) : one)) : listeners;
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
