import type { Context } from '../../cilium/context';
import { isTruthy } from '../../helm/truth';
import { addressFamily, parseCidr } from '../../kubernetes/cidr';
import type { AddressRange } from '../../kubernetes/cidr';
import { isMap, mapOf } from '../../kubernetes/json';
import { identity } from '../../kubernetes/order';
import { selects } from '../../kubernetes/selector';
import type { LabelSelector } from '../../kubernetes/selector';
import type { KubernetesObject, PlacedObject } from '../../kubernetes/types';
import { readBlock } from './ranges';
import type { PoolBlock } from './ranges';
import { classOf, isLoadBalancer, selectableLabels } from './services';

/** Who gives a Service its address: pools, nodes, nobody of Cilium's, or a class whose switch is off. */
export type AddressGiver = 'lbipam' | 'nodeipam' | 'none' | 'off' | 'other';

/** A class of Cilium's, and what it needs. */
interface ServedClass {
  /** The value that switches it on. */
  readonly path: string;
  readonly isOn: (v: Context['v']) => boolean;
  readonly giver: 'lbipam' | 'nodeipam';
}

/** The load balancer classes that Cilium serves. */
export const CILIUM_CLASSES: Readonly<Record<string, ServedClass>> = {
  'io.cilium/node': { path: 'nodeIPAM.enabled', isOn: (v) => isTruthy(v.nodeIPAM.enabled), giver: 'nodeipam' },
  'io.cilium/l2-announcer': {
    path: 'l2announcements.enabled',
    isOn: (v) => isTruthy(v.l2announcements.enabled),
    giver: 'lbipam',
  },
  'io.cilium/bgp-control-plane': {
    path: 'bgpControlPlane.enabled',
    isOn: (v) => isTruthy(v.bgpControlPlane.enabled),
    giver: 'lbipam',
  },
};

/** A pool as it is written, read. */
export interface WrittenPool {
  readonly name: string;
  /** What could be read of its blocks. */
  readonly ranges: readonly AddressRange[];
  readonly isDisabled: boolean;
  readonly takes: (service: KubernetesObject) => boolean;
}

/** What the Services of a cluster stand among. */
export interface Surroundings {
  readonly cilium: Context;
  /** Services of type LoadBalancer. */
  readonly services: readonly PlacedObject[];
  readonly pools: readonly WrittenPool[];
  readonly hasL2Policy: boolean;
  readonly hasBgpAdvertisement: boolean;
}

/** Reads what rules about Services ask of the other objects. */
export function surroundingsOf(objects: readonly PlacedObject[], cilium: Context): Surroundings {
  const ofKind = (kind: string): readonly KubernetesObject[] =>
    objects
      .map(({ object }) => object)
      .filter((object) => object.kind === kind && object.apiVersion.startsWith('cilium.io/'));
  return {
    cilium,
    services: objects.filter(({ object }) => isLoadBalancer(object)),
    pools: ofKind('CiliumLoadBalancerIPPool').map(readPool),
    hasL2Policy: ofKind('CiliumL2AnnouncementPolicy').length > 0,
    hasBgpAdvertisement: ofKind('CiliumBGPAdvertisement').length > 0 || ofKind('CiliumBGPPeeringPolicy').length > 0,
  };
}

function readPool(object: KubernetesObject): WrittenPool {
  const spec = mapOf(object.spec);
  const blocks = Array.isArray(spec.blocks) ? spec.blocks : Array.isArray(spec.cidrs) ? spec.cidrs : [];
  return {
    name: object.metadata.name,
    ranges: blocks.flatMap((block) => {
      const range = readBlock(block as unknown as PoolBlock);
      return 'family' in range ? [range] : [];
    }),
    isDisabled: spec.disabled === true,
    takes: (service) =>
      selects(
        isMap(spec.serviceSelector) ? (spec.serviceSelector as LabelSelector) : undefined,
        selectableLabels(service),
      ),
  };
}

/** Who gives a Service of type LoadBalancer its address. */
export function giverOf(service: KubernetesObject, { v }: Context): AddressGiver {
  const name = classOf(service);
  if (name === undefined) {
    const giver = isTruthy(v.defaultLBServiceIPAM) ? v.defaultLBServiceIPAM : 'lbipam';
    return giver === 'lbipam' || giver === 'nodeipam' ? giver : 'none';
  }
  const served = CILIUM_CLASSES[name];
  if (served === undefined) return 'other';
  return served.isOn(v) ? served.giver : 'off';
}

/** Whether the address of a Service, taken from a pool, is announced in the local network and not by BGP, as far as values tell. */
export function isAnnouncedOnL2(service: KubernetesObject, cilium: Context): boolean {
  const { l2announcements, bgpControlPlane } = cilium.v;
  if (giverOf(service, cilium) !== 'lbipam' || !isTruthy(l2announcements.enabled)) return false;
  return (
    classOf(service) === 'io.cilium/l2-announcer' ||
    (classOf(service) === undefined && !isTruthy(bgpControlPlane.enabled))
  );
}

/** Keys of annotations by which a Service asks a pool for addresses: the newer, then the older one. */
export const IPS_KEYS: readonly string[] = ['lbipam.cilium.io/ips', 'io.cilium/lb-ipam-ips'];

/** An address that a Service asks for, with the field that says so. */
export interface RequestedAddress {
  readonly at: string;
  readonly text: string;
  /** `undefined` when the text is no address. */
  readonly address: AddressRange | undefined;
}

/** The addresses that a Service asks for by `spec.loadBalancerIP` and by annotation. */
export function requestedAddresses({ metadata, spec }: KubernetesObject): readonly RequestedAddress[] {
  const old = mapOf(spec).loadBalancerIP;
  const key = IPS_KEYS.find((name) => metadata.annotations?.[name] !== undefined);
  const listed = key === undefined ? [] : String(metadata.annotations?.[key]).split(',');
  const texts = [
    ...(isTruthy(old) ? [['spec.loadBalancerIP', String(old)] as const] : []),
    ...listed.map((text) => [`metadata.annotations['${key ?? ''}']`, text.trim()] as const),
  ];
  return texts.map(([at, text]) => ({
    at,
    text,
    address: addressFamily(text) === undefined ? undefined : parseCidr(text),
  }));
}

/** The families of addresses that a Service asks for, as LB IPAM reads them. */
export function requestedFamilies({ spec }: KubernetesObject, { v }: Context): readonly (4 | 6)[] {
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

/** A field of a placed object as findings name it: `manifests.40-web: Service default/web: spec.loadBalancerClass`. */
export function placeOf({ object, place }: PlacedObject, field?: string): string {
  return `${place}: ${identity(object)}${field === undefined ? '' : `: ${field}`}`;
}
