import type { Context } from '../../cilium/context';
import { defaultTo, isTruthy } from '../../helm/truth';
import { addressFamily, parseCidr } from '../../kubernetes/cidr';
import type { AddressRange } from '../../kubernetes/cidr';
import { unservedProblem } from '../../kubernetes/cilium-api';
import { mapOf, valueAt } from '../../kubernetes/json';
import type { KubernetesObject, PlacedObject } from '../../kubernetes/types';
import { placedServices } from './placed-services';
import type { PlacedService } from './placed-services';
import { isPool, readPoolObject } from './pool-model';
import type { PoolObject } from './pool-model';
import { classOf, isLoadBalancer } from './services';

/** Where a Service gets its address from: pools, nodes, nothing in Cilium, or a class that is switched off or foreign. */
export type AddressGiver = 'lbipam' | 'nodeipam' | 'none' | 'off' | 'other';

const L2_CLASS = 'io.cilium/l2-announcer';

/** The load balancer classes that Cilium serves, each with the value that switches it on. */
export const CILIUM_CLASSES: Readonly<
  Record<string, { readonly path: string; readonly giver: 'lbipam' | 'nodeipam' }>
> = {
  'io.cilium/node': { path: 'nodeIPAM.enabled', giver: 'nodeipam' },
  [L2_CLASS]: { path: 'l2announcements.enabled', giver: 'lbipam' },
  'io.cilium/bgp-control-plane': { path: 'bgpControlPlane.enabled', giver: 'lbipam' },
};

/** A Service of type LoadBalancer, read. */
export interface LoadBalancerService extends PlacedService {
  readonly namespace: string;
  readonly loadBalancerClass: string | undefined;
  readonly giver: AddressGiver;
  /** Whether its address, from a pool, is announced by L2 and not by BGP, as far as values show. */
  readonly isAnnouncedOnL2: boolean;
  /** The addresses that it requests. */
  readonly requested: readonly RequestedAddress[];
  /** The address families that it requests, as LB IPAM understands them. */
  readonly families: readonly (4 | 6)[];
  readonly sharingKey: string;
  /** Namespaces with which it may share addresses. */
  readonly sharingNamespaces: readonly string[];
  readonly ports: readonly string[];
  readonly externalTrafficPolicy: string;
}

/** The Services of a cluster, with what decides about their addresses: what rules about Services look at. */
export interface ServiceSubject {
  readonly cilium: Context;
  /** Services of type LoadBalancer. */
  readonly services: readonly LoadBalancerService[];
  readonly pools: readonly PoolObject[];
  readonly hasL2Policy: boolean;
  readonly hasBgpAdvertisement: boolean;
}

/** Reads the objects of a cluster for rules about Services. */
export function readServices(objects: readonly PlacedObject[], cilium: Context): ServiceSubject {
  const served = objects.filter(({ object }) => unservedProblem(object, cilium.version) === undefined);
  const has = (kind: string): boolean =>
    served.some(({ object }) => object.kind === kind && object.apiVersion.startsWith('cilium.io/'));
  return {
    cilium,
    services: placedServices(objects, cilium)
      .filter(({ object }) => isLoadBalancer(object))
      .map((placed) => readService(placed, cilium)),
    pools: served
      .map(({ object }) => object)
      .filter(isPool)
      .map(readPoolObject),
    hasL2Policy: has('CiliumL2AnnouncementPolicy'),
    hasBgpAdvertisement: has('CiliumBGPAdvertisement') || has('CiliumBGPPeeringPolicy'),
  };
}

function readService(placed: PlacedService, cilium: Context): LoadBalancerService {
  const { object } = placed;
  const loadBalancerClass = classOf(object);
  const giver = giverOf(loadBalancerClass, cilium);
  const { l2announcements, bgpControlPlane } = cilium.v;
  const { ports, externalTrafficPolicy = 'Cluster' } = mapOf(object.spec);
  return {
    ...placed,
    namespace: object.metadata.namespace ?? 'default',
    loadBalancerClass,
    giver,
    isAnnouncedOnL2:
      giver === 'lbipam' &&
      isTruthy(l2announcements.enabled) &&
      (loadBalancerClass === undefined ? !isTruthy(bgpControlPlane.enabled) : loadBalancerClass === L2_CLASS),
    requested: requestedAddresses(object),
    families: requestedFamilies(object, cilium),
    sharingKey: annotationOf(object, 'sharing-key'),
    sharingNamespaces: annotationOf(object, 'sharing-cross-namespace').split(','),
    ports: Array.isArray(ports)
      ? ports.map(mapOf).map(({ port, protocol }) => `${String(port)}/${String(protocol ?? 'TCP')}`)
      : [],
    externalTrafficPolicy: String(externalTrafficPolicy),
  };
}

function annotationOf({ metadata: { annotations } }: KubernetesObject, name: string): string {
  return String(annotations?.[`lbipam.cilium.io/${name}`] ?? annotations?.[`io.cilium/lb-ipam-${name}`] ?? '');
}

function giverOf(loadBalancerClass: string | undefined, { v }: Context): AddressGiver {
  if (loadBalancerClass === undefined) {
    const giver = defaultTo(v.defaultLBServiceIPAM, 'lbipam');
    return giver === 'lbipam' || giver === 'nodeipam' ? giver : 'none';
  }
  const served = CILIUM_CLASSES[loadBalancerClass];
  if (served === undefined) return 'other';
  return isTruthy(valueAt(v, served.path)) ? served.giver : 'off';
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

function requestedFamilies({ spec }: KubernetesObject, { v }: Context): readonly (4 | 6)[] {
  const { ipFamilyPolicy, ipFamilies } = mapOf(spec);
  const enabled = [
    ...(isTruthy(v.ipv4.enabled) ? [4 as const] : []),
    ...(isTruthy(v.ipv6.enabled) ? [6 as const] : []),
  ];
  const named = Array.isArray(ipFamilies) ? ipFamilies.map((family) => (family === 'IPv6' ? 6 : 4)) : [];
  if (ipFamilyPolicy === 'RequireDualStack') return enabled;
  if (ipFamilyPolicy === 'PreferDualStack')
    return named.length === 0 ? enabled : enabled.filter((family) => named.includes(family));
  return named.length > 0 ? named.slice(0, 1) : enabled.slice(0, 1);
}
