import type { GatewayListener, GatewayProps, HTTPRouteFilter, HTTPRouteProps, HTTPRouteRule } from './props';
import type { HTTPRouteMatch, HTTPRouteParentRef } from '../../../imports/gateway.networking.k8s.io';
import { othersOf } from '../../resource/kind';
import type { Problem } from '../../rules/rule';
import type { ResourceExample, Subject } from '../../resource/kind';
import type { Resource } from '../../resource/kind';
import { EXAMPLE_GATEWAY, homeOf } from './gateway-model';
import { hostnamesMeet } from './hostnames';

/** Where the Gateway API explains its routes. */
export const ROUTE_DOCS = 'https://gateway-api.sigs.k8s.io/api-types/httproute/';

/** The group of the kinds of the Gateway API. */
export const GATEWAY_GROUP = 'gateway.networking.k8s.io';

/** What the examples' requests are sent to. */
export const EXAMPLE_BACKENDS = [{ name: 'web', port: 8080 }] as const;

/** A route without problems. */
export const EXAMPLE_ROUTE = {
  name: 'web',
  parentRefs: [{ name: 'home' }],
  rules: [{ backendRefs: EXAMPLE_BACKENDS }],
} as const satisfies ResourceExample<HTTPRouteProps>['props'];

/** The gateway of the examples, beside a route. */
export const WITH_GATEWAY = { others: [{ subject: 'gateway', props: EXAMPLE_GATEWAY }] } as const;

/** The example with another rule. */
export function routeWith(rule: HTTPRouteRule): { readonly props: ResourceExample<HTTPRouteProps>['props'] } {
  return { props: { ...EXAMPLE_ROUTE, rules: [{ backendRefs: EXAMPLE_BACKENDS, ...rule }] } };
}

/** Something that is wrong with a rule. */
export function eachRule(
  props: HTTPRouteProps,
  judge: (rule: HTTPRouteRule, path: string) => readonly Problem[],
): readonly Problem[] {
  return (props.rules ?? []).flatMap((rule, i) => judge(rule, `rules[${String(i)}]`));
}

/** The matches of a rule, in full. */
export function matchesOf({ matches = [] }: HTTPRouteRule): readonly HTTPRouteMatch[] {
  return matches.map((match) => (typeof match === 'string' ? { path: { type: 'PathPrefix', value: match } } : match));
}

/** Lists of filters of a rule, with their paths: its own, and those of its backends. */
export function filterLists(
  rule: HTTPRouteRule,
  path: string,
): readonly { readonly path: string; readonly filters: readonly HTTPRouteFilter[] }[] {
  return [
    { path: `${path}.filters`, filters: rule.filters ?? [] },
    ...(rule.backendRefs ?? []).map(({ filters = [] }, i) => ({
      path: `${path}.backendRefs[${String(i)}].filters`,
      filters,
    })),
  ];
}

/** Something that is wrong with a filter. */
export function eachFilter(
  props: HTTPRouteProps,
  judge: (filter: HTTPRouteFilter, path: string, rule: HTTPRouteRule) => readonly Problem[],
): readonly Problem[] {
  return eachRule(props, (rule, path) =>
    filterLists(rule, path).flatMap((list) =>
      list.filters.flatMap((filter, i) => judge(filter, `${list.path}[${String(i)}]`, rule)),
    ),
  );
}

/** A gateway that a route wants to attach to, as far as the app has it. */
export interface Parent {
  readonly path: string;
  readonly ref: HTTPRouteParentRef;
  /** Its namespace: that of the route when none is given. */
  readonly namespace: string;
  /** `undefined` when the app does not have it. */
  readonly gateway: Resource<GatewayProps> | undefined;
  /** Listeners that the reference means; none when the gateway is not there. */
  readonly listeners: readonly GatewayListener[];
}

/** The gateways among the parents of a route. */
export function parentsOf({ props, namespace = 'default', others }: Subject<HTTPRouteProps>): readonly Parent[] {
  const gateways = othersOf<GatewayProps>(others, 'gateway');
  return (props.parentRefs ?? []).flatMap((ref, i): Parent[] => {
    const { name, namespace: theirs = namespace, kind = 'Gateway', group = GATEWAY_GROUP, sectionName, port } = ref;
    if (kind !== 'Gateway' || group !== GATEWAY_GROUP) return [];
    const gateway = gateways.find((one) => one.name === name && homeOf(one) === theirs);
    const listeners = (gateway?.props.listeners ?? []).filter(
      (listener) =>
        (sectionName === undefined || listener.name === sectionName) && (port === undefined || listener.port === port),
    );
    return [{ path: `parentRefs[${String(i)}]`, ref, namespace: theirs, gateway, listeners }];
  });
}

/** Whether a listener takes requests for one of the names of a route. */
export function sharesHostname({ hostnames = [] }: HTTPRouteProps, { hostname }: GatewayListener): boolean {
  return hostname === undefined || hostnames.length === 0 || hostnames.some((one) => hostnamesMeet(one, hostname));
}
