import type { JsonObject } from '../../kubernetes/json';
import { document, isMultidoc } from '../setting';
import type { Setting } from '../setting';

/** Pod and service subnets. Both lists replace what was there. */
export const subnets: Setting = {
  name: 'subnets',
  wanted: ({ talos: { given } }) => given.podSubnets !== undefined || given.serviceSubnets !== undefined,
  asDocuments: isMultidoc,
  section: ({ talos: { given } }) => [
    { output: 'all', document: { cluster: { network: { podSubnets: given.podSubnets, serviceSubnets: given.serviceSubnets } } } },
  ],
  documents: ({ talos: { given } }) => [
    { output: 'all', document: document('KubeNetworkConfig', { podSubnets: given.podSubnets, serviceSubnets: given.serviceSubnets }) },
  ],
};

/** The size of each node's share of the pod subnets. Only the document knows it; before, it is an argument of the controller manager. */
export const nodeMasks: Setting = {
  name: 'node-masks',
  wanted: ({ talos: { given } }) => given.nodeCIDRMaskSizeIPv4 !== undefined || given.nodeCIDRMaskSizeIPv6 !== undefined,
  asDocuments: isMultidoc,
  section: ({ talos: { given } }) => {
    const extraArgs: JsonObject = {
      'node-cidr-mask-size-ipv4': given.nodeCIDRMaskSizeIPv4?.toString(),
      'node-cidr-mask-size-ipv6': given.nodeCIDRMaskSizeIPv6?.toString(),
    };
    return [{ output: 'controlplane', document: { cluster: { controllerManager: { extraArgs } } } }];
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
