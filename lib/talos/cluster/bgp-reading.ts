import { bgpNodesOf } from './bgp-model';
import type { BgpNodes } from './bgp-model';
import type { BgpSetting, TalosBgpNeighbor, TalosBgpProps } from './bgp-props';
import type { Rule } from '../../rules/rule';
import type { NodeCountsSetting } from './node-counts';
import { nodeNetworks } from './node-ip';
import type { NodeIPSetting, NodeNetwork } from './node-ip';
import type { OriginProps } from './origin';
import type { ClusterWith, OnNodes } from './setting';
import { readSubnets } from './subnets';
import type { Subnets, SubnetsCluster, SubnetsSetting } from './subnets';

/** The first release with native BGP. */
export const BGP_SINCE = '1.14';

/** Name of the fabric instance. */
export const FABRIC = 'fabric';

/** What the rules read of a cluster. */
export type BgpRuleCluster = ClusterWith<OnNodes<BgpSetting & NodeIPSetting> & NodeCountsSetting> & SubnetsCluster;

/** BGP of a cluster, read. */
export interface Bgp extends Pick<Subnets, 'pods' | 'services'> {
  readonly talosVersion: string;
  readonly nodes: readonly BgpNodes[];
  /** How many nodes the given ones are; `undefined` when it is unknown. */
  readonly countOf: (nodes: BgpNodes) => number | undefined;
  /** The networks that `nodeIP` names for the given nodes; `undefined` where it names none. */
  readonly networksOf: (nodes: BgpNodes) => readonly NodeNetwork[] | undefined;
}

export type BgpExample = Partial<OriginProps> &
  OnNodes<BgpSetting & NodeIPSetting> &
  NodeCountsSetting &
  SubnetsSetting;
export type BgpRule = Rule<Bgp, BgpExample>;

export function readBgp(talos: BgpRuleCluster): Bgp {
  const { pods, services } = readSubnets(talos);
  const { controlPlanes, workers } = talos.given.nodes ?? {};
  const named = nodeNetworks(talos);
  return {
    talosVersion: talos.talosVersion,
    nodes: bgpNodesOf(talos),
    pods,
    services,
    networksOf: ({ output }) =>
      (named.find((one) => one.output === output) ?? named.find((one) => one.output === 'all'))?.networks,
    countOf: ({ output }) => {
      if (output === 'controlplane') return controlPlanes;
      if (output === 'worker') return workers;
      return controlPlanes === undefined || workers === undefined ? undefined : controlPlanes + workers;
    },
  };
}

export const NEIGHBOR: TalosBgpNeighbor = { link: 'enp1s0', peerASN: 65000 };
const WITH_CILIUM: TalosBgpProps = {
  fabric: { localASN: 65001, advertise: ['lo'], neighbors: [NEIGHBOR] },
  workload: {
    localASN: 4200000002,
    peerASN: 4200000003,
    network: '169.254.179.0/31',
    prefixes: ['203.0.113.0/24', '10.244.0.0/16'],
  },
};

export function fabricWith(fabric: Partial<TalosBgpProps['fabric']>): BgpExample {
  return { talosVersion: '1.14', bgp: { fabric: { ...WITH_CILIUM.fabric, ...fabric } } };
}

export function workloadWith(workload: Partial<NonNullable<TalosBgpProps['workload']>>): BgpExample {
  const { workload: usual } = WITH_CILIUM;
  return { talosVersion: '1.14', bgp: { ...WITH_CILIUM, ...(usual && { workload: { ...usual, ...workload } }) } };
}

export const good = workloadWith({});
