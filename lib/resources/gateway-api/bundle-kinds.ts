import type { GatewayApiBundle } from './bundles';

/** The first minor of the Gateway API that serves a version of a kind, per channel; `undefined` for none. */
type Served = readonly [kind: string, version: string, standard: number | undefined, experimental: number];

/** From the definitions at the tags of kubernetes-sigs/gateway-api, 1.2.0 to 1.6.1: minors of major 1. */
const SERVED: readonly Served[] = [
  ['GatewayClass', 'v1', 0, 0],
  ['GatewayClass', 'v1beta1', 0, 0],
  ['Gateway', 'v1', 0, 0],
  ['Gateway', 'v1beta1', 0, 0],
  ['HTTPRoute', 'v1', 0, 0],
  ['HTTPRoute', 'v1beta1', 0, 0],
  ['GRPCRoute', 'v1', 1, 1],
  ['ReferenceGrant', 'v1beta1', 0, 0],
  ['ReferenceGrant', 'v1', 5, 5],
  ['BackendTLSPolicy', 'v1alpha3', undefined, 1],
  ['BackendTLSPolicy', 'v1', 4, 4],
  ['TLSRoute', 'v1alpha2', undefined, 0],
  ['TLSRoute', 'v1alpha3', undefined, 4],
  ['TLSRoute', 'v1', 5, 5],
  ['ListenerSet', 'v1', 5, 5],
  ['TCPRoute', 'v1alpha2', undefined, 0],
  ['TCPRoute', 'v1', 6, 6],
  ['UDPRoute', 'v1alpha2', undefined, 0],
  ['UDPRoute', 'v1', 6, 6],
];

/** The minors that the table is about. */
const KNOWN = { first: 2, last: 6 } as const;

/** Whether the definitions of a bundle serve a version of a kind; those of unknown releases may serve any. */
export function bundleServes({ version, channel }: GatewayApiBundle, api: string, kind: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major !== 1 || minor < KNOWN.first || minor > KNOWN.last) return true;
  return SERVED.some(([ofKind, ofVersion, standard, experimental]) => {
    const since = channel === 'standard' ? standard : experimental;
    return ofKind === kind && ofVersion === api && since !== undefined && minor >= since;
  });
}
