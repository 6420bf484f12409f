import { REFERENCE, referredName } from '../../resource/references';
import type { ResourceKind } from '../../resource/kind';
import type {
  CiliumNetworkPolicyEgress,
  CiliumNetworkPolicyEgressDeny,
  CiliumNetworkPolicyIngress,
  CiliumNetworkPolicyIngressDeny,
  CiliumNetworkPolicyPort,
  CiliumNetworkPolicyRules,
  CiliumNetworkPolicySpec,
  CiliumNetworkPolicyToCIDRSet,
  CiliumNetworkPolicyToFQDN,
  CiliumNetworkPolicyToPort,
} from '../../../imports/cilium.io';
import { isMap } from '../../kubernetes/json';
import type { Json, JsonObject } from '../../kubernetes/json';
import type { LabelSelector } from '../../kubernetes/selector';

/**
 * A port: `443`, `'443/TCP'`, `'8000-8010/TCP'`, `'http/TCP'` (the name of a container's port), or Cilium's own form. Without
 * a protocol TCP, UDP and SCTP are meant; rules about HTTP and TLS need `TCP`. `0` stands for every port.
 */
export type PolicyPort =
  number | string | (Omit<CiliumNetworkPolicyPort, 'port'> & { readonly port?: number | string });

/** A DNS name: `'api.example.com'`, a pattern such as `'*.example.com'`, or Cilium's own form. */
export type DnsName = string | CiliumNetworkPolicyToFQDN;

/** A network, or a group of networks by name, by its `CidrGroup` construct, or by labels. */
export interface CidrRule extends Omit<CiliumNetworkPolicyToCIDRSet, 'cidrGroupRef'> {
  /** Networks inside of `cidr` that are not meant. */
  readonly except?: readonly string[];
  /** A `CidrGroup`, or its name. */
  readonly cidrGroupRef?: string | { readonly name: string };
}

/** Rules about what is said on a connection; one protocol only. */
export interface L7Rules extends Omit<CiliumNetworkPolicyRules, 'dns'> {
  /** Names that may be asked for, `['*']` for all. Answers are remembered for `toFQDNs`. */
  readonly dns?: readonly DnsName[];
}

/** Ports, and what may be said on them. */
export interface PortRule extends Omit<CiliumNetworkPolicyToPort, 'ports' | 'rules'> {
  readonly ports?: readonly PolicyPort[];
  readonly rules?: L7Rules;
}

/** Ports that are closed. */
export interface PortDenyRule {
  readonly ports?: readonly PolicyPort[];
}

/** Who may reach the selected endpoints; of the `from…` fields only one may be given. Without any, everybody is meant where ports are given. */
export interface IngressRule extends Omit<CiliumNetworkPolicyIngress, 'fromCIDRSet' | 'toPorts'> {
  readonly fromCIDRSet?: readonly CidrRule[];
  readonly toPorts?: readonly PortRule[];
}

/** Who may not reach the selected endpoints, whatever other rules say. */
export interface IngressDenyRule extends Omit<CiliumNetworkPolicyIngressDeny, 'fromCIDRSet' | 'toPorts'> {
  readonly fromCIDRSet?: readonly CidrRule[];
  readonly toPorts?: readonly PortDenyRule[];
}

/** What the selected endpoints may reach; of the `to…` fields beside `toPorts` only one may be given. */
export interface EgressRule extends Omit<CiliumNetworkPolicyEgress, 'toCIDRSet' | 'toFQDNs' | 'toPorts'> {
  readonly toCIDRSet?: readonly CidrRule[];
  /** Names whose addresses may be reached, once a rule with `dns` has let the name be asked for. */
  readonly toFQDNs?: readonly DnsName[];
  readonly toPorts?: readonly PortRule[];
}

/** What the selected endpoints may not reach, whatever other rules say. */
export interface EgressDenyRule extends Omit<CiliumNetworkPolicyEgressDeny, 'toCIDRSet' | 'toPorts'> {
  readonly toCIDRSet?: readonly CidrRule[];
  readonly toPorts?: readonly PortDenyRule[];
}

/** One set of rules with the endpoints that it is for. */
export interface PolicyRules extends Omit<
  CiliumNetworkPolicySpec,
  'ingress' | 'ingressDeny' | 'egress' | 'egressDeny'
