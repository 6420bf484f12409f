import type { Context } from '../../cilium/context';
import type { Cidr } from '../../kubernetes/cidr';
import type { Others } from '../../resource/kind';
import { EXAMPLE_CLUSTER } from '../../talos/cluster/example';
import type { TalosBgpWorkload } from '../../talos/cluster/bgp-props';
import { bgpNodesOf } from '../../talos/cluster/bgp-model';
import type { BgpNodes, BgpPairing } from '../../talos/cluster/bgp-model';
import type { TalosClusterProps } from '../../talos/cluster/cluster';
import type { HostAddress } from './addresses';
import { overridesOf, sessionsWith } from './model';
import type { Session } from './model';

/** Upstream's page about Cilium beside native BGP of Talos. */
export const TALOS_BGP_DOCS = 'https://docs.siderolabs.com/talos/v1.14/networking/bgp/cilium';

const read = new WeakMap<Context, readonly BgpNodes[]>();

/** The nodes with BGP instances of Talos, as far as the Talos cluster is known; read once per Cilium. */
export function talosBgpOf(cilium: Context | undefined): readonly BgpNodes[] {
  if (cilium?.talos === undefined) return [];
  const known = read.get(cilium) ?? bgpNodesOf(cilium.talos);
  read.set(cilium, known);
  return known;
}

/** The sessions between Talos and Cilium. */
export function pairingsOf(cilium: Context | undefined): readonly BgpPairing[] {
  return talosBgpOf(cilium).flatMap(({ pairing }) => pairing ?? []);
}

/** Those in which an address is that of Talos. */
export function pairingsAt(address: HostAddress | undefined, cilium: Context | undefined): readonly BgpPairing[] {
  return pairingsOf(cilium).filter(({ network }) => isAt(address, network, 'last'));
}

/** Those in which an address is that of Cilium itself. */
export function ownPairingsAt(address: HostAddress | undefined, cilium: Context | undefined): readonly BgpPairing[] {
  return pairingsOf(cilium).filter(({ network }) => isAt(address, network, 'first'));
}

function isAt(address: HostAddress | undefined, network: Cidr | undefined, end: 'first' | 'last'): boolean {
  const host = address?.host;
  return host !== undefined && network?.family === host.family && network[end] === host.first;
}

/** A session with Talos, and what Talos expects of it: more than one where roles differ. */
export interface TalosSession {
  readonly session: Session;
  readonly pairings: readonly BgpPairing[];
}

/** The sessions with Talos of a peer config. */
export function talosSessionsWith(
  peerConfig: string,
  others: Others,
  cilium: Context | undefined,
): readonly TalosSession[] {
  if (pairingsOf(cilium).length === 0) return [];
  return sessionsWith(peerConfig, others).flatMap((session) => {
    const pairings = pairingsAt(session.address, cilium);
    return pairings.length === 0 ? [] : [{ session, pairings }];
  });
}

/** Whether a node override sets the source address of a peer. */
export function hasLocalAddress({ instance, peer }: Session, others: Others): boolean {
  return overridesOf(others).some(({ model: { peers } }) =>
    peers.some(
      (one) => one.instance.name === instance.name && one.peer.name === peer.name && one.address !== undefined,
    ),
  );
}

/** For examples. */
export const TALOS_WORKLOAD = {
  localASN: 4200000002,
  peerASN: 4200000003,
  network: '169.254.179.0/31',
  prefixes: ['203.0.113.0/24', '10.244.0.0/16'],
} as const satisfies TalosBgpWorkload;

/** For examples: a cluster with native BGP. */
export const WITH_TALOS_BGP = {
  ...EXAMPLE_CLUSTER,
  talosVersion: '1.14',
  bgp: {
    fabric: {
      localASN: 65001,
      advertise: ['lo'],
      neighbors: [{ address: '10.0.0.1', peerASN: 65000 }],
    },
    workload: TALOS_WORKLOAD,
  },
} as const satisfies TalosClusterProps;

/** For examples: the peer of Cilium that is Talos, with the peer config `rack`. */
export const TALOS_PEER = {
  name: 'talos',
  peerASN: 4200000002,
  peerAddress: '169.254.179.1',
  peerConfigRef: { name: 'rack' },
} as const;

/** For examples: a cluster config with that peer. */
export const CLUSTER_WITH_TALOS = {
  subject: 'bgp-cluster',
  props: { bgpInstances: [{ name: 'talos', localASN: 4200000003, peers: [TALOS_PEER] }] },
} as const;
