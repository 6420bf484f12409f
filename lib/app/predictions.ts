import { boolean, listOf, needed, number, oneOf, props, text } from '../props/shape';

/** Reasons of LB IPAM in the condition `cilium.io/IPAMRequestSatisfied`. */
const PENDING = [
  'no_pool',
  'pool_selector_mismatch',
  'out_of_ips',
  'already_allocated',
  'already_allocated_incompatible_service',
] as const;

/** What becomes of a Service of type LoadBalancer. */
export interface ServicePrediction {
  /** Path of the Cilium construct of its cluster. */
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** The Gateway or the Ingress that Cilium's operator makes it of: `Gateway shop/web`; left out for a Service that is written. */
  readonly madeOf?: string;
  /**
   * What gives it addresses: LB IPAM (`lbipam`), its nodes (`nodeipam`), a load balancer of another class (`other`), or nothing: its
   * class is switched off (`off`), or Cilium gives addresses only to Services with a class, or LB IPAM is off (`none`).
   */
  readonly ipam: 'lbipam' | 'nodeipam' | 'other' | 'off' | 'none';
  /** Addresses of LB IPAM: those that the Service requests, else one for each of its families. */
  readonly addresses: readonly PredictedAddress[];
  /** What announces the addresses; with `nodeipam` they are those of the nodes, which need no announcement. */
  readonly announcements: readonly PredictedAnnouncement[];
  /** With `nodeipam` the kinds of nodes whose addresses it gets; left out when the cluster is not a TalosCluster. */
  readonly nodes?: readonly string[];
}

/** An address of a Service. */
export interface PredictedAddress {
  readonly family: 'IPv4' | 'IPv6';
  /** The address that the Service requests; left out where LB IPAM chooses. */
  readonly address?: string;
  /** Names of the CiliumLoadBalancerIPPools that it can come from. */
  readonly pools: readonly string[];
  /** Left out when the Service gets it. */
  readonly pending?: PendingAddress;
}

/** Why a Service does not get an address. */
export interface PendingAddress {
  /** The reason of the condition `cilium.io/IPAMRequestSatisfied` of the Service. */
  readonly reason: (typeof PENDING)[number];
  /** `false` where it depends on which of several Services is first. */
  readonly isCertain: boolean;
}

/** What announces the addresses of a Service. */
export interface PredictedAnnouncement {
  /** L2: one of the nodes answers ARP and NDP at a time. BGP: all of them announce routes. */
  readonly by: 'L2' | 'BGP';
  /** `CiliumL2AnnouncementPolicy home`, `CiliumBGPAdvertisement services`. */
  readonly object: string;
  /** Kinds of nodes that may announce them; left out when the cluster is not a TalosCluster. */
  readonly nodes?: readonly string[];
}

/** Pods that cannot start. */
export interface PodPrediction {
  /** Path of the Cilium construct of their cluster. */
  readonly cluster: string;
  /** The object that makes them: `apps/Deployment kube-system/cilium-operator`. */
  readonly object: string;
  /** How many of its pods cannot start; left out for all of them. */
  readonly pending?: number;
  /** Why, one sentence each. */
  readonly reasons: readonly string[];
}

/** What becomes of the Services and pods of an app. */
export interface Prediction {
  /** Services of type LoadBalancer, by cluster, in the order of the app; those that Cilium's operator makes come last. */
  readonly services: readonly ServicePrediction[];
  /** Pods that cannot start, as far as the app shows it; none without a TalosCluster. */
  readonly pods: readonly PodPrediction[];
}

