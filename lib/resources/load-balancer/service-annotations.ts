import { distance } from 'fastest-levenshtein';
import type { Problem } from '../../rules/rule';
import type { PlacedObject } from '../../kubernetes/types';
import { giverOf, IPS_KEYS, placeOf } from './service-surroundings';
import type { Surroundings } from './service-surroundings';

const LB_IPAM: readonly string[] = ['ips', 'sharing-key', 'sharing-cross-namespace', 'sharing-permit-different-pods'];
/** By which nodes of a Service with the class `io.cilium/node` are chosen. */
const NODE_LABELS = 'io.cilium.nodeipam/match-node-labels';
const OF_POOLS: readonly string[] = LB_IPAM.flatMap((name) => [
  `lbipam.cilium.io/${name}`,
  `io.cilium/lb-ipam-${name}`,
]);

/** The annotations of Services that Cilium reads, in all supported releases. */
const KNOWN: readonly string[] = [
  ...OF_POOLS,
  NODE_LABELS,
  ...[
    'global',
    'shared',
    'affinity',
    'global-sync-endpoint-slices',
    'lb-algorithm',
    'lb-l7',
    'lb-l7-algorithm',
    'node',
    'node-selector',
  ].map((name) => `service.cilium.io/${name}`),
  ...['type', 'src-ranges-policy', 'proxy-delegation', 'forwarding-mode', 'weight'].map(
    (name) => `service.cilium.io/${name}`,
  ),
  ...['global-service', 'shared-service', 'service-affinity'].map((name) => `io.cilium/${name}`),
];

/** Annotations of other load balancers, and what Cilium has in their place. */
const FOREIGN: Readonly<Record<string, string>> = {
  'metallb.universe.tf/loadBalancerIPs': 'lbipam.cilium.io/ips',
  'metallb.io/loadBalancerIPs': 'lbipam.cilium.io/ips',
  'kube-vip.io/loadbalancerIPs': 'lbipam.cilium.io/ips',
  'metallb.universe.tf/allow-shared-ip': 'lbipam.cilium.io/sharing-key',
  'metallb.io/allow-shared-ip': 'lbipam.cilium.io/sharing-key',
  'metallb.universe.tf/address-pool': 'the serviceSelector of a CiliumLoadBalancerIPPool',
  'metallb.io/address-pool': 'the serviceSelector of a CiliumLoadBalancerIPPool',
};

/** Keys of Cilium's that do not exist: `io.cilium/lbipam-ips`. */
export function unknownAnnotations(service: PlacedObject): readonly Problem[] {
  return keysOf(service, 'annotations')
    .filter((key) => isCiliums(key) && !KNOWN.includes(key))
    .map((key) => ({
      paths: [placeOf(service, `metadata.annotations['${key}']`)],
      message: 'Cilium reads no annotation of this name on Services.',
      hint: `${suggestion(key)}It reads ${IPS_KEYS[0] ?? ''} and its like, service.cilium.io/… and ${NODE_LABELS}.`,
    }));
}

function isCiliums(key: string): boolean {
  const domain = key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
  return /(^|\.)cilium\.io$/.test(domain) || /^io\.cilium(\.|$)/.test(domain);
}

function suggestion(key: string): string {
  const name = key.slice(key.indexOf('/') + 1);
  const candidates = KNOWN.map((known) => ({
    known,
    far: Math.min(distance(key, known), known.slice(known.indexOf('/') + 1) === name ? 1 : Infinity),
  })).sort((a, b) => a.far - b.far);
  const [best] = candidates;
  return best !== undefined && best.far <= Math.max(3, key.length / 3) ? `Did you mean ${best.known}? ` : '';
}

/** Keys of Cilium's annotations among the labels, where nobody reads them. */
export function annotationsAsLabels(service: PlacedObject): readonly Problem[] {
  return keysOf(service, 'labels')
    .filter((key) => [...OF_POOLS, NODE_LABELS].includes(key))
    .map((key) => ({
      paths: [placeOf(service, `metadata.labels['${key}']`)],
      message: 'This is a label, and Cilium looks for an annotation.',
      hint: 'Write it under metadata.annotations.',
    }));
}

/** What other load balancers are told, on a Service that Cilium serves. */
export function foreignAnnotations(service: PlacedObject, { cilium }: Surroundings): readonly Problem[] {
  if (!['lbipam', 'nodeipam'].includes(giverOf(service.object, cilium))) return [];
  const keys = keysOf(service, 'annotations');
  return keys
    .filter((key) => key in FOREIGN && !keys.includes(FOREIGN[key] ?? ''))
    .map((key) => ({
      paths: [placeOf(service, `metadata.annotations['${key}']`)],
      message: 'This is said to another load balancer; Cilium gives the Service an address and does not read it.',
      hint: `Use ${FOREIGN[key] ?? ''} for Cilium, or the loadBalancerClass of the other load balancer.`,
    }));
}

/** What is said to pools of a Service that takes no address of theirs, and the same for nodes. */
export function idleAnnotations(service: PlacedObject, { cilium }: Surroundings): readonly Problem[] {
  const giver = giverOf(service.object, cilium);
  if (giver === 'off') return [];
  return keysOf(service, 'annotations')
    .filter((key) => (OF_POOLS.includes(key) && giver !== 'lbipam') || (key === NODE_LABELS && giver !== 'nodeipam'))
    .map((key) => ({
      paths: [placeOf(service, `metadata.annotations['${key}']`), placeOf(service, 'spec.loadBalancerClass')],
      message:
        key === NODE_LABELS
          ? 'It chooses among nodes, and the Service does not take their addresses.'
          : 'It is said to pools, and the Service takes no address of theirs.',
      hint:
        key === NODE_LABELS
          ? 'Set loadBalancerClass to io.cilium/node, or leave it out.'
          : 'Leave loadBalancerClass out, set it to io.cilium/l2-announcer or io.cilium/bgp-control-plane, or leave the annotation out.',
    }));
}

function keysOf({ object }: PlacedObject, list: 'annotations' | 'labels'): readonly string[] {
  return Object.keys(object.metadata[list] ?? {});
}
