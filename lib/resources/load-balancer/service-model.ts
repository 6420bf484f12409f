import type { Context } from '../../cilium/context';
import { ingressesWithService } from '../../cilium/services/made-services';
import { defaultTo, isTruthy } from '../../helm/truth';
import { addressFamily, networkOf, parseCidr } from '../../kubernetes/cidr';
import type { AddressRange } from '../../kubernetes/cidr';
import { unservedProblem } from '../../kubernetes/cilium-api';
import { mapOf, valueAt } from '../../kubernetes/json';
import { compareText, identity } from '../../kubernetes/order';
import type { KubernetesObject, PlacedObject } from '../../kubernetes/types';
import { readNodeAddresses } from './node-addresses';
import type { NodeAddress } from './node-addresses';
import { placedServices } from './placed-services';
import type { PlacedService } from './placed-services';
import { readAnnouncements } from './service-announcers';
import type { Announcements } from './service-announcers';
import { isPool, readPoolObject } from './pool-model';
import type { PoolObject } from './pool-model';
import { indexPools } from './pool-supply';
import type { PoolIndex } from './pool-supply';
import { classOf, hasLbIpam, isLoadBalancer, selectableLabels } from './services';
import type { SharingTerms } from './services';

/** Where a Service gets its address from: pools, nodes, nothing in Cilium, or a class that is switched off or foreign. */
export type AddressGiver = 'lbipam' | 'nodeipam' | 'none' | 'off' | 'other';

const L2_CLASS = 'io.cilium/l2-announcer';
const BGP_CLASS = 'io.cilium/bgp-control-plane';

/** The annotation that selects the nodes of a Service with the class `io.cilium/node`. */
export const NODE_LABELS = 'io.cilium.nodeipam/match-node-labels';

/** The load balancer classes that Cilium serves, each with the value that switches it on. */
export const CILIUM_CLASSES: Readonly<
  Record<string, { readonly path: string; readonly giver: 'lbipam' | 'nodeipam' }>
> = {
  'io.cilium/node': { path: 'nodeIPAM.enabled', giver: 'nodeipam' },
  [L2_CLASS]: { path: 'l2announcements.enabled', giver: 'lbipam' },
  [BGP_CLASS]: { path: 'bgpControlPlane.enabled', giver: 'lbipam' },
};

/** A Service of type LoadBalancer, read. */
export interface LoadBalancerService extends PlacedService, SharingTerms {
  readonly loadBalancerClass: string | undefined;
  readonly giver: AddressGiver;
  /** Whether its address, from a pool, may be announced by L2 and by BGP, as far as values show. */
  readonly mayUse: { readonly l2: boolean; readonly bgp: boolean };
  /** By L2 and not by BGP. */
  readonly isAnnouncedOnL2: boolean;
  /** The addresses that it requests. */
  readonly requested: readonly RequestedAddress[];
  /** The address families that it requests, as LB IPAM understands them. */
  readonly families: readonly (4 | 6)[];
  /** Its pools: their serviceSelector selects it, and it gets its addresses from pools. */
  readonly pools: readonly PoolObject[];
  /** The selector of its nodes, where these give it their addresses; `undefined` without one. */
  readonly nodeSelector: string | undefined;
  /** Its ports as LB IPAM distinguishes them: `80/TCP`. */
  readonly ports: readonly string[];
}

/** The Services of a cluster, with what decides about their addresses: what rules about Services look at. */
export interface ServiceSubject {
  readonly cilium: Context;
  /** Services of type LoadBalancer. */
  readonly services: readonly LoadBalancerService[];
  readonly pools: readonly PoolObject[];
  readonly poolIndex: PoolIndex;
  /** A pool as findings name it. */
  readonly atPool: (pool: PoolObject) => string;
  readonly announcements: Announcements;
  /** The Ingresses that Cilium serves with a Service of their own. */
  readonly ingresses: readonly PlacedObject[];
  /** Addresses that nodes have, as far as the objects show. */
  readonly nodeAddresses: readonly NodeAddress[];
}

/** Reads the objects of a cluster for rules about Services. */
export function readServices(
  objects: readonly PlacedObject[],
  cilium: Context,
  nodeAddresses: readonly NodeAddress[] = [],
): ServiceSubject {
  const served = objects.filter(({ object }) => unservedProblem(object, cilium.profile.behavesAs) === undefined);
  const places = new Map(
    served
      .filter(({ object }) => isPool(object))
      .map(({ object, place }) => [readPoolObject(object), `${place}: ${identity(object)}`]),
  );
  const pools = [...places.keys()];
  const poolIndex = indexPools(pools);
  const ingresses = new Set(
    ingressesWithService(
      objects.map(({ object }) => object),
      cilium,
    ),
  );
  return {
    ingresses: objects.filter(({ object }) => ingresses.has(object)),
    cilium,
    services: placedServices(objects, cilium)
      .filter(({ object }) => isLoadBalancer(object))
      .map((placed) => readService(placed, cilium, poolIndex)),
    pools,
    poolIndex,
    atPool: (pool) => places.get(pool) ?? pool.name,
    announcements: readAnnouncements(
      served.map(({ object }) => object),
      cilium,
    ),
    nodeAddresses: [...nodeAddresses, ...readNodeAddresses(objects)],
  };
}