> {
  /** The pods it is for; `{}` for all of the namespace, or, clusterwide, of the cluster. */
  readonly endpointSelector?: LabelSelector;
  /** The nodes it is for, clusterwide only; needs Cilium's host firewall. */
  readonly nodeSelector?: LabelSelector;
  /** Traffic to them that is let through; all other is dropped. `[{}]` drops everything, `[]` is nothing. */
  readonly ingress?: readonly IngressRule[];
  /** Traffic to them that is dropped. Without `enableDefaultDeny: { ingress: false }` all other is dropped, too, unless a rule lets it through. */
  readonly ingressDeny?: readonly IngressDenyRule[];
  /** Traffic from them that is let through; all other is dropped. `[{}]` drops everything, `[]` is nothing. */
  readonly egress?: readonly EgressRule[];
  /** Traffic from them that is dropped. Without `enableDefaultDeny: { egress: false }` all other is dropped, too, unless a rule lets it through. */
  readonly egressDeny?: readonly EgressDenyRule[];
}

/** The rules of a policy: one set as fields of its own, several under `specs`, or both. */
export interface PolicyBody extends PolicyRules {
  /** More sets of rules, each with its endpoints. @default - none */
  readonly specs?: readonly PolicyRules[];
}

/** Rules in Cilium's own form. Never throws: what has the wrong shape stays as it is. */
export function writtenBody({ specs, ...rules }: JsonObject): {
  readonly spec?: JsonObject;
  readonly specs?: JsonObject[];
} {
  const lone = Object.values(rules).every((value) => value === undefined) && specs !== undefined;
  return {
    ...(lone ? {} : { spec: writtenRules(rules) as JsonObject }),
    ...(specs === undefined ? {} : { specs: eachOf(specs, writtenRules) as unknown as JsonObject[] }),
  };
}

const SIDES = ['ingress', 'ingressDeny', 'egress', 'egressDeny'] as const;

function writtenRules(rules: Json): Json {
  return changed(rules, Object.fromEntries(SIDES.map((side) => [side, (list) => eachOf(list, writtenRule)])));
}

function writtenRule(rule: Json): Json {
  return changed(rule, {
    toPorts: (list) => eachOf(list, writtenPorts),
    fromCIDRSet: (list) => eachOf(list, writtenCidr),
    toCIDRSet: (list) => eachOf(list, writtenCidr),
    toFQDNs: (list) => eachOf(list, writtenName),
  });
}

function writtenPorts(rule: Json): Json {
  return changed(rule, {
    ports: (list) => eachOf(list, writtenPort),
    rules: (rules) => changed(rules, { dns: (list) => eachOf(list, writtenName) }),
  });
}

function writtenPort(port: Json): Json {
  if (Number.isFinite(port)) return { port: String(port) };
  if (typeof port !== 'string')
    return changed(port, { port: (number) => (Number.isFinite(number) ? String(number) : number) });
  const [name = '', protocol] = port.split('/', 2);
  const [, from, to] = /^(\d+)-(\d+)$/.exec(name) ?? [];
  return {
    port: from ?? name,
    ...(to === undefined ? {} : { endPort: Number(to) }),
    ...(protocol === undefined ? {} : { protocol }),
  };
}

function writtenName(name: Json): Json {
  if (typeof name !== 'string') return name;
  return name.includes('*') ? { matchPattern: name } : { matchName: name };
}

function writtenCidr(rule: Json): Json {
  // A construct has many more fields than its name.
  return changed(rule, { cidrGroupRef: (group) => referredName(group) ?? group });
}

/** Shapes of what stands for something else in the schema. */
export const RULE_FORMS: NonNullable<ResourceKind['forms']> = ['', 'specs[].'].flatMap((above) =>
  ['ingress', 'ingressDeny', 'egress', 'egressDeny'].map((list) => {
    const peers = list.startsWith('ingress') ? 'fromCIDRSet' : 'toCIDRSet';
    return [`${above}${list}[].${peers}[].cidrGroupRef`, REFERENCE] as const;
  }),
);

function eachOf(list: Json, write: (item: Json) => Json): Json {
  return Array.isArray(list) ? (list as readonly Json[]).map(write) : list;
}

/** A map with some of its fields changed, those that are there. */
function changed(value: Json, changes: Readonly<Record<string, (field: Json) => Json>>): Json {
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      const change = Object.hasOwn(changes, name) ? changes[name] : undefined;
      return [name, field === undefined || field === null || change === undefined ? field : change(field)];
    }),
  );
}
