import type { CiliumBGPClusterConfigBgpInstance, CiliumBGPClusterConfigPeer } from '../../../imports/cilium.io';
import { ciliumApi } from '../../resource/api';
import { resourceKind } from '../../resource/resource-kind';
import type { ClusterResourceProps } from '../../resource/kind';
import type { Json } from '../../kubernetes/json';
import { isMap } from '../../kubernetes/json';
import type { LabelSelector } from '../../kubernetes/selector';
import { CLUSTER_CHECKS } from './cluster-checks';
import { REFERENCE, referredName } from '../../resource/references';
import type { BgpReference } from './references';
import { parseCidr } from '../../kubernetes/cidr';
import { sessionsOf } from './sessions';
import { BGP_DOCS, CONTROL_PLANE, ON, TOR } from './example-props';

/** A router that nodes talk to. */
export interface BgpPeer extends Omit<CiliumBGPClusterConfigPeer, 'peerConfigRef' | 'peerASN'> {
  /** The router's AS number; 0 takes whatever it says. @default 0 */
  readonly peerASN?: number;
  /** How to talk to it and what to announce: a BgpPeerConfig, or the name of one. @default - Cilium's timers, and nothing is announced */
  readonly peerConfigRef?: BgpReference;
}

/** A speaker on each node. */
export interface BgpInstance extends Omit<CiliumBGPClusterConfigBgpInstance, 'peers' | 'localASN' | 'localPort'> {
  /** AS number of the nodes; a BgpNodeConfigOverride can give a node its own. */
  readonly localASN?: number;
  /** Port for sessions that routers open; 179 needs the capability NET_BIND_SERVICE. @default - none: nodes open all sessions */
  readonly localPort?: number;
  readonly peers?: readonly BgpPeer[];
}

/** Props of `BgpClusterConfig`. */
export interface BgpClusterConfigProps extends ClusterResourceProps {
  /** The speakers of each node; one is usual. */
  readonly bgpInstances: readonly BgpInstance[];
  /** Which nodes speak; a node belongs to one BgpClusterConfig only. @default - all */
  readonly nodeSelector?: LabelSelector;
}

/** Which nodes talk to which routers: CiliumBGPClusterConfig. */
export const bgpCluster = resourceKind<BgpClusterConfigProps>({
  api: ciliumApi('CiliumBGPClusterConfig'),
  subject: 'bgp-cluster',
  docs: `${BGP_DOCS}#bgp-cluster-configuration`,
  example: { props: { bgpInstances: [{ name: 'rack', localASN: 65010, peers: [TOR] }] }, values: ON },
  needs: [CONTROL_PLANE],
  selectors: [{ path: 'nodeSelector', over: 'nodes' }],
  ranges: {
    of: ({ props }) =>
      sessionsOf(props).flatMap(({ peer: { peerAddress = '' }, at }) => {
        const range = parseCidr(peerAddress);
        return range === undefined ? [] : [{ at: `${at}.peerAddress`, text: peerAddress, range }];
      }),
    hint: 'Give the address of the router in the network of the nodes.',
    example: { bgpInstances: [{ name: 'rack', localASN: 65010, peers: [{ ...TOR, peerAddress: '10.244.0.1' }] }] },
  },
  elsewhere: {
    namespace: 'Leave it out: cluster configs belong to no namespace.',
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
  rules: CLUSTER_CHECKS,
});

function instance(written: Json): Json {
  return isMap(written) && Array.isArray(written.peers) ? { ...written, peers: written.peers.map(peer) } : written;
}

function peer(written: Json): Json {
  if (!isMap(written) || written.peerConfigRef === undefined) return written;
  const name = referredName(written.peerConfigRef);
  return name === undefined ? written : { ...written, peerConfigRef: { name } };
}
