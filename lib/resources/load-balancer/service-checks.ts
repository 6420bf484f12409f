import { distance } from 'fastest-levenshtein';
import type { Context } from '../../cilium/context';
import type { Problem } from '../../rules/rule';
import type { Finding } from '../../rules/finding';
import { isTruthy } from '../../helm/truth';
import type { PlacedObject } from '../../kubernetes/types';
import {
  addressesOutsidePools,
  ipv6OnL2,
  localOnL2,
  servicesWithoutPool,
  unreadableAddresses,
  unsharedAddresses,
} from './service-addresses';
import { annotationsAsLabels, foreignAnnotations, idleAnnotations, unknownAnnotations } from './service-annotations';
import { CILIUM_CLASSES, giverOf, isAnnouncedOnL2, placeOf, surroundingsOf } from './service-surroundings';
import type { Surroundings } from './service-surroundings';
import { classOf } from './services';

const LB_IPAM = 'https://docs.cilium.io/en/stable/network/lb-ipam/';
const L2 = 'https://docs.cilium.io/en/stable/network/l2-announcements/';
const BGP = 'https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/';

/** A rule about each Service of type LoadBalancer. */
interface ServiceRule {
  readonly id: string;
  readonly level: Finding['level'];
  readonly docs: string;
  readonly find: (service: PlacedObject, all: Surroundings) => readonly Problem[];
}

const RULES: readonly ServiceRule[] = [
  { id: 'service/class', level: 'error', docs: LB_IPAM, find: unknownClass },
  { id: 'service/class-off', level: 'error', docs: LB_IPAM, find: classOff },
  { id: 'service/annotation', level: 'warning', docs: LB_IPAM, find: unknownAnnotations },
  { id: 'service/annotation-as-label', level: 'warning', docs: LB_IPAM, find: annotationsAsLabels },
  { id: 'service/foreign-annotation', level: 'warning', docs: LB_IPAM, find: foreignAnnotations },
  { id: 'service/idle-annotation', level: 'warning', docs: LB_IPAM, find: idleAnnotations },
  { id: 'service/address', level: 'error', docs: LB_IPAM, find: unreadableAddresses },
  { id: 'service/address-outside-pools', level: 'error', docs: LB_IPAM, find: addressesOutsidePools },
  { id: 'service/unmatched-pools', level: 'warning', docs: LB_IPAM, find: servicesWithoutPool },
  { id: 'service/shared-address', level: 'error', docs: LB_IPAM, find: unsharedAddresses },
  { id: 'service/local-on-l2', level: 'warning', docs: L2, find: localOnL2 },
  { id: 'service/ipv6-on-l2', level: 'warning', docs: L2, find: ipv6OnL2 },
];

/** A rule about all Services that miss the same thing, told once. */
interface SharedRule {
  readonly id: string;
  readonly docs: string;
  readonly misses: (service: PlacedObject, all: Surroundings) => boolean;
  readonly paths: readonly string[];
  readonly message: string;
  readonly hint: string;
}

const SHARED_RULES: readonly SharedRule[] = [
  {
    id: 'service/no-giver',
    docs: LB_IPAM,
    misses: ({ object }, { cilium }) => giverOf(object, cilium) === 'none',
    paths: ['cilium.defaultLBServiceIPAM'],
    message:
      'Cilium gives addresses only to Services with a loadBalancerClass of its own (defaultLBServiceIPAM), and these have none.',
    hint: "Set loadBalancerClass to one of Cilium's, or defaultLBServiceIPAM to lbipam or nodeipam, unless another load balancer serves them.",
  },
  {
    id: 'service/no-pool',
    docs: LB_IPAM,
    misses: ({ object }, { cilium, pools }) =>
      pools.length === 0 && giverOf(object, cilium) === 'lbipam' && isTruthy(cilium.v.enableLBIPAM ?? true),
    paths: [],
    message:
      'They take their addresses from pools, and there is no CiliumLoadBalancerIPPool among the manifests: their addresses stay pending.',
    hint: 'Add a LoadBalancerIPPool, or set loadBalancerClass to io.cilium/node (nodeIPAM.enabled) for addresses of nodes.',
  },
  {
    id: 'service/no-l2-policy',
    docs: L2,
    misses: ({ object }, { cilium, hasL2Policy }) => !hasL2Policy && isAnnouncedOnL2(object, cilium),
    paths: ['cilium.l2announcements.enabled'],
    message:
      'There is no CiliumL2AnnouncementPolicy among the manifests, and without one nobody answers for their addresses in the local network.',
    hint: 'Add an L2AnnouncementPolicy with loadBalancerIPs: true.',
  },
  {
    id: 'service/not-announced',
    docs: L2,
    misses: ({ object }, { cilium, pools }) =>
      pools.length > 0 &&
      classOf(object) === undefined &&
      giverOf(object, cilium) === 'lbipam' &&
      !isTruthy(cilium.v.l2announcements.enabled) &&
      !isTruthy(cilium.v.bgpControlPlane.enabled),
    paths: ['cilium.l2announcements.enabled', 'cilium.bgpControlPlane.enabled'],
    message:
      'They get addresses from a pool, and Cilium announces these to nobody: outside the cluster they are found only where routers were told the way.',
    hint: 'Set l2announcements.enabled or bgpControlPlane.enabled, and add an L2AnnouncementPolicy or a BgpAdvertisement.',
  },
  {
    id: 'service/no-bgp-advertisement',
    docs: BGP,
    misses: ({ object }, { cilium, hasBgpAdvertisement }) =>
      !hasBgpAdvertisement &&
      classOf(object) === 'io.cilium/bgp-control-plane' &&
      isTruthy(cilium.v.bgpControlPlane.enabled),
    paths: ['cilium.bgpControlPlane.enabled'],
    message:
      'There is no CiliumBGPAdvertisement among the manifests, and without one no router learns their addresses.',
    hint: 'Add a BgpAdvertisement for Services, with the labels that a BgpPeerConfig asks for.',
  },
];

