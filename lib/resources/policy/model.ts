import type { PolicyBody } from './props';
import type {
  CiliumNetworkPolicyEgress,
  CiliumNetworkPolicyHttp,
  CiliumNetworkPolicyIngress,
  CiliumNetworkPolicyPort,
  CiliumNetworkPolicySpec,
  CiliumNetworkPolicyToPort,
} from '../../../imports/cilium.io';
import type { Resource } from '../../resource/kind';
import type { JsonObject } from '../../kubernetes/json';
import type { LabelSelector } from '../../kubernetes/selector';
import { writtenBody } from './body';

/** Traffic to the endpoints, or from them. */
export type Direction = 'ingress' | 'egress';

/** One set of rules in Cilium's own form, with its place. */
export interface RuleSet {
  /** `''`, or `specs[0]`. */
  readonly at: string;
  readonly rules: CiliumNetworkPolicySpec;
}

/** One rule in Cilium's own form: fields of the other direction are never there. */
export interface Rule {
  /** `egress[1]`, `specs[0].ingressDeny[2]`. */
  readonly at: string;
  readonly direction: Direction;
  readonly deny: boolean;
  readonly rule: CiliumNetworkPolicyIngress & CiliumNetworkPolicyEgress;
  readonly set: RuleSet;
}

/** One item of `toPorts`, in Cilium's own form. */
export interface Ports {
  /** `egress[1].toPorts[0]`. */
  readonly at: string;
  readonly item: CiliumNetworkPolicyToPort;
  readonly of: Rule;
}

/** A policy of the app, namespaced or not. */
export interface Policy {
  readonly name: string;
  /** `undefined` for one that is clusterwide. */
  readonly namespace: string | undefined;
  readonly sets: readonly RuleSet[];
}

const read = new WeakMap<object, readonly RuleSet[]>();

/** The sets of rules of a policy. */
export function ruleSets(props: PolicyBody): readonly RuleSet[] {
  const known = read.get(props);
  if (known !== undefined) return known;
  const { spec, specs = [] } = writtenBody(fieldsOf(props)) as {
    readonly spec?: CiliumNetworkPolicySpec;
    readonly specs?: readonly CiliumNetworkPolicySpec[];
  };
  const sets = [
    ...(spec === undefined ? [] : [{ at: '', rules: spec }]),
    ...specs.map((rules, i) => ({ at: `specs[${String(i)}]`, rules })),
  ];
  read.set(props, sets);
  return sets;
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

/** The four lists of rules. */
export const LISTS = [
  ['ingress', 'ingress', false],
  ['ingressDeny', 'ingress', true],
  ['egress', 'egress', false],
  ['egressDeny', 'egress', true],
] as const satisfies readonly (readonly [name: string, direction: Direction, deny: boolean])[];

/** Every rule of a policy. */
export function rulesOf(props: PolicyBody): readonly Rule[] {
  return ruleSets(props).flatMap(rulesOfSet);
}

/** Every rule of one set. */
export function rulesOfSet(set: RuleSet): readonly Rule[] {
  return LISTS.flatMap(([name, direction, deny]) =>
    (set.rules[name] ?? []).map((rule, i) => ({
      at: within(set.at, `${name}[${String(i)}]`),
      direction,
      deny,
      rule,
      set,
    })),
  );
}

/** Every item of `toPorts` of a policy. */
export function portsOf(props: PolicyBody): readonly Ports[] {
  return rulesOf(props).flatMap(portsOfRule);
}

/** Every item of `toPorts` of one rule. */
export function portsOfRule(of: Rule): readonly Ports[] {
  return (of.rule.toPorts ?? []).map((item, i) => ({ at: `${of.at}.toPorts[${String(i)}]`, item, of }));
}

/** Every single port of a policy, with its place. */
export function eachPort(
  props: PolicyBody,
): readonly { readonly at: string; readonly port: CiliumNetworkPolicyPort; readonly of: Ports }[] {
  return portsOf(props).flatMap((of) =>
    (of.item.ports ?? []).map((port, i) => ({ at: `${of.at}.ports[${String(i)}]`, port, of })),
  );
}

/** Every rule about HTTP of a policy, with its place. */
export function httpOf(props: PolicyBody): readonly { readonly at: string; readonly rule: CiliumNetworkPolicyHttp }[] {
  return portsOf(props).flatMap(({ at, item: { rules } }) =>
    (rules?.http ?? []).map((rule, i) => ({ at: `${at}.rules.http[${String(i)}]`, rule })),
  );
}

/** A path below another one. */
export function within(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
}

/** Fields that say who is at the other end. */
export const PEERS = {
  ingress: ['fromEndpoints', 'fromCIDR', 'fromCIDRSet', 'fromEntities', 'fromNodes', 'fromGroups'],
  egress: ['toEndpoints', 'toCIDR', 'toCIDRSet', 'toEntities', 'toNodes', 'toGroups', 'toServices', 'toFQDNs'],
} as const satisfies Readonly<Record<Direction, readonly (keyof Rule['rule'])[]>>;

/** The lists of a rule that say who is at the other end, those that are there. */
export function peersOf({
  direction,
  rule,
  at,
}: Rule): readonly { readonly name: string; readonly at: string; readonly list: readonly unknown[] }[] {
  return PEERS[direction].flatMap((name) => {
    const list: readonly unknown[] | undefined = rule[name];
    return list === undefined ? [] : [{ name, at: `${at}.${name}`, list }];
  });
}

/** The selectors of what a policy is for, endpoints or nodes, with their places. */
export function ownSelectors(
  props: PolicyBody,
): readonly { readonly at: string; readonly selector: LabelSelector; readonly nodes: boolean }[] {
  return ruleSets(props).flatMap(({ at, rules }) =>
    (['endpointSelector', 'nodeSelector'] as const).flatMap((name) => {
      const selector = rules[name];
      return selector === undefined ? [] : [{ at: within(at, name), selector, nodes: name === 'nodeSelector' }];
    }),
  );
}

/** The endpoints of other rules in a rule: pods, or nodes. */
export function peerSelectors(
  one: Rule,
): readonly { readonly at: string; readonly selector: LabelSelector; readonly nodes: boolean }[] {
  const lists = ['fromEndpoints', 'toEndpoints', 'fromNodes', 'toNodes'] as const;
  return lists.flatMap((name) =>
    (one.rule[name] ?? []).map((selector, i) => ({
      at: `${one.at}.${name}[${String(i)}]`,
      selector,
      nodes: name.endsWith('Nodes'),
    })),
  );
}

/** Whether rules of a set in a direction drop what no rule lets through. */
export function deniesByDefault({ rules }: RuleSet, direction: Direction): boolean {
  const lists = [rules[direction], rules[`${direction}Deny`]];
  return lists.some((list) => (list ?? []).length > 0) && rules.enableDefaultDeny?.[direction] !== false;
}

const POLICIES: readonly string[] = ['network-policy', 'clusterwide-network-policy'];

/** The network policies among resources. Those of the wrong shape are left out: they are told of where they stand. */
export function policiesAmong(resources: readonly Resource[]): readonly Policy[] {
  return resources
    .filter(({ of }) => POLICIES.includes(of.subject))
    .flatMap(({ of, name, props }) => {
      try {
        const namespace = of.subject === 'network-policy' ? (props.namespace ?? 'default') : undefined;
        const sets = ruleSets(props as PolicyBody);
        sets.forEach((set) => rulesOfSet(set).forEach(portsOfRule));
        return [{ name, namespace, sets }];
      } catch {
        return [];
      }
    });
}
