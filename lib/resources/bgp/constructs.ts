import type { Construct } from 'constructs';
import { CustomResource } from '../../resource/construct';
import { bgpAdvertisement } from './advertisement';
import { bgpCluster } from './cluster';
import { bgpNodeOverride } from './node-override';
import { bgpPeer } from './peer';
import type {
  BgpAdvertisementProps,
  BgpClusterConfigProps,
  BgpNodeConfigOverrideProps,
  BgpPeerConfigProps,
} from './props';
import { withAdvertisementLabel } from './references';

/**
 * What nodes announce to BGP peers: pod CIDRs, or addresses of Services, pools or interfaces.
 *
 * ```ts
 * const services = new BgpAdvertisement(chart, 'services', {
 *   cilium,
 *   advertisements: [{ advertisementType: 'Service', service: { addresses: ['LoadBalancerIP'] }, selector: 'all' }],
 * });
 * ```
 *
 * It has the label `cdk8s-talos-cilium/advertisement` with its name, which a `BgpPeerConfig` selects.
 */
export class BgpAdvertisement extends CustomResource<BgpAdvertisementProps> {
  constructor(scope: Construct, id: string, props: BgpAdvertisementProps) {
    super(scope, id, bgpAdvertisement, withAdvertisementLabel(id, props));
  }
}

/**
 * Settings of BGP sessions, and what they announce.
 *
 * ```ts
 * const rack = new BgpPeerConfig(chart, 'rack', {
 *   cilium,
 *   gracefulRestart: { enabled: true },
 *   families: [{ afi: 'ipv4', safi: 'unicast', advertisements: [services] }],
 * });
 * ```
 */
export class BgpPeerConfig extends CustomResource<BgpPeerConfigProps> {
  constructor(scope: Construct, id: string, props: BgpPeerConfigProps) {
    super(scope, id, bgpPeer, props);
  }
}

/**
 * BGP instances of nodes, and their peers.
 *
 * ```ts
 * new BgpClusterConfig(chart, 'fabric', {
 *   cilium,
 *   bgpInstances: [
 *     { name: 'rack', localASN: 65010, peers: [{ name: 'tor', peerASN: 65000, peerAddress: '10.0.0.1', peerConfigRef: rack }] },
 *   ],
 * });
 * ```
 */
export class BgpClusterConfig extends CustomResource<BgpClusterConfigProps> {
  constructor(scope: Construct, id: string, props: BgpClusterConfigProps) {
    super(scope, id, bgpCluster, props);
  }
}

/**
 * Per-node BGP overrides; the name is that of the node.
 *
 * ```ts
 * new BgpNodeConfigOverride(chart, 'worker-1', { cilium, bgpInstances: [{ name: 'rack', routerID: '10.255.0.1' }] });
 * ```
 */
export class BgpNodeConfigOverride extends CustomResource<BgpNodeConfigOverrideProps> {
  constructor(scope: Construct, id: string, props: BgpNodeConfigOverrideProps) {
    super(scope, id, bgpNodeOverride, props);
  }
}
