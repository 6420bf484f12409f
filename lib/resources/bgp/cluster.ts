import { readCluster } from './model';
import type { ClusterModel } from './model';
import type { BgpClusterConfigProps } from './props';
import { CLUSTER_RULES } from './cluster-rules';
import { ciliumApi } from '../../resource/api';
import { resourceKind } from '../../resource/resource-kind';
import type { Json } from '../../kubernetes/json';
import { isMap } from '../../kubernetes/json';
import { REFERENCE, referredName } from '../../resource/references';
import { BGP_DOCS, CONTROL_PLANE, ON, TOR } from './examples';

/** BGP instances of nodes: CiliumBGPClusterConfig. */
export const bgpCluster = resourceKind<BgpClusterConfigProps, ClusterModel>({
  api: ciliumApi('CiliumBGPClusterConfig'),
  construct: 'BgpClusterConfig',
  subject: 'bgp-cluster',
  docs: `${BGP_DOCS}#bgp-cluster-configuration`,
  example: { props: { bgpInstances: [{ name: 'rack', localASN: 65010, peers: [TOR] }] }, values: ON },
  needs: [CONTROL_PLANE],
  selectors: [{ path: 'nodeSelector', over: 'nodes' }],
  ranges: {
    of: ({ model }) =>
      model.sessions.flatMap(({ address }) =>
        address?.host === undefined ? [] : [{ at: address.at, text: address.text, range: address.host }],
      ),
    hint: 'Give the address of the router in the network of the nodes.',
    example: { bgpInstances: [{ name: 'rack', localASN: 65010, peers: [{ ...TOR, peerAddress: '10.244.0.1' }] }] },
  },
  elsewhere: {
    namespace: 'Leave it out: cluster configs are cluster-scoped.',
    localASN: 'It belongs to one of `bgpInstances`.',
    peers: 'They belong to one of `bgpInstances`.',
    families: 'They belong to a BgpPeerConfig.',
    'bgpInstances[].neighbors': 'They are called `peers`.',
    ...Object.fromEntries(
      ['authSecretRef', 'ebgpMultihop', 'families', 'gracefulRestart', 'timers', 'transport'].map((name) => [
        `bgpInstances[].peers[].${name}`,
        'It belongs to a BgpPeerConfig, which `peerConfigRef` names.',
      ]),
    ),
    virtualRouters: 'They are of the control plane that Cilium 1.19 removed: write `bgpInstances`.',
  },
  forms: [['bgpInstances[].peers[].peerConfigRef', REFERENCE]],
  body: (fields) => ({
    spec: {
      ...fields,
      bgpInstances: Array.isArray(fields.bgpInstances) ? fields.bgpInstances.map(instance) : fields.bgpInstances,
    },
  }),
  read: readCluster,
  rules: CLUSTER_RULES,
});

function instance(written: Json): Json {
  return isMap(written) && Array.isArray(written.peers) ? { ...written, peers: written.peers.map(peer) } : written;
}

function peer(written: Json): Json {
  if (!isMap(written) || written.peerConfigRef === undefined) return written;
  const name = referredName(written.peerConfigRef);
  return name === undefined ? written : { ...written, peerConfigRef: { name } };
}
