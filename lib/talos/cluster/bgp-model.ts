import { addressText, networkOf, parseCidr } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import type { TalosBgpProps, TalosBgpWorkload, BgpSetting } from './bgp-props';
import type { Output } from './setting';

/** The port of every BGP instance of Talos (constants.BGPDefaultPort). */
export const TALOS_BGP_PORT = 179;

/** A network that the fabric instance imports routes of. */
export interface ImportedPrefix {
  /** `talos.bgp.workload.prefixes[0]`. */
  readonly at: string;
  readonly text: string;
  /** `undefined` when the text is not a CIDR. */
  readonly network: Cidr | undefined;
}

/** The session between Talos and Cilium on some nodes, with defaults. */
export interface BgpPairing
  extends
    Required<
      Pick<TalosBgpWorkload, 'name' | 'localASN' | 'peerASN' | 'passive' | 'link' | 'routerLink' | 'vrf' | 'table'>
    >,
    Pick<TalosBgpWorkload, 'holdTime' | 'routerID'> {
  /** `talos.bgp.workload`. */
  readonly at: string;
  /** Which nodes have it. */
  readonly output: Output;
  /** `undefined` unless it is a /31 or /127. */
  readonly network: Cidr | undefined;
  /** Address of Cilium's end of the veth pair; '' without a network. */
  readonly ciliumAddress: string;
  /** Address of Talos' end; '' without a network. */
  readonly talosAddress: string;
  readonly prefixes: readonly ImportedPrefix[];
}

/** Nodes with BGP instances. */
export interface BgpNodes {
  readonly output: Output;
  /** `talos.bgp`, `talos.workers.bgp`. */
  readonly at: string;
  readonly props: TalosBgpProps;
  readonly pairing: BgpPairing | undefined;
}

/** A cluster, as far as its BGP instances are concerned. */
export interface BgpCluster {
  readonly given?: (BgpSetting & { readonly controlPlanes?: BgpSetting; readonly workers?: BgpSetting }) | undefined;
}

/** The nodes with BGP instances: all of them, or by role where a role has its own. */
export function bgpNodesOf({ given = {} }: BgpCluster): readonly BgpNodes[] {
  const { bgp, controlPlanes, workers } = given;
  if (controlPlanes?.bgp === undefined && workers?.bgp === undefined) return nodesAt('all', 'talos.bgp', bgp);
  const ofRole = (output: Output, role: 'controlPlanes' | 'workers'): readonly BgpNodes[] => {
    const own = given[role]?.bgp;
    return nodesAt(output, own === undefined ? 'talos.bgp' : `talos.${role}.bgp`, own ?? bgp);
  };
  return [...ofRole('controlplane', 'controlPlanes'), ...ofRole('worker', 'workers')];
}

/** The sessions between Talos and Cilium. */
export function bgpPairingsOf(talos: BgpCluster | undefined): readonly BgpPairing[] {
  return bgpNodesOf(talos ?? {}).flatMap(({ pairing }) => pairing ?? []);
}

function nodesAt(output: Output, at: string, props: TalosBgpProps | undefined): readonly BgpNodes[] {
  if (props === undefined) return [];
  const pairing = props.workload && readPairing(output, `${at}.workload`, props, props.workload);
  return [{ output, at, props, pairing }];
}

function readPairing(
  output: Output,
  at: string,
  { fabric }: TalosBgpProps,
  { network: text, prefixes, ...given }: TalosBgpWorkload,
): BgpPairing {
  const network = pairOf(text);
  const talosAddress = network === undefined ? '' : addressText(network.family, network.last);
  const ofNetwork = network?.family === 4 ? talosAddress : undefined;
  const routerID = given.routerID ?? fabric.routerID ?? ofNetwork;
  return {
    name: 'workload',
    passive: true,
    link: 'veth-workload',
    routerLink: 'veth-router',
    vrf: 'vrf-workload',
    table: 88,
    ...given,
    ...(routerID === undefined ? {} : { routerID }),
    at,
    output,
    network,
    talosAddress,
    ciliumAddress: network === undefined ? '' : addressText(network.family, network.first),
    prefixes: prefixes.map((prefix, i) => ({
      at: `${at}.prefixes[${String(i)}]`,
      text: prefix,
      network: parseCidr(prefix),
    })),
  };
}

/** A network of two addresses. */
function pairOf(text: string): Cidr | undefined {
  const network = networkOf(text);
  return network?.aligned === true && network.last - network.first === 1n ? network : undefined;
}
