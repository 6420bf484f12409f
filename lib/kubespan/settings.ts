import { agentImage } from '../cilium/reference';
import type { ICilium } from '../cilium/reference';
import type { Acknowledgements } from '../rules/acknowledge';
import type { TalosFacts } from '../talos/cluster/facts';
import { parseCidr } from '../kubernetes/cidr';
import type { JsonObject } from '../kubernetes/json';
import { talosHas } from '../talos/cluster/versions';

/** Props of `KubeSpanRoutes`. */
export interface KubeSpanRoutesProps {
  /** The Cilium whose pod packets are routed. */
  readonly cilium: ICilium;
  /** The Talos cluster: its pod ranges are routed, its release decides what is needed. */
  readonly talos: TalosFacts;
  /**
   * Keep a route to every pod range through KubeSpan in the main table of each node. Cilium's datapath looks routes up
   * without KubeSpan's mark; without this, packets that it forwards to a pod of another node leave in the clear.
   * @default true
   */
  readonly routePodSubnets?: boolean;
  /**
   * Keep an address with the node's mask on `cilium_host`, from which KubeSpan learns the node's pod range.
   * @default - true below Talos 1.12.4; from there on Talos reads the range from the Node object
   */
  readonly announcePodSubnets?: boolean;
  /**
   * Image with bash 5 and iproute2, `repository:tag@sha256:…`.
   * @default - the agent image of that Cilium, pinned by digest: every node has it already
   */
  readonly image?: string;
  /**
   * Name of the DaemonSet.
   * @default kubespan-routes
   */
  readonly name?: string;
  /**
   * Seconds between two checks of a node, 1 to 60: a link that came back may lack its route for that long.
   * @default 5
   */
  readonly intervalSeconds?: number;
  /**
   * Requests and limits of the container.
   * @default - 10m CPU and 24Mi memory requested, 64Mi memory at most
   */
  readonly resources?: JsonObject;
  /** Warnings that are accepted: the id of each with the reason. @default - none */
  readonly acknowledge?: Acknowledgements;
}

/** One pod range as `ip` prints it, and the mask of one node's share of it. */
export interface PodSubnet {
  readonly cidr: string;
  readonly nodeMask: number;
}

/** Settings of the DaemonSet: every default filled in, ranges in their canonical spelling. */
export interface RouteSettings {
  readonly name: string;
  readonly image: string | undefined;
  /** Without invalid ranges, which a rule reports. */
  readonly podSubnets: readonly PodSubnet[];
  readonly route: boolean;
  readonly announce: boolean;
  readonly interval: number;
  readonly resources: JsonObject;
}

/** Fills in the defaults. */
export function routeSettings(props: KubeSpanRoutesProps): RouteSettings {
  const { talos } = props;
  const masks = { v4: talos.nodeCIDRMaskSizeIPv4 ?? 24, v6: talos.nodeCIDRMaskSizeIPv6 ?? 64 };
  return {
    name: props.name ?? 'kubespan-routes',
    image: props.image ?? agentImage(props),
    podSubnets: talos.podSubnets.flatMap((cidr) => podSubnet(cidr, masks) ?? []),
    route: props.routePodSubnets ?? true,
    announce: props.announcePodSubnets ?? !talosHas(talos.talosVersion, 'kubespan-announces-node-pod-cidrs'),
    interval: props.intervalSeconds ?? 5,
    resources: props.resources ?? { requests: { cpu: '10m', memory: '24Mi' }, limits: { memory: '64Mi' } },
  };
}

/** A pod range in the spelling that `ip route` prints; `undefined` when the text is not a CIDR. */
export function podSubnet(text: string, masks: { readonly v4: number; readonly v6: number }): PodSubnet | undefined {
  const range = text.includes('/') ? parseCidr(text) : undefined;
  return range === undefined ? undefined : { cidr: range.network, nodeMask: range.family === 4 ? masks.v4 : masks.v6 };
}
