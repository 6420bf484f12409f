import { Construct } from 'constructs';
import { findingsOf } from '../../app/findings';
import { reportFindings } from '../../app/join';
import { CustomResource } from '../../resource/construct';
import type { Finding } from '../../rules/finding';
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
import { peeringOf } from './talos-peering';
import type { TalosBgpPeeringProps } from './talos-peering';
import { TALOS_BGP_PEERING, peeringFindings, readPeering } from './talos-peering-props';

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

/**
 * Cilium's side of its sessions with native BGP of Talos, written from `bgp.workload` of the Talos cluster: a peer config and a cluster config, two of
 * each where control planes and workers differ, and an advertisement of what Talos imports.
 *
 * ```ts
 * const talos = new TalosCluster({
 *   talosVersion: '1.14',
 *   bgp: {
 *     fabric: { localASN: 65001, advertise: ['lo'], neighbors: [{ link: 'enp1s0', peerASN: 65000 }] },
 *     workload: {
 *       localASN: 4200000002,
 *       peerASN: 4200000003,
 *       network: '169.254.179.0/31',
 *       prefixes: ['203.0.113.0/24', '10.244.0.0/16'],
 *     },
 *   },
 * });
 * const cilium = new Cilium(chart, 'cilium', { version: '1.20.2', talos, values: { bgpControlPlane: { enabled: true } } });
 * new TalosBgpPeering(chart, 'talos', { cilium });
 * ```
 *
 * @see https://docs.siderolabs.com/talos/v1.14/networking/bgp/cilium
 */
export class TalosBgpPeering extends Construct {
  /** What Cilium announces; `undefined` when `advertisements` are given. */
  readonly advertisement: BgpAdvertisement | undefined;
  /** One of each session: of all nodes, or of control planes and of workers. */
  readonly peerConfigs: readonly BgpPeerConfig[];
  /** One of each session, as {@link peerConfigs}. */
  readonly clusterConfigs: readonly BgpClusterConfig[];

  constructor(scope: Construct, id: string, props: TalosBgpPeeringProps) {
    super(scope, id);
    const { findings, sound } = readPeering(props);
    const { cilium, metadata, name = id } = sound;
    const { routes, sessions } = peeringOf(name, sound);
    this.advertisement =
      sound.advertisements === undefined && sessions.length > 0
        ? new BgpAdvertisement(this, 'advertisement', {
            cilium,
            name,
            ...(metadata === undefined ? {} : { metadata }),
            advertisements: routes,
          })
        : undefined;
    const advertisements = sound.advertisements ?? [this.advertisement].filter((one) => one !== undefined);
    const made = sessions.map(({ role, peer, families, cluster }) => {
      const within = role === '' ? this : new Construct(this, role);
      const peerConfig = new BgpPeerConfig(within, 'peer', {
        ...peer,
        families: families.map((afi) => ({ afi, safi: 'unicast', advertisements })),
      });
      return { peerConfig, clusterConfig: new BgpClusterConfig(within, 'cluster', cluster(peerConfig)) };
    });
    this.peerConfigs = made.map(({ peerConfig }) => peerConfig);
    this.clusterConfigs = made.map(({ clusterConfig }) => clusterConfig);
    reportFindings(this, {
      subject: TALOS_BGP_PEERING,
      acknowledge: sound.acknowledge,
      find: () => [...findings, ...peeringFindings(sound)],
    });
  }

  /** Errors and warnings, those of its resources excluded; acknowledged warnings are left out. */
  get findings(): readonly Finding[] {
    return findingsOf(this);
  }
}
