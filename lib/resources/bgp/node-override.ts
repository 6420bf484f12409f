import type { CiliumBGPNodeConfigOverrideSpec } from '../../../imports/cilium.io';
import { ciliumApi } from '../../resource/api';
import type { ClusterResourceProps, ResourceKind } from '../../resource/resource';
import { OVERRIDE_CHECKS } from './node-override-checks';

/** Props of `BgpNodeConfigOverride`. */
export interface BgpNodeConfigOverrideProps extends ClusterResourceProps {
  /** Name of the node. @default - the id of the construct */
  readonly name?: string;
  /** What the node does otherwise: instances and peers with the names that they have in the BgpClusterConfig. */
  readonly bgpInstances: CiliumBGPNodeConfigOverrideSpec['bgpInstances'];
}

/** What one node does otherwise than its cluster config says: CiliumBGPNodeConfigOverride. */
export const bgpNodeOverride: ResourceKind<BgpNodeConfigOverrideProps> = {
  api: ciliumApi('CiliumBGPNodeConfigOverride'),
  subject: 'bgp-node-override',
  elsewhere: {
    namespace: 'Leave it out: overrides belong to no namespace.',
    nodeSelector: "An override is for the one node that has its name: `name: 'worker-1'`.",
    nodeName: 'It is the `name` of the override.',
    routerID: 'It belongs to one of `bgpInstances`.',
    localASN: 'It belongs to one of `bgpInstances`.',
    localAddress: 'It belongs to a peer of one of `bgpInstances`.',
    peers: 'They belong to one of `bgpInstances`.',
  },
  checks: OVERRIDE_CHECKS,
};