const open = { open: true };
const cluster = needed(text);
const SERVICE = props<ServicePrediction>(
  {
    cluster,
    namespace: needed(text),
    name: needed(text),
    madeOf: text,
    ipam: needed(oneOf('lbipam', 'nodeipam', 'other', 'off', 'none')),
    addresses: needed(
      listOf(
        props<PredictedAddress>(
          {
            family: needed(oneOf('IPv4', 'IPv6')),
            address: text,
            pools: needed(listOf(text)),
            pending: props<PendingAddress>({ reason: needed(oneOf(...PENDING)), isCertain: needed(boolean) }, open),
          },
          open,
        ),
      ),
    ),
    announcements: needed(
      listOf(
        props<PredictedAnnouncement>(
          { by: needed(oneOf('L2', 'BGP')), object: needed(text), nodes: listOf(text) },
          open,
        ),
      ),
    ),
    nodes: listOf(text),
  },
  open,
);

/** The shape of a prediction. */
export const PREDICTION = props<Prediction>(
  {
    services: needed(listOf(SERVICE)),
    pods: needed(
      listOf(
        props<PodPrediction>({ cluster, object: needed(text), pending: number, reasons: needed(listOf(text)) }, open),
      ),
    ),
  },
  open,
);

/** A prediction for people: a line per Service, then the pods that cannot start; '' for one of nothing. */
export function describePrediction({ services, pods }: Prediction): string {
  const clusters = new Set([...services, ...pods].map(({ cluster }) => cluster));
  const rows = services.map((service) => ({ service, label: labelOf(service) }));
  const width = Math.max(...rows.map(({ label }) => label.length), 0);
  return [...clusters]
    .flatMap((cluster) => {
      const own = rows.filter(({ service }) => service.cluster === cluster);
      const stuck = pods.filter((one) => one.cluster === cluster);
      return [
        ...(own.length === 0 ? [] : [`Services of type LoadBalancer [${cluster}]:`]),
        ...own.map(({ service, label }) => `  ${label.padEnd(width)}  ${describeService(service)}`),
        ...(stuck.length === 0 ? [] : [`Pods that cannot start [${cluster}]:`]),
        ...stuck.map(describePods),
      ];
    })
    .join('\n');
}

function labelOf({ namespace, name, madeOf }: ServicePrediction): string {
  return `${namespace}/${name}${madeOf === undefined ? '' : ` (${madeOf})`}`;
}

/** What becomes of a Service, in one line: `192.168.1.201 of pool home; L2 by CiliumL2AnnouncementPolicy home from workers`. */
export function describeService(service: ServicePrediction): string {
  const { ipam, addresses, nodes } = service;
  if (ipam === 'other') return 'another load balancer serves its class';
  if (ipam === 'off') return 'no address: its class is switched off';
  if (ipam === 'none') return 'no address: Cilium gives none';
  if (ipam === 'nodeipam') return `addresses of ${nodes === undefined ? 'nodes' : namesOr(nodes, 'no node')}`;
  const given = addresses.map(describeAddress).join(', ');
  return addresses.every(({ pending }) => pending?.isCertain) ? given : `${given}; ${describeAnnouncements(service)}`;
}

function describeAddress({ family, address, pools, pending }: PredictedAddress): string {
  const what = address ?? `an ${family} address`;
  const from = pools.length === 0 ? '' : ` of ${pools.length === 1 ? 'pool' : 'pools'} ${pools.join(', ')}`;
  if (pending === undefined) return `${what}${from}`;
  return `${what}${from} ${pending.isCertain ? 'stays' : 'may stay'} pending (${pending.reason})`;
}

function describeAnnouncements({ announcements }: ServicePrediction): string {
  if (announcements.length === 0) return 'not announced';
  return announcements
    .map(({ by, object, nodes }) => {
      const from = nodes === undefined ? '' : ` from ${namesOr(nodes, 'no node')}`;
      return `announced by ${by} (${object})${from}`;
    })
    .join(', ');
}

function namesOr(names: readonly string[], none: string): string {
  return names.length === 0 ? none : names.join(' and ');
}

function describePods({ object, pending, reasons }: PodPrediction): string {
  return `  ${object}${pending === undefined ? '' : ` (${String(pending)})`}: ${reasons.join(' ')}`;
}
