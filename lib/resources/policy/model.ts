import type {
  CiliumNetworkPolicyEgress,
  CiliumNetworkPolicyHttp,
  CiliumNetworkPolicyIngress,
  CiliumNetworkPolicyPort,
  CiliumNetworkPolicySpec,
  CiliumNetworkPolicyToCIDRSet,
  CiliumNetworkPolicyToPort,
} from '../../../imports/cilium.io';
import { addressFamily, networkOf } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import { isMap } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import type { LabelExpression, LabelSelector } from '../../kubernetes/selector';
import { each } from '../../resource/each';
import { othersOf } from '../../resource/kind';
import type { Others, ReadResource } from '../../resource/kind';
import { writtenBody } from './body';
import { conditions } from '../../resource/label-conditions';
import type { AnyPolicyProps, PolicyBody } from './props';

/** To the selected endpoints, or from them. */
export type Direction = 'ingress' | 'egress';

export const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

/** What rules read of a policy. Parts of the wrong shape are left out. */
export interface PolicyModel {
  readonly sets: readonly RuleSet[];
  /** The rules of all sets. */
  readonly rules: readonly TrafficRule[];
  /** The `toPorts` items of all rules. */
  readonly toPorts: readonly ToPorts[];
}

/** One set of rules in Cilium's own form. */
export interface RuleSet {
  /** `''`, or `specs[0]`. */
  readonly at: string;
  readonly spec: CiliumNetworkPolicySpec;
  readonly endpoints: PlacedSelector | undefined;
  readonly nodes: PlacedSelector | undefined;
  /** Those of the four lists of rules that are given. */
  readonly lists: readonly { readonly at: string; readonly direction: Direction; readonly length: number }[];
  readonly rules: readonly TrafficRule[];
  /** Directions in which traffic that no rule allows is dropped. */
  readonly defaultDeny: readonly Direction[];
}

/** An ingress, egress, ingressDeny or egressDeny rule; fields of the other direction are never set. */
export interface TrafficRule {
  /** `egress[1]`, `specs[0].ingressDeny[2]`. */
  readonly at: string;
  readonly direction: Direction;
  readonly deny: boolean;
  readonly fields: CiliumNetworkPolicyIngress & CiliumNetworkPolicyEgress;
  readonly set: RuleSet;
  /** The lists of peers that are given. */
  readonly peers: readonly PeerList[];
  /** Selectors of pods and nodes among the peers. */
  readonly selectors: readonly PlacedSelector[];
  readonly cidrs: readonly PlacedCidr[];
  readonly cidrSets: readonly CidrSet[];
  readonly services: readonly ServicePeer[];
  readonly names: readonly PlacedName[];
  readonly toPorts: readonly ToPorts[];
}

/** One list of peers of a rule. */
export interface PeerList {
  /** `fromEndpoints` */
  readonly name: string;
  readonly at: string;
  readonly length: number;
}

/** A selector of pods or nodes, with its conditions on plain label keys. */
export interface PlacedSelector {
  readonly at: string;
  readonly selector: LabelSelector;
  readonly conditions: readonly LabelExpression[];
  readonly nodes: boolean;
}

/** A CIDR that can be read. */
export interface PlacedCidr {
  readonly at: string;
  readonly text: string;
  readonly network: Cidr;
  /** Listed under `except`. */
  readonly excepted: boolean;
}

/** An item of `fromCIDRSet` or `toCIDRSet`. */
export interface CidrSet {
  readonly at: string;
  readonly item: CiliumNetworkPolicyToCIDRSet;
  readonly cidr: PlacedCidr | undefined;
  readonly except: readonly PlacedCidr[];
}

/** An item of `toServices`. */
export interface ServicePeer {
  readonly at: string;
  readonly item: NonNullable<CiliumNetworkPolicyEgress['toServices']>[number];
  /** Name of the Service; `''` where it is selected by labels, or not named. */
  readonly name: string;
  readonly namespace: string | undefined;
}

/** A name or pattern under `toFQDNs`, or in `dns` rules. */
export interface PlacedName {
  readonly at: string;
  readonly matchName: string;
  readonly matchPattern: string;
  /** Set where the name is an IP address. */
  readonly family: 4 | 6 | undefined;
}

