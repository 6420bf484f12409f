import type { JsonObject } from '../../kubernetes/json';
import { areDocuments, document } from './setting';
import type { Placement, Setting } from './setting';
import { CLUSTER_NETWORK } from './cluster-network';

/** Pod and service subnets. Both lists replace what was there. */
export const subnets: Setting = {
  ...CLUSTER_NETWORK,
  name: 'subnets',
  wanted: ({ talos: { given } }) => given.podSubnets !== undefined || given.serviceSubnets !== undefined,
  section: ({ talos: { given } }) => [
    {
      output: 'all',
      document: { cluster: { network: { podSubnets: given.podSubnets, serviceSubnets: given.serviceSubnets } } },
    },
  ],
  documents: ({ talos: { given } }) => [
    {
      output: 'all',
      document: document('KubeNetworkConfig', { podSubnets: given.podSubnets, serviceSubnets: given.serviceSubnets }),
    },
  ],
};

const CONTROLLER_MANAGER: Placement = {
  since: '1.14',
  generatedSince: '1.14',
  sections: ['cluster.controllerManager'],
};

/**
 * The size of each node's share of the pod subnets. Only the document knows it; beside the section of the network it is an argument of the
 * controller manager, which has a section or a document of its own.
 */
export const nodeMasks: Setting = {
  ...CLUSTER_NETWORK,
  name: 'node-masks',
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
};
