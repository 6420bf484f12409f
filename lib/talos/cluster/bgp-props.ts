import { boolean, integer, listOf, needed, props, text } from '../../props/shape';
import type { Shape } from '../../props/shape';

/** Bidirectional Forwarding Detection of a neighbor; an empty map has the defaults of Talos. */
export interface TalosBgpBfd {
  /** `300ms`. @default - GoBGP's */
  readonly transmitInterval?: string;
  /** `300ms`. @default - GoBGP's */
  readonly receiveInterval?: string;
  /** From 1 to 255. @default - GoBGP's */
  readonly detectMultiplier?: number;
}

/** A router that the nodes peer with. */
export interface TalosBgpNeighbor {
  /** IP address, for a numbered session. Use this or `link`. */
  readonly address?: string;
  /** Name or alias of a link, for an unnumbered session over IPv6 link-local addresses. */
  readonly link?: string;
  /** AS number of the router. @default - any but that of the instance */
  readonly peerASN?: number;
  /** AS number of the nodes in this session. @default - that of the instance */
  readonly localASN?: number;
  /** Wait for the router to open the session. @default false */
  readonly passive?: boolean;
  /** `9s`: at least 3 seconds. @default 90s */
  readonly holdTime?: string;
  /** @default - off */
  readonly bfd?: TalosBgpBfd;
}

/** The BGP instance of the default routing domain, which peers with the routers: a `BGPInstanceConfig`. */
export interface TalosBgpFabric {
  /** @default fabric */
  readonly name?: string;
  /** AS number of the nodes. Where it differs between nodes, give each its own in a patch with the same `name`. */
  readonly localASN: number;
  /** IPv4 address that identifies one node. @default - the first IPv4 address of the links in `advertise` */
  readonly routerID?: string;
  /** Source address of the routes that Talos installs, an address of each node. @default - the kernel chooses it */
  readonly routeSource?: string;
  /** Links whose addresses the instance originates: `lo`, `dummy0`. @default - none */
  readonly advertise?: readonly string[];
  /** ECMP over routes of several neighbors. @default false */
  readonly multipath?: boolean;
  /** Most next hops of a route with `multipath`, up to 255. @default - GoBGP's */
  readonly maxPaths?: number;
  /** Routes that neighbors announce are installed on the node. @default true */
  readonly installRoutes?: boolean;
  readonly neighbors: readonly TalosBgpNeighbor[];
}

/**
 * The session between Talos and Cilium: a BGP instance in a VRF, which Cilium's agent on the same node peers with over a veth pair. Talos installs
 * none of Cilium's routes; the fabric instance imports those within `prefixes` and announces them to its neighbors. `TalosBgpPeering` makes
 * Cilium's side of it.
 */
export interface TalosBgpWorkload {
  /** @default workload */
  readonly name?: string;
  /** AS number of Talos in the session: `peerASN` on Cilium's side. */
  readonly localASN: number;
  /** AS number of Cilium: `localASN` on Cilium's side. */
  readonly peerASN: number;
  /**
   * The two addresses of the veth pair, a /31 or /127, the same on all nodes: the first is Cilium's, the second that of Talos. In the family of
   * the nodes' own addresses use IPv4 link-local ones, `169.254.179.0/31`: Talos takes others for addresses of the node.
   */
  readonly network: string;
  /** Networks within which the fabric instance imports Cilium's routes: those of address pools, pods. They must not overlap. */
  readonly prefixes: readonly string[];
  /** IPv4 address, which may be the same on all nodes. @default - `routerID` of the fabric instance, or the address of Talos in an IPv4 `network` */
  readonly routerID?: string;
  /** Talos waits for Cilium to open the session, which it always does. @default true */
  readonly passive?: boolean;
  /** `9s`: at least 3 seconds. Cilium gets the same. @default 90s */
  readonly holdTime?: string;
  /** Cilium's end of the veth pair. @default veth-workload */
  readonly link?: string;
  /** Talos' end of the veth pair, in the VRF. @default veth-router */
  readonly routerLink?: string;
  /** @default vrf-workload */
  readonly vrf?: string;
  /** Routing table of the VRF, up to 255. @default 88 */
  readonly table?: number;
}

/** Native BGP of Talos. */
export interface TalosBgpProps {
  readonly fabric: TalosBgpFabric;
  /** @default - none: Talos has no session with Cilium */
  readonly workload?: TalosBgpWorkload;
}

export interface BgpSetting {
  /**
   * Native BGP: the instance that peers with routers, and the session with Cilium. Talos 1.14 or newer. What is given for a role is used whole, in
   * place of what is given for all nodes.
   * @default - none
   */
  readonly bgp?: TalosBgpProps;
}

const IMPORTS = 'Write `workload: { prefixes: [ … ] }`.';

const ASN = integer(1, 4294967295);

/** What props may be. */
export const BGP_SHAPE: Shape<TalosBgpProps> = props<TalosBgpProps>({
  fabric: needed(
    props<TalosBgpFabric>(
      {
        name: text,
        localASN: needed(ASN),
        routerID: text,
        routeSource: text,
        advertise: listOf(text),
        multipath: boolean,
        maxPaths: integer(0, 255),
        installRoutes: boolean,
        neighbors: needed(
          listOf(
            props<TalosBgpNeighbor>({
              address: text,
              link: text,
              peerASN: ASN,
              localASN: ASN,
              passive: boolean,
              holdTime: text,
              bfd: props<TalosBgpBfd>({
                transmitInterval: text,
                receiveInterval: text,
                detectMultiplier: integer(0, 255),
              }),
            }),
          ),
        ),
      },
      {
        elsewhere: { vrf: 'The fabric instance uses the default routing domain: leave it out.', importRoutes: IMPORTS },
      },
    ),
  ),
  workload: props<TalosBgpWorkload>(
    {
      name: text,
      localASN: needed(ASN),
      peerASN: needed(ASN),
      network: needed(text),
      prefixes: needed(listOf(text)),
      routerID: text,
      passive: boolean,
      holdTime: text,
      link: text,
      routerLink: text,
      vrf: text,
      table: integer(1, 255),
    },
    {
      elsewhere: {
        importRoutes: IMPORTS,
        neighbors: 'Cilium is the only neighbor: write `peerASN` and `network`.',
        installRoutes: 'Talos installs none of the routes of Cilium: leave it out.',
      },
    },
  ),
});