/** One item of `toPorts`. */
export interface ToPorts {
  /** `egress[1].toPorts[0]`. */
  readonly at: string;
  readonly item: CiliumNetworkPolicyToPort;
  readonly rule: TrafficRule;
  readonly ports: readonly PlacedPort[];
  readonly http: readonly { readonly at: string; readonly rule: CiliumNetworkPolicyHttp }[];
  readonly dns: readonly PlacedName[];
  /** It has layer 7 rules; empty lists do not count. */
  readonly hasL7Rules: boolean;
}

/** One port, or a range of ports. */
export interface PlacedPort {
  readonly at: string;
  /** As written; `''` when it is missing. */
  readonly port: string;
  readonly protocol: CiliumNetworkPolicyPort['protocol'];
  /** 0 when it is not a range. */
  readonly endPort: number;
  /** `undefined` for a named port; 0 to 0 when no port is given. */
  readonly range: { readonly first: number; readonly last: number } | undefined;
  readonly toPorts: ToPorts;
}

/** Reads a policy. Never throws. */
export function readPolicy(props: PolicyBody): PolicyModel {
  const { spec, specs } = writtenBody(fieldsOf(props));
  const sets = [...(isMap(spec) ? [readSet(spec, '')] : []), ...each(specs, 'specs', readSet)];
  const rules = sets.flatMap((set) => set.rules);
  return { sets, rules, toPorts: rules.flatMap(({ toPorts }) => toPorts) };
}

const FIELDS: Readonly<Record<keyof PolicyBody, true>> = {
  description: true,
  egress: true,
  egressDeny: true,
  enableDefaultDeny: true,
  endpointSelector: true,
  ingress: true,
  ingressDeny: true,
  labels: true,
  log: true,
  nodeSelector: true,
  specs: true,
};

function fieldsOf(props: PolicyBody): JsonObject {
  return Object.fromEntries(Object.entries(props).filter(([name]) => Object.hasOwn(FIELDS, name))) as JsonObject;
}

const LISTS = [
  ['ingress', 'ingress', false],
  ['ingressDeny', 'ingress', true],
  ['egress', 'egress', false],
  ['egressDeny', 'egress', true],
] as const satisfies readonly (readonly [name: string, direction: Direction, deny: boolean])[];

function readSet(spec: CiliumNetworkPolicySpec, at: string): RuleSet {
  const rules: TrafficRule[] = [];
  const lists = LISTS.flatMap(([name, direction]) => {
    const list: unknown = spec[name];
    return Array.isArray(list) ? [{ at: within(at, name), direction, length: list.length }] : [];
  });
  const set: RuleSet = {
    at,
    spec,
    endpoints: readSelector(spec.endpointSelector, within(at, 'endpointSelector'), false),
    nodes: readSelector(spec.nodeSelector, within(at, 'nodeSelector'), true),
    lists,
    rules,
    defaultDeny: DIRECTIONS.filter(
      (direction) =>
        lists.some((list) => list.direction === direction && list.length > 0) &&
        spec.enableDefaultDeny?.[direction] !== false,
    ),
  };
  for (const [name, direction, deny] of LISTS)
    rules.push(
      ...each(spec[name], within(at, name), (fields, place) => readRule(fields, place, { direction, deny, set })),
    );
  return set;
}

/** A path below another one. */
export function within(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
}

function readSelector(selector: LabelSelector | undefined, at: string, nodes: boolean): PlacedSelector | undefined {
  return isMap(selector) ? { at, selector, conditions: conditions(selector), nodes } : undefined;
}

const PEERS = {
  ingress: ['fromEndpoints', 'fromCIDR', 'fromCIDRSet', 'fromEntities', 'fromNodes', 'fromGroups'],
  egress: ['toEndpoints', 'toCIDR', 'toCIDRSet', 'toEntities', 'toNodes', 'toGroups', 'toServices', 'toFQDNs'],
} as const satisfies Readonly<Record<Direction, readonly (keyof TrafficRule['fields'])[]>>;

