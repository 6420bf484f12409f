import { contextOf } from '../../cilium/reference';
import type { Context } from '../../cilium/context';
import { parseDuration } from '../../helm/durations';
import { overlaps } from '../../kubernetes/cidr';
import { CONTROL_PLANE_LABEL } from '../../kubernetes/node-labels';
import type { LabelSelector } from '../../kubernetes/selector';
import { clusterSubnets } from '../../resource/addresses';
import type { ClusterResourceProps } from '../../resource/kind';
import type { BgpPairing } from '../../talos/cluster/bgp-model';
import type { BgpClusterConfigProps, BgpPeerConfigProps, BgpReference, BgpRoutes } from './props';
import { pairingsOf } from './talos';

/** Props of `TalosBgpPeering`. */
export interface TalosBgpPeeringProps extends Pick<
  ClusterResourceProps,
  'cilium' | 'name' | 'metadata' | 'acknowledge'
> {
  /**
   * What Cilium announces to Talos.
   * @default - a BgpAdvertisement of what `bgp.workload.prefixes` hold: pod CIDRs for those of pods, cluster IPs for those of Services, and for
   * others the load balancer IPs of all Services
   */
  readonly advertisements?: readonly BgpReference[];
}

/** Cilium's side of one session with Talos. */
interface PeeringResources {
  /** Id of the constructs below; '' when all nodes have the same session. */
  readonly role: '' | 'control-planes' | 'workers';
  readonly peer: Omit<BgpPeerConfigProps, 'families'>;
  readonly families: readonly ('ipv4' | 'ipv6')[];
  /** The cluster config, when it gets its peer config. */
  readonly cluster: (peer: BgpReference) => BgpClusterConfigProps;
}

/** Cilium's side of the sessions, and what it announces by default. */
export interface Peering {
  readonly routes: readonly BgpRoutes[];
  readonly sessions: readonly PeeringResources[];
}

/** The resources that Cilium needs for its sessions with Talos; none where the cluster has no such session. */
export function peeringOf(name: string, props: TalosBgpPeeringProps): Peering {
  const context = contextOf(props);
  const groups = groupsOf(pairingsOf(context));
  return {
    routes: context === undefined ? [] : routesOf(groups.flat(), context),
    sessions: groups.flatMap((group) => {
      const [pairing] = group;
      return pairing === undefined ? [] : [sessionOf(name, props, pairing, group.length, context)];
    }),
  };
}

/** Pairings that are the same for Cilium, together. */
function groupsOf(pairings: readonly BgpPairing[]): readonly (readonly BgpPairing[])[] {
  const groups = new Map<string, BgpPairing[]>();
  for (const pairing of pairings) {
    const { localASN, peerASN, talosAddress, link, holdTime } = pairing;
    const key = JSON.stringify([localASN, peerASN, talosAddress, link, holdTime, familiesOf(pairing)]);
    groups.set(key, [...(groups.get(key) ?? []), pairing]);
  }
  return [...groups.values()];
}

function familiesOf({ prefixes }: BgpPairing): readonly ('ipv4' | 'ipv6')[] {
  const has = (family: 4 | 6): boolean => prefixes.some(({ network }) => network?.family === family);
  return [...(has(4) ? (['ipv4'] as const) : []), ...(has(6) ? (['ipv6'] as const) : [])];
}

const ROLES = { all: '', controlplane: 'control-planes', worker: 'workers' } as const;

function sessionOf(
  name: string,
  { cilium, metadata }: TalosBgpPeeringProps,
  pairing: BgpPairing,
  roles: number,
  context: Context | undefined,
): PeeringResources {
  // The same session on both roles is one of all nodes.
  const role = roles > 1 ? '' : ROLES[pairing.output];
  const own = role === '' ? name : `${name}-${role}`;
  const common = { cilium, name: own, ...(metadata === undefined ? {} : { metadata }) };
  const { localASN, peerASN, talosAddress, link, holdTime } = pairing;
  const hold = Number((parseDuration(holdTime ?? '0') ?? 0n) / 1_000_000_000n);
  return {
    role,
    families: familiesOf(pairing),
    peer: {
      ...common,
      ...(context?.has('bgp-source-interface') === true ? { transport: { sourceInterface: link } } : {}),
      ...(hold < 3 || hold > 65535
        ? {}
        : { timers: { holdTimeSeconds: hold, keepAliveTimeSeconds: Math.max(1, Math.floor(hold / 3)) } }),
    },
    cluster: (peerConfigRef) => ({
      ...common,
      ...(role === '' ? {} : { nodeSelector: selectorOf(role) }),
      bgpInstances: [
        {
          name: 'talos',
          localASN: peerASN,
          peers: [{ name: 'talos', peerASN: localASN, peerAddress: talosAddress, peerConfigRef }],
        },
      ],
    }),
  };
}

function selectorOf(role: 'control-planes' | 'workers'): LabelSelector {
  const operator = role === 'control-planes' ? 'Exists' : 'DoesNotExist';
  return { matchExpressions: [{ key: CONTROL_PLANE_LABEL, operator }] };
}

/** What the imported prefixes are: pods, Services, or addresses of load balancers. */
function routesOf(pairings: readonly BgpPairing[], context: Context): readonly BgpRoutes[] {
  const subnets = clusterSubnets(context);
  const kinds = pairings.flatMap(({ prefixes }) =>
    prefixes.flatMap(({ network }) => {
      if (network === undefined) return [];
      const held = subnets.filter(({ cidr }) => overlaps(cidr, network)).map(({ of }) => of);
      return held.length === 0 ? (['other'] as const) : held;
    }),
  );
  const addresses = [
    ...(kinds.includes('other') ? (['LoadBalancerIP'] as const) : []),
    ...(kinds.includes('service') ? (['ClusterIP'] as const) : []),
  ];
  return [
    ...(addresses.length === 0
      ? []
      : [{ advertisementType: 'Service', service: { addresses }, selector: 'all' } as const]),
    ...(kinds.includes('pod') ? [{ advertisementType: 'PodCIDR' } as const] : []),
  ];
}