function readService(placed: PlacedService, cilium: Context, index: PoolIndex): LoadBalancerService {
  const { object } = placed;
  const loadBalancerClass = classOf(object);
  const giver = giverOf(loadBalancerClass, cilium);
  const mayUse = waysOf(loadBalancerClass, giver, cilium);
  const { ports, selector, externalTrafficPolicy = 'Cluster' } = mapOf(object.spec);
  const pods = Object.entries(mapOf(selector)).sort(([a], [b]) => compareText(a, b));
  const nodes = object.metadata.annotations?.[NODE_LABELS];
  const isByProtocol = isTruthy(cilium.v.loadBalancer.protocolDifferentiation?.enabled ?? true);
  return {
    ...placed,
    namespace: object.metadata.namespace ?? 'default',
    loadBalancerClass,
    giver,
    mayUse,
    isAnnouncedOnL2: mayUse.l2 && !mayUse.bgp,
    requested: requestedAddresses(object),
    families: requestedFamilies(object, cilium),
    pools: giver === 'lbipam' ? index.selecting(selectableLabels(object)) : [],
    nodeSelector: nodes === undefined ? undefined : String(nodes),
    sharingKey: annotationOf(object, 'sharing-key'),
    sharingNamespaces: annotationOf(object, 'sharing-cross-namespace').split(','),
    pods: pods.length === 0 ? '' : JSON.stringify(pods),
    ports: Array.isArray(ports)
      ? ports
          .map(mapOf)
          .map(({ port, protocol }) => `${String(port)}${isByProtocol ? `/${String(protocol ?? 'TCP')}` : ''}`)
      : [],
    externalTrafficPolicy: String(externalTrafficPolicy),
  };
}

function annotationOf({ metadata: { annotations } }: KubernetesObject, name: string): string {
  return String(annotations?.[`lbipam.cilium.io/${name}`] ?? annotations?.[`io.cilium/lb-ipam-${name}`] ?? '');
}

function giverOf(loadBalancerClass: string | undefined, cilium: Context): AddressGiver {
  const { v } = cilium;
  const ofPools = hasLbIpam(cilium) ? 'lbipam' : 'none';
  if (loadBalancerClass === undefined) {
    const giver = defaultTo(v.defaultLBServiceIPAM, 'lbipam');
    return giver === 'lbipam' ? ofPools : giver === 'nodeipam' ? giver : 'none';
  }
  const served = CILIUM_CLASSES[loadBalancerClass];
  if (served === undefined) return 'other';
  if (!isTruthy(valueAt(v, served.path))) return 'off';
  return served.giver === 'lbipam' ? ofPools : served.giver;
}

function waysOf(
  loadBalancerClass: string | undefined,
  giver: AddressGiver,
  { v: { l2announcements, bgpControlPlane } }: Context,
): LoadBalancerService['mayUse'] {
  const may = (switched: unknown, of: string): boolean =>
    giver === 'lbipam' && isTruthy(switched) && (loadBalancerClass === undefined || loadBalancerClass === of);
  return { l2: may(l2announcements.enabled, L2_CLASS), bgp: may(bgpControlPlane.enabled, BGP_CLASS) };
}

/** Annotations by which a Service requests addresses from a pool: the newer, then the older one. */
export const IPS_KEYS: readonly string[] = ['lbipam.cilium.io/ips', 'io.cilium/lb-ipam-ips'];

/** An address that a Service requests, with the field. */
export interface RequestedAddress {
  readonly field: string;
  readonly text: string;
  /** `undefined` when the text is not an address. */
  readonly address: AddressRange | undefined;
}

/** The addresses that a Service requests by `spec.loadBalancerIP` and by annotation. */
function requestedAddresses({ metadata, spec }: KubernetesObject): readonly RequestedAddress[] {
  const old = mapOf(spec).loadBalancerIP;
  const key = IPS_KEYS.find((name) => metadata.annotations?.[name] !== undefined);
  const listed = key === undefined ? [] : String(metadata.annotations?.[key]).split(',');
  const texts = [
    ...(isTruthy(old) ? [['spec.loadBalancerIP', String(old)] as const] : []),
    ...listed.map((text) => [`metadata.annotations['${key ?? ''}']`, text.trim()] as const),
  ];
  return texts.map(([field, text]) => ({
    field,
    text,
    address: addressFamily(text) === undefined ? undefined : parseCidr(text),
  }));
}

/** The families that a Service has after the API server's defaults, of which LB IPAM gives it one address each. */
function requestedFamilies({ spec }: KubernetesObject, cilium: Context): readonly (4 | 6)[] {
  const { ipFamilyPolicy, ipFamilies } = mapOf(spec);
  const { enabled, ofServices } = familiesOf(cilium);
  const named = Array.isArray(ipFamilies) ? ipFamilies.map((family) => (family === 'IPv6' ? 6 : 4)) : [];
  if (ipFamilyPolicy === 'RequireDualStack') return enabled;
  if (ipFamilyPolicy === 'PreferDualStack') {
    const given = ofServices ?? (named.length === 0 ? enabled : named);
    return enabled.filter((family) => given.includes(family));
  }
  return (named.length > 0 ? named : (ofServices ?? enabled)).slice(0, 1);
}

/** The families of Cilium, and those of the cluster's Services where they are known, the preferred one first. */
function familiesOf({ v, talos }: Context): {
  readonly enabled: readonly (4 | 6)[];
  readonly ofServices: readonly (4 | 6)[] | undefined;
} {
  const families = (talos?.serviceSubnets ?? []).flatMap((subnet) => networkOf(subnet)?.family ?? []);
  return {
    enabled: ([4, 6] as const).filter((family) => isTruthy(v[family === 4 ? 'ipv4' : 'ipv6'].enabled)),
    ofServices: families.length === 0 ? undefined : families,
  };
}