/** Ids and levels of all findings about Services. */
export const SERVICE_LEVELS: readonly Pick<Finding, 'id' | 'level'>[] = [
  ...RULES.map(({ id, level }) => ({ id, level })),
  ...SHARED_RULES.map(({ id }) => ({ id, level: 'warning' as const })),
];

/**
 * What keeps Services of type LoadBalancer from their address, or their address from being found.
 * @param objects all that the cluster gets, as it is written; there may be more elsewhere
 * @param cilium the Cilium of the cluster
 */
export function serviceFindings(objects: readonly PlacedObject[], cilium: Context): readonly Finding[] {
  const all = surroundingsOf(objects, cilium);
  const each = RULES.flatMap(({ id, level, docs, find }) =>
    all.services.flatMap((service) => find(service, all).map((problem) => ({ id, level, docs, ...problem }))),
  );
  const together = SHARED_RULES.flatMap(({ id, docs, misses, paths, message, hint }) => {
    const concerned = all.services.filter((service) => misses(service, all));
    return concerned.length === 0
      ? []
      : [
          {
            id,
            level: 'warning' as const,
            docs,
            paths: [...concerned.map((service) => placeOf(service)), ...paths],
            message,
            hint,
          },
        ];
  });
  return [...each, ...together];
}

function unknownClass(service: PlacedObject): readonly Problem[] {
  const name = classOf(service.object);
  if (name === undefined || name in CILIUM_CLASSES || !/^((io\.cilium|cilium\.io)(\/|$)|cilium)/.test(name)) return [];
  const meant = nearestClass(name);
  return [
    {
      paths: [placeOf(service, 'spec.loadBalancerClass')],
      message: `Cilium serves no class '${name}', and nobody gives the Service an address.`,
      hint: `${meant === undefined ? '' : `Did you mean ${meant}? `}The classes are ${Object.keys(CILIUM_CLASSES).join(', ')}; without one defaultLBServiceIPAM decides.`,
    },
  ];
}

/** The class that a name may stand for: it begins like one, or differs from one by a few letters. */
function nearestClass(name: string): string | undefined {
  const word = (text: string): string => text.slice(text.indexOf('/') + 1);
  const classes = Object.keys(CILIUM_CLASSES).sort(
    (a, b) => distance(word(a), word(name)) - distance(word(b), word(name)),
  );
  const begins = classes.find((known) => word(name).startsWith(word(known).split('-', 1).join()));
  return begins ?? classes.find((known) => distance(word(known), word(name)) <= word(known).length / 2);
}

function classOff(service: PlacedObject, { cilium }: Surroundings): readonly Problem[] {
  const served = CILIUM_CLASSES[classOf(service.object) ?? ''];
  if (served === undefined || served.isOn(cilium.v)) return [];
  return [
    {
      paths: [placeOf(service, 'spec.loadBalancerClass'), `cilium.${served.path}`],
      message: `Nobody serves the class ${classOf(service.object) ?? ''} while ${served.path} is off, and the class of a Service cannot be changed later.`,
      hint: `Set \`${served.path}: true\` in Cilium's values, or leave loadBalancerClass out.`,
    },
  ];
}
