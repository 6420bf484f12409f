import type { Construct } from 'constructs';
import { CustomResource } from '../custom-resource/construct';
import { bgpAdvertisement } from './advertisement';
import type { BgpAdvertisementProps } from './advertisement';
import { bgpCluster } from './cluster';
import type { BgpClusterProps } from './cluster';
import { bgpNodeOverride } from './node-override';
import type { BgpNodeOverrideProps } from './node-override';
import { bgpPeer } from './peer';
import type { BgpPeerProps } from './peer';
import { withAdvertisementLabel } from './references';

/**
 * What nodes announce to routers. That may be pod ranges, and addresses of Services, of pools or of interfaces.
 *
 * ```ts
 * const services = new BgpAdvertisement(chart, 'services', {
 *   cilium,
 *   advertisements: [{ advertisementType: 'Service', service: { addresses: ['LoadBalancerIP'] }, selector: 'all' }],
 * });
 * ```
 *
 * It carries the label `cdk8s-talos-cilium/advertisement` with its name, by which a `BgpPeer` finds it.
 */
export class BgpAdvertisement extends CustomResource<BgpAdvertisementProps> {
  constructor(scope: Construct, id: string, props: BgpAdvertisementProps) {
    super(scope, id, bgpAdvertisement, withAdvertisementLabel(id, props));
  }
}

/**
 * How nodes talk to routers, and what they announce to them.
 *
 * ```ts
 * const rack = new BgpPeer(chart, 'rack', {
 *   cilium,
 *   gracefulRestart: { enabled: true },
 *   families: [{ afi: 'ipv4', safi: 'unicast', advertisements: [services] }],
 * });
 * ```
 */
export class BgpPeer extends CustomResource<BgpPeerProps> {
  constructor(scope: Construct, id: string, props: BgpPeerProps) {
    super(scope, id, bgpPeer, props);
  }
}

/**
 * Which nodes talk to which routers.
 *
 * ```ts
 * new BgpCluster(chart, 'fabric', {
 *   cilium,
 *   bgpInstances: [
 *     { name: 'rack', localASN: 65010, peers: [{ name: 'tor', peerASN: 65000, peerAddress: '10.0.0.1', peerConfigRef: rack }] },
 *   ],
 * });
 * ```
 */
export class BgpCluster extends CustomResource<BgpClusterProps> {
  constructor(scope: Construct, id: string, props: BgpClusterProps) {
    super(scope, id, bgpCluster, props);
  }
}

/**
 * What one node does otherwise than its `BgpCluster` says; its name is that of the node.
 *
 * ```ts
 * new BgpNodeOverride(chart, 'worker-1', { cilium, bgpInstances: [{ name: 'rack', routerID: '10.255.0.1' }] });
 * ```
 */
export class BgpNodeOverride extends CustomResource<BgpNodeOverrideProps> {
  constructor(scope: Construct, id: string, props: BgpNodeOverrideProps) {
    super(scope, id, bgpNodeOverride, props);
  }
}
