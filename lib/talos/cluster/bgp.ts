import type { JsonObject } from '../../kubernetes/json';
import { BGP_SHAPE } from './bgp-props';
import type { BgpSetting } from './bgp-props';
import { bgpNodesOf } from './bgp-model';
import type { BgpNodes, BgpPairing } from './bgp-model';
import { BGP_SINCE, FABRIC, readBgp } from './bgp-reading';
import type { BgpRuleCluster } from './bgp-reading';
import { BGP_RULES } from './bgp-rules';
import { GONE, document, over, setAnew } from './setting';
import type { Needs, NodeSetting, Statement } from './setting';

/**
 * Native BGP: documents only. Lists of `BGPInstanceConfig` are replaced when patches are merged, those of links append.
 * @see https://docs.siderolabs.com/talos/v1.14/networking/bgp/overview
 */
export const bgp: NodeSetting<BgpSetting, object, BgpRuleCluster> = {
  name: 'bgp',
  nodeShape: { bgp: BGP_SHAPE },
  since: BGP_SINCE,
  sections: [],
  wanted: ({ talos }) => bgpNodesOf(talos).length > 0,
  section: () => [],
  documents: (needs) =>
    bgpNodesOf(needs.talos).flatMap((nodes) => [
      ...(nodes.pairing === undefined ? [] : linksOf(needs, nodes.pairing)),
      ...(nodes.pairing === undefined ? [] : [workloadInstance(nodes.pairing)]),
      fabricInstance(nodes),
    ]),
  rules: over(readBgp, BGP_RULES),
};

/** The veth pair, and the VRF with Talos' end of it. */
function linksOf(
  needs: Needs,
  { output, network, ciliumAddress, talosAddress, link, routerLink, vrf, table }: BgpPairing,
): readonly Statement[] {
  const prefix = String(network?.prefix);
  const veth = (own: unknown, peer: unknown): JsonObject =>
    document('VethConfig', { name: link, addresses: own, peer: { name: routerLink, addresses: peer } } as JsonObject);
  const routed = (links: unknown): JsonObject =>
    document('VRFConfig', { name: vrf, links, table: String(table) } as JsonObject);
  return [
    ...setAnew(
      needs,
      output,
      veth([{ address: `${ciliumAddress}/${prefix}` }], [{ address: `${talosAddress}/${prefix}` }]),
      veth(GONE, GONE),
    ),
    ...setAnew(needs, output, routed([routerLink]), routed(GONE)),
  ];
}

/** The instance that peers with Cilium. */
function workloadInstance(pairing: BgpPairing): Statement {
  const { output, name, vrf, localASN, routerID, peerASN, passive, holdTime, ciliumAddress } = pairing;
  return {
    output,
    document: document('BGPInstanceConfig', {
      name,
      vrf,
      localASN,
      routerID,
      installRoutes: false,
      neighbors: [{ address: ciliumAddress, peerASN, passive: passive || undefined, holdTime }],
    }),
  };
}

/** The instance that peers with routers. */
function fabricInstance({ output, props: { fabric }, pairing }: BgpNodes): Statement {
  const { neighbors, maxPaths = 0, ...rest } = fabric;
  const imported = pairing?.prefixes.map(({ network, text }) => network?.network ?? text);
  const fields = {
    name: FABRIC,
    ...rest,
    maxPaths: maxPaths === 0 ? undefined : maxPaths,
    importRoutes: imported && [{ bgpInstance: pairing?.name, prefixes: imported }],
    neighbors: neighbors.map(({ passive, ...neighbor }) => ({ ...neighbor, ...(passive === true ? { passive } : {}) })),
  };
  return { output, document: document('BGPInstanceConfig', fields as unknown as JsonObject) };
}
