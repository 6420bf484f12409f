import type { Need } from '../../resource/kind';

interface Other {
  readonly subject: string;
  readonly props: object;
}

/** Cilium's page about BGP. */
export const BGP_DOCS = 'https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/';

/** What every BGP resource needs. */
export const CONTROL_PLANE: Need = {
  rule: 'control-plane-off',
  path: 'bgpControlPlane.enabled',
  message: "Cilium's BGP control plane is off, so the resource has no effect.",
};

/** Values with the control plane on. */
export const ON = { bgpControlPlane: { enabled: true } } as const;

/** A router. */
export const TOR = { name: 'tor', peerASN: 65000, peerAddress: '10.0.0.1', peerConfigRef: { name: 'rack' } } as const;

/** A family with a selector of Cilium's own kind. */
export const V4 = { afi: 'ipv4', safi: 'unicast', advertisements: { matchLabels: { advertise: 'bgp' } } } as const;

/** A cluster config with an instance and a peer, which has the AS number given and the config `rack`. */
export function clusterWith(peerASN: number): Other {
  return {
    subject: 'bgp-cluster',
    props: { bgpInstances: [{ name: 'rack', localASN: 65010, peers: [{ ...TOR, peerASN }] }] },
  };
}

/** The peer config `rack`; it announces what is given. */
export function peerWith(advertisements: object): Other {
  return { subject: 'bgp-peer', props: { name: 'rack', families: [{ ...V4, advertisements }] } };
}

/** An advertisement with a name and labels. */
export function advertisementWith(name: string, labels?: Readonly<Record<string, string>>): Other {
  return {
    subject: 'bgp-advertisement',
    props: { name, metadata: { labels }, advertisements: [{ advertisementType: 'PodCIDR' }] },
  };
}

/** Addresses of load balancers, announced for all Services. */
export const LOAD_BALANCERS = {
  advertisementType: 'Service',
  service: { addresses: ['LoadBalancerIP'] },
  selector: 'all',
} as const;
