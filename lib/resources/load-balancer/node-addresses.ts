import type { Context } from '../../cilium/context';
import { defaultTo, isTruthy } from '../../helm/truth';
import { addressFamily, parseCidr } from '../../kubernetes/cidr';
import type { AddressRange } from '../../kubernetes/cidr';
import { isMap, mapOf } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import { identity } from '../../kubernetes/order';
import type { PlacedObject } from '../../kubernetes/types';
import { hasLbIpam } from './services';

/** An address that a node has, with where it is written. */
export interface NodeAddress {
  readonly at: string;
  readonly text: string;
  readonly range: AddressRange;
}

/** The addresses of nodes that the objects of a cluster show: local ends of BGP sessions, and egress IPs, which are on a device. */
export function readNodeAddresses(objects: readonly PlacedObject[]): readonly NodeAddress[] {
  return objects.flatMap((placed) => {
    const { apiVersion, kind, spec } = placed.object;
    if (!apiVersion.startsWith('cilium.io/')) return [];
    if (kind === 'CiliumBGPNodeConfigOverride') return localAddresses(mapOf(spec), placed);
    return kind === 'CiliumEgressGatewayPolicy' ? egressAddresses(mapOf(spec), placed) : [];
  });
}

function localAddresses({ bgpInstances }: JsonObject, placed: PlacedObject): readonly NodeAddress[] {
  return each(bgpInstances).flatMap(([i, { peers }]) =>
    each(peers).flatMap(([j, { localAddress }]) =>
      addressAt(placed, `spec.bgpInstances[${i}].peers[${j}].localAddress`, localAddress),
    ),
  );
}

function egressAddresses({ egressGateway, egressGateways }: JsonObject, placed: PlacedObject): readonly NodeAddress[] {
  return [
    ...addressAt(placed, 'spec.egressGateway.egressIP', mapOf(egressGateway).egressIP),
    ...each(egressGateways).flatMap(([i, { egressIP }]) =>
      addressAt(placed, `spec.egressGateways[${i}].egressIP`, egressIP),
    ),
  ];
}

function each(list: unknown): readonly (readonly [index: string, item: JsonObject])[] {
  return Array.isArray(list) ? list.map((item, i) => [String(i), isMap(item) ? item : {}] as const) : [];
}

function addressAt({ object, place }: PlacedObject, field: string, text: unknown): readonly NodeAddress[] {
  if (typeof text !== 'string' || addressFamily(text) === undefined) return [];
  const range = parseCidr(text);
  return range === undefined ? [] : [{ at: `${place}: ${identity(object)}: ${field}`, text, range }];
}

/**
 * Whether agents drop what comes to an address of LB IPAM on ports that no Service with it has: wildcard entries, for Services of pools
 * only. An address of a node that a Service gets then no longer reaches the node.
 */
export function dropsOtherPorts(cilium: Context): boolean {
  const { v, facts, has } = cilium;
  return (
    has('wildcard-service-entries') &&
    facts.kubeProxyReplacement === 'true' &&
    hasLbIpam(cilium) &&
    String(mapOf(v.extraConfig)['bpf-lb-enable-wildcard-entries'] ?? 'true') !== 'false' &&
    (defaultTo(v.defaultLBServiceIPAM, 'lbipam') === 'lbipam' ||
      isTruthy(v.l2announcements.enabled) ||
      isTruthy(v.bgpControlPlane.enabled))
  );
}
