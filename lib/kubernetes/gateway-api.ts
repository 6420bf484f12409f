/** Kinds of the Gateway API that are written here; all of them as `gateway.networking.k8s.io/v1`. */
export const GATEWAY_KINDS = ['Gateway', 'GatewayClass', 'HTTPRoute'] as const;

/** A kind of the Gateway API. */
export type GatewayKind = (typeof GATEWAY_KINDS)[number];