function readRule(
  fields: TrafficRule['fields'],
  at: string,
  { direction, deny, set }: Pick<TrafficRule, 'direction' | 'deny' | 'set'>,
): TrafficRule {
  const toPorts: ToPorts[] = [];
  const cidrSets = (['fromCIDRSet', 'toCIDRSet'] as const).flatMap((name) =>
    each(fields[name], `${at}.${name}`, readCidrSet),
  );
  const rule: TrafficRule = {
    at,
    direction,
    deny,
    fields,
    set,
    peers: PEERS[direction].flatMap((name) => {
      const list: unknown = fields[name];
      return Array.isArray(list) ? [{ name, at: `${at}.${name}`, length: list.length }] : [];
    }),
    selectors: (['fromEndpoints', 'toEndpoints', 'fromNodes', 'toNodes'] as const).flatMap((name) =>
      each(fields[name], `${at}.${name}`, (selector, place) =>
        readSelector(selector, place, name.endsWith('Nodes')),
      ).filter((selector) => selector !== undefined),
    ),
    cidrs: [
      ...(['fromCIDR', 'toCIDR'] as const).flatMap((name) => readCidrs(fields[name], `${at}.${name}`, false)),
      ...cidrSets.flatMap(({ cidr, except }) => [...(cidr === undefined ? [] : [cidr]), ...except]),
    ],
    cidrSets,
    services: each(fields.toServices, `${at}.toServices`, readService),
    names: each(fields.toFQDNs, `${at}.toFQDNs`, readName),
    toPorts,
  };
  toPorts.push(...each(fields.toPorts, `${at}.toPorts`, (item, place) => readToPorts(item, place, rule)));
  return rule;
}

function readCidrSet(item: CiliumNetworkPolicyToCIDRSet, at: string): CidrSet {
  const [cidr] = readCidrs([item.cidr], at, false);
  return {
    at,
    item,
    cidr: cidr === undefined ? undefined : { ...cidr, at: `${at}.cidr` },
    except: readCidrs(item.except, `${at}.except`, true),
  };
}

function readCidrs(list: unknown, at: string, excepted: boolean): readonly PlacedCidr[] {
  if (!Array.isArray(list)) return [];
  return (list as readonly unknown[]).flatMap((text, i) => {
    const network = typeof text === 'string' ? networkOf(text) : undefined;
    return network === undefined ? [] : [{ at: `${at}[${String(i)}]`, text: text as string, network, excepted }];
  });
}

function readService(item: ServicePeer['item'], at: string): ServicePeer {
  const { k8sService, k8sServiceSelector } = item;
  const name = k8sServiceSelector === undefined ? (k8sService?.serviceName ?? '') : '';
  const { namespace = '' } = k8sServiceSelector ?? k8sService ?? {};
  return { at, item, name, namespace: namespace === '' ? undefined : namespace };
}

function readName({ matchName = '', matchPattern = '' }: Partial<PlacedName>, at: string): PlacedName {
  return { at, matchName, matchPattern, family: typeof matchName === 'string' ? addressFamily(matchName) : undefined };
}

function readToPorts(item: CiliumNetworkPolicyToPort, at: string, rule: TrafficRule): ToPorts {
  const { http, dns, kafka, l7 }: NonNullable<CiliumNetworkPolicyToPort['rules']> = item.rules ?? {};
  const ports: PlacedPort[] = [];
  const toPorts: ToPorts = {
    at,
    item,
    rule,
    ports,
    http: each(http, `${at}.rules.http`, (one, place) => ({ at: place, rule: one })),
    dns: each(dns, `${at}.rules.dns`, readName),
    hasL7Rules: [http, dns, kafka, l7].some((list) => Array.isArray(list) && list.length > 0),
  };
  ports.push(...each(item.ports, `${at}.ports`, (port, place) => readPort(port, place, toPorts)));
  return toPorts;
}

function readPort(
  { port = '', protocol, endPort = 0 }: Partial<CiliumNetworkPolicyPort>,
  at: string,
  toPorts: ToPorts,
): PlacedPort {
  const first = /^\d*$/.test(port) ? Number(port) : undefined;
  const range = first === undefined ? undefined : { first, last: Math.max(first, endPort) };
  return { at, port, protocol, endPort, range, toPorts };
}

/** Whether a port, or `0` for every port, includes a number. A named port may be any. */
export function includesPort({ range }: PlacedPort, wanted: number): boolean {
  return range === undefined || range.first === 0 || (range.first <= wanted && range.last >= wanted);
}

/** The network policies among resources. */
export function policiesAmong(resources: Others): readonly ReadResource<AnyPolicyProps, PolicyModel>[] {
  return ['network-policy', 'clusterwide-network-policy'].flatMap((subject) =>
    othersOf<AnyPolicyProps, PolicyModel>(resources, subject),
  );
}
