import { readOverride } from './model';
import type { OverrideModel } from './model';
import type { BgpNodeConfigOverrideProps } from './props';
import { OVERRIDE_RULES } from './node-override-rules';
import { ciliumApi } from '../../resource/api';
import { resourceKind } from '../../resource/resource-kind';
import { BGP_DOCS, CONTROL_PLANE, ON } from './examples';

/** Per-node BGP overrides: CiliumBGPNodeConfigOverride. */
export const bgpNodeOverride = resourceKind<BgpNodeConfigOverrideProps, OverrideModel>({
  api: ciliumApi('CiliumBGPNodeConfigOverride'),
  construct: 'BgpNodeConfigOverride',
  subject: 'bgp-node-override',
  docs: `${BGP_DOCS}#bgp-configuration-override`,
  example: { props: { bgpInstances: [{ name: 'rack', routerID: '10.255.0.1' }] }, values: ON },
  needs: [CONTROL_PLANE],
  elsewhere: {
    namespace: 'Leave it out: overrides are cluster-scoped.',
    nodeSelector: "An override is for the one node that has its name: `name: 'worker-1'`.",
    nodeName: 'It is the `name` of the override.',
    routerID: 'It belongs to one of `bgpInstances`.',
    localASN: 'It belongs to one of `bgpInstances`.',
    localAddress: 'It belongs to a peer of one of `bgpInstances`.',
    peers: 'They belong to one of `bgpInstances`.',
  },
  read: readOverride,
  rules: OVERRIDE_RULES,
});
