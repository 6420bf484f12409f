import type { JsonObject } from '../../kubernetes/json';
import { number } from '../../props/shape';
import { problem } from '../../rules/rule';
import type { Rule } from '../../rules/rule';
import { CLUSTER_NETWORK } from './cluster-network';
import { areDocuments, document, over } from './setting';
import type { ClusterWith, Placement, Setting } from './setting';
import { readSubnets } from './subnets';
import type { Subnet, SubnetsCluster, SubnetsSetting } from './subnets';

export interface NodeMasksSetting {
  /** Prefix of the pod range that each node gets from the IPv4 pod subnet. @default 24 */
  readonly nodeCIDRMaskSizeIPv4?: number;
  /** The same for IPv6. @default 64 */
  readonly nodeCIDRMaskSizeIPv6?: number;
}

export type NodeMasksMembers = Required<NodeMasksSetting>;

const CONTROLLER_MANAGER: Placement = {
  since: '1.14',
  generatedSince: '1.14',
  sections: ['cluster.controllerManager'],
};

/** How many bits of a pod subnet can number nodes: kube-controller-manager allows no more. */
const MOST_NODE_BITS = 16;

/** How a pod subnet is divided. */
interface Share {
  readonly path: string;
  readonly subnet: Subnet;
  readonly bits: number;
  readonly mask: number;
}

interface Shares {
  readonly shares: readonly Share[];
  /** Masks of families without a pod subnet: `[6, 'talos.nodeCIDRMaskSizeIPv6']`. */
  readonly idle: readonly (readonly [family: number, path: string])[];
}

function readShares(talos: ClusterWith<NodeMasksSetting, NodeMasksMembers> & SubnetsCluster): Shares {
  const { pods, unsound } = readSubnets(talos);
  const { nodeCIDRMaskSizeIPv4: four, nodeCIDRMaskSizeIPv6: six } = talos.given;
  const given = [four === undefined ? [] : [4], six === undefined ? [] : [6]].flat();
  const pathOf = (family: number): string => `talos.nodeCIDRMaskSizeIPv${String(family)}`;
  return {
    shares: pods.map((subnet) => ({
      path: pathOf(subnet.family),
      subnet,
      bits: subnet.family === 4 ? 32 : 128,
      mask: subnet.family === 4 ? talos.nodeCIDRMaskSizeIPv4 : talos.nodeCIDRMaskSizeIPv6,
    })),
    idle: given
      .filter((family) => unsound.length === 0 && !pods.some((subnet) => subnet.family === family))
      .map((family) => [family, pathOf(family)]),
  };
}

const RULES: readonly Rule<Shares, NodeMasksSetting & SubnetsSetting>[] = [
  {
    id: 'talos-cluster/node-mask',
    level: 'error',
    find: ({ shares, idle }) => [
      ...shares.flatMap(({ path, subnet: { path: at, network, prefix }, bits, mask }) => {
        if (!Number.isInteger(mask) || mask < 1 || mask > bits) {
          const hint = `Use a number from 1 to ${String(bits)}.`;
          return problem(path, `${String(mask)} is not a valid prefix length.`, hint);
        }
        if (mask < prefix) {
          const message = `A /${String(mask)} per node does not fit into ${network}.`;
          return problem([path, at], message, 'Use a larger pod subnet or a longer node mask.');
        }
        if (mask - prefix <= MOST_NODE_BITS) return [];
        const message = `${network} is too large for a /${String(mask)} per node: Kubernetes numbers at most 2^${String(MOST_NODE_BITS)} nodes.`;
        return problem([path, at], message, `Use a pod subnet of /${String(mask - MOST_NODE_BITS)} or longer.`);
      }),
      ...idle.map(([family, path]) =>
        problem(
          [path, 'talos.podSubnets'],
          `There is no IPv${String(family)} pod subnet to divide.`,
          'Leave it out, or add such a subnet.',
        ),
      ),
    ],
    examples: { bad: { podSubnets: ['10.0.0.0/25'] }, good: { podSubnets: ['10.0.0.0/25'], nodeCIDRMaskSizeIPv4: 28 } },
  },
  {
    id: 'talos-cluster/one-node',
    level: 'warning',
    find: ({ shares }) =>
      shares
        .filter(({ subnet, mask }) => mask > 0 && mask === subnet.prefix)
        .map(({ path, subnet }) =>
          problem(
            [path, subnet.path],
            `One node uses all of ${subnet.network}, and the next gets no pod range.`,
            'Use a larger pod subnet or a longer node mask, unless there is one node.',
          ),
        ),
    examples: {
      bad: { podSubnets: ['10.0.0.0/24'] },
      good: { podSubnets: ['10.0.0.0/24'], nodeCIDRMaskSizeIPv4: 26 },
    },
  },
];

/**
 * The size of each node's share of the pod subnets. Only the document has it; beside the section of the network it is an argument of the
 * controller manager, which has its own section or document.
 * @see https://docs.siderolabs.com/talos/v1.14/reference/configuration/kubernetes/kubenetworkconfig
 */
export const nodeMasks: Setting<NodeMasksSetting, NodeMasksMembers, SubnetsCluster> = {
  ...CLUSTER_NETWORK,
  name: 'node-masks',
  shape: { nodeCIDRMaskSizeIPv4: number, nodeCIDRMaskSizeIPv6: number },
  resolve: ({ nodeCIDRMaskSizeIPv4 = 24, nodeCIDRMaskSizeIPv6 = 64 }) => ({
    nodeCIDRMaskSizeIPv4,
    nodeCIDRMaskSizeIPv6,
  }),
  wanted: ({ talos: { given } }) =>
    given.nodeCIDRMaskSizeIPv4 !== undefined || given.nodeCIDRMaskSizeIPv6 !== undefined,
  section: ({ talos }) => {
    const { nodeCIDRMaskSizeIPv4, nodeCIDRMaskSizeIPv6 } = talos.given;
    const extraArgs: JsonObject = {
      'node-cidr-mask-size-ipv4': nodeCIDRMaskSizeIPv4?.toString(),
      'node-cidr-mask-size-ipv6': nodeCIDRMaskSizeIPv6?.toString(),
    };
    const isDocument = areDocuments(CONTROLLER_MANAGER, talos);
    const arguments_ = isDocument
      ? document('KubeControllerManagerConfig', { extraArgs })
      : { cluster: { controllerManager: { extraArgs } } };
    return [{ output: 'controlplane', document: arguments_ }];
  },
  documents: ({ talos: { given } }) => [
    {
      output: 'all',
      document: document('KubeNetworkConfig', {
        nodeCIDRMaskSizeIPv4: given.nodeCIDRMaskSizeIPv4,
        nodeCIDRMaskSizeIPv6: given.nodeCIDRMaskSizeIPv6,
      }),
    },
  ],
  rules: over(readShares, RULES),
};
