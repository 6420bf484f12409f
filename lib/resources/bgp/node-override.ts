import type { CiliumBGPNodeConfigOverrideSpec } from '../../../imports/cilium.io';
import { ciliumApi } from '../../resource/api';
import { resourceKind } from '../../resource/resource-kind';
import type { ClusterResourceProps } from '../../resource/kind';
import { OVERRIDE_CHECKS } from './node-override-checks';
import { BGP_DOCS, CONTROL_PLANE, ON } from './example-props';

/** Props of `BgpNodeConfigOverride`. */
export interface BgpNodeConfigOverrideProps extends ClusterResourceProps {
  /** Name of the node. @default - the id of the construct */
  readonly name?: string;
  /** What the node does otherwise: instances and peers with the names that they have in the BgpClusterConfig. */
  readonly bgpInstances: CiliumBGPNodeConfigOverrideSpec['bgpInstances'];
}

/** What one node does otherwise than its cluster config says: CiliumBGPNodeConfigOverride. */
export const bgpNodeOverride = resourceKind<BgpNodeConfigOverrideProps>({
  api: ciliumApi('CiliumBGPNodeConfigOverride'),
  subject: 'bgp-node-override',
  docs: `${BGP_DOCS}#bgp-configuration-override`,
  example: { props: { bgpInstances: [{ name: 'rack', routerID: '10.255.0.1' }] }, values: ON },
  needs: [CONTROL_PLANE],
  elsewhere: {
    namespace: 'Leave it out: overrides belong to no namespace.',
    nodeSelector: "An override is for the one node that has its name: `name: 'worker-1'`.",
    nodeName: 'It is the `name` of the override.',
    routerID: 'It belongs to one of `bgpInstances`.',
    localASN: 'It belongs to one of `bgpInstances`.',
    localAddress: 'It belongs to a peer of one of `bgpInstances`.',
    peers: 'They belong to one of `bgpInstances`.',
  },
  rules: OVERRIDE_CHECKS,
});
