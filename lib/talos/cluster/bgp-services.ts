import { parseCidr } from '../../kubernetes/cidr';
import { TALOS_BGP_PORT, bgpNodesOf } from './bgp-model';
import type { BgpCluster } from './bgp-model';
import type { NodeService, ServiceRule } from './node-services';

const ROLES = { all: 'all nodes', controlplane: 'control planes', worker: 'workers' } as const;

/** Native BGP of Talos: sessions that routers open, BFD, and the session that Cilium opens. */
export function bgpServices(talos: BgpCluster): readonly NodeService[] {
  return bgpNodesOf(talos).flatMap(({ output, props: { fabric }, pairing }) => {
    const service = (
      what: string,
      rule: ServiceRule,
      port: string,
      peers: readonly (string | undefined)[],
    ): readonly NodeService[] =>
      peers.length === 0
        ? []
        : [
            {
              what,
              rule,
              where: ROLES[output],
              clients: 'peers',
              peers: peers.map((peer) => (peer === undefined ? LINK_LOCAL : (parseCidr(peer)?.network ?? peer))),
              ports: [port],
              vital: false,
            },
          ];
    const { neighbors } = fabric;
    const addresses = (of: typeof neighbors): readonly (string | undefined)[] => of.map(({ address }) => address);
    const bgp = `${String(TALOS_BGP_PORT)}/TCP`;
    return [
      ...service('BGP', 'bgp-ingress', bgp, addresses(neighbors.filter(({ passive }) => passive === true))),
      ...service('BFD', 'bfd-ingress', '3784/UDP', addresses(neighbors.filter(({ bfd }) => bfd !== undefined))),
      ...service(BGP_WORKLOAD, 'bgp-workload-ingress', bgp, pairing === undefined ? [] : [pairing.ciliumAddress]),
    ];
  });
}

/** On a veth pair of the node, which is not a device of Cilium. */
export const BGP_WORKLOAD = "Cilium's session with Talos";
const LINK_LOCAL = 'fe80::/10';
