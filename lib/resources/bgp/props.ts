import type {
  CiliumBGPAdvertisementAdvertisement,
  CiliumBGPClusterConfigBgpInstance,
  CiliumBGPClusterConfigPeer,
  CiliumBGPNodeConfigOverrideSpec,
  CiliumBGPPeerConfigFamily,
  CiliumBGPPeerConfigSpec,
} from '../../../imports/cilium.io';
import type { LabelSelector } from '../../kubernetes/selector';
import type { ClusterResourceProps } from '../../resource/kind';

/** A reference by name: a construct, or the name itself. */
export type BgpReference = string | { readonly name: string };

/** Routes to announce. Each type has a field of its own: `service`, `interface`, or for pools and Services `selector`. */
export interface BgpRoutes extends Omit<CiliumBGPAdvertisementAdvertisement, 'selector'> {
  /**
   * Which Services, or which CiliumPodIPPools, are announced: `all`, or a selector. Besides labels, the keys
   * `io.kubernetes.service.name`, `io.kubernetes.service.namespace` and `io.cilium.podippool.name` can be used.
   * Services and pools need one: without it Cilium announces none.
   */
  readonly selector?: 'all' | LabelSelector;
}

/** Props of `BgpAdvertisement`. */
export interface BgpAdvertisementProps extends ClusterResourceProps {
  /** What nodes announce to the peers whose config refers to this advertisement. */
  readonly advertisements: readonly BgpRoutes[];
}

/** A BGP peer, such as a router. */
export interface BgpPeer extends Omit<CiliumBGPClusterConfigPeer, 'peerConfigRef' | 'peerASN'> {
  /** The peer's AS number; 0 accepts any. @default 0 */
  readonly peerASN?: number;
  /** Session settings and announcements: a BgpPeerConfig, or the name of one. @default - Cilium's timers, and nothing is announced */
  readonly peerConfigRef?: BgpReference;
}

/** A BGP instance. */
export interface BgpInstance extends Omit<CiliumBGPClusterConfigBgpInstance, 'peers' | 'localASN' | 'localPort'> {
  /** AS number of the nodes; a BgpNodeConfigOverride can give a node its own. */
  readonly localASN?: number;
  /** Port for sessions that peers open; 179 needs the capability NET_BIND_SERVICE. @default - none: nodes open all sessions */
  readonly localPort?: number;
  readonly peers?: readonly BgpPeer[];
}

/** Props of `BgpClusterConfig`. */
export interface BgpClusterConfigProps extends ClusterResourceProps {
  /** The BGP instances of each node; one is usual. */
  readonly bgpInstances: readonly BgpInstance[];
  /** Which nodes; a node belongs to one BgpClusterConfig only. @default - all */
  readonly nodeSelector?: LabelSelector;
}

/** Props of `BgpNodeConfigOverride`. */
export interface BgpNodeConfigOverrideProps extends ClusterResourceProps {
  /** Name of the node. @default - the id of the construct */
  readonly name?: string;
  /** The overrides: instances and peers by their names in the BgpClusterConfig. */
  readonly bgpInstances: CiliumBGPNodeConfigOverrideSpec['bgpInstances'];
}

/** An address family of a session, and what is announced in it. */
export interface BgpFamily extends Omit<CiliumBGPPeerConfigFamily, 'advertisements'> {
  /**
   * What is announced: BgpAdvertisements, as constructs or names, or Cilium's own selector over the labels of advertisements.
   * A reference relies on the label that the construct `BgpAdvertisement` writes; for other advertisements use a selector.
   * @default - nothing
   */
  readonly advertisements?: readonly BgpReference[] | LabelSelector;
}

/** A Secret: its name, or an object of it, such as an `ApiObject`. */
export type BgpSecret =
  | string
  | {
      readonly name: string;
      readonly namespace?: string;
      readonly metadata?: { readonly namespace?: string };
    };

/** Props of `BgpPeerConfig`. */
export interface BgpPeerConfigProps
  extends ClusterResourceProps, Omit<CiliumBGPPeerConfigSpec, 'authSecretRef' | 'families'> {
  /**
   * The Secret whose key `password` protects the sessions (TCP MD5), in the namespace `bgpControlPlane.secretsNamespace.name`.
   * While it is missing, agents try without a password.
   * @default - no password
   */
  readonly authSecretRef?: BgpSecret;
  /** Address families of the sessions: `ipv4` and `ipv6` with `unicast`. @default - both, and nothing is announced */
  readonly families?: readonly BgpFamily[];
  /**
   * The peer keeps the routes of a node while its agent restarts, for as long as the agent needs to come back.
   * @default - off: they are withdrawn with each restart
   */
  readonly gracefulRestart?: NonNullable<CiliumBGPPeerConfigSpec['gracefulRestart']>;
  /** How many hops a peer with another AS number may be away. @default 1 */
  readonly ebgpMultihop?: number;
  /** In seconds. Keep-alives at a third of the hold time are usual. @default - 90 hold, 30 keep-alive, 120 retry */
  readonly timers?: NonNullable<CiliumBGPPeerConfigSpec['timers']>;
}
