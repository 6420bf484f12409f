import type {
  HTTPRouteBackendRef,
  HTTPRouteParentRef,
  HTTPRouteRuleBackendRef,
} from '../../../imports/gateway.networking.k8s.io';
import { isMap } from '../../kubernetes/json';
import type { Json } from '../../kubernetes/json';
import { keyOfPlace, othersWith } from '../../resource/kind';
import type { ReadResource, ResourceProps, Subject } from '../../resource/kind';
import { each, eachItem } from '../../resource/each';
import { GATEWAY_GROUP } from './gateway-model';
import type { GatewayModel, Listener } from './gateway-model';
import { hostnamesOverlap } from '../../kubernetes/hostnames';
import type { HTTPRouteFilter } from './props';

/** The kinds of routes that Cilium supports. */
export type RouteName = 'HTTPRoute' | 'GRPCRoute' | 'TLSRoute' | 'TCPRoute' | 'UDPRoute';

/** What the props of all kinds of routes have, as far as the rules about all of them look at it. */
export interface RouteProps extends ResourceProps {
  readonly parentRefs?: readonly HTTPRouteParentRef[];
  readonly hostnames?: readonly string[];
  readonly rules?: readonly RouteRuleFields[];
}

/** What the rules of all kinds of routes have. */
export interface RouteRuleFields {
  readonly backendRefs?: readonly HTTPRouteRuleBackendRef[];
  readonly filters?: readonly HTTPRouteFilter[];
}

/** What rules read of a route. Parts of the wrong shape are left out. */
export interface RouteModel<R extends RuleModel = RuleModel> {
  readonly parents: readonly ParentRef[];
  readonly hostnames: readonly { readonly at: string; readonly hostname: string }[];
  readonly rules: readonly R[];
  /** The filters of all rules and their backends. */
  readonly filters: readonly PlacedFilter<R>[];
  /** The backends of all rules and their filters. */
  readonly backends: readonly Backend[];
}

export interface ParentRef extends HTTPRouteParentRef {
  readonly at: string;
  readonly kind: string;
  readonly group: string;
}

/** One rule of a route. */
export interface RuleModel {
  readonly at: string;
  readonly fields: RouteRuleFields;
  /** The lists of filters: of the rule itself, and of each backend. */
  readonly filterLists: readonly (readonly PlacedFilter[])[];
  readonly backends: readonly Backend[];
}

/** A match of a rule, in full. */
export interface PlacedMatch<T> {
  readonly at: string;
  readonly match: T;
}

export interface PlacedFilter<R extends RuleModel = RuleModel> {
  readonly at: string;
  readonly filter: HTTPRouteFilter;
  readonly rule: R;
  /** It belongs to a backend, not to the rule. */
  readonly ofBackend: boolean;
}

export interface Backend {
  readonly at: string;
  readonly ref: HTTPRouteBackendRef;
  readonly isService: boolean;
}

/**
 * Reads a route. Never throws.
 * @param more what the rules of the kind have besides.
 */
export function readRouteOf<F extends RouteRuleFields, R extends RuleModel>(
  {
    parentRefs,
    hostnames,
    rules: written,
  }: {
    readonly parentRefs?: readonly HTTPRouteParentRef[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly F[];
  },
  more: (fields: F, at: string) => Omit<R, Exclude<keyof RuleModel, 'fields'>>,
): RouteModel<R> {
  const rules = each(written, 'rules', (fields, at) => readRule(fields, at, more));
  return {
    parents: each(parentRefs, 'parentRefs', (ref, at) => ({
      ...ref,
      at,
      kind: ref.kind ?? 'Gateway',
      group: ref.group ?? GATEWAY_GROUP,
    })),
    hostnames: eachItem(hostnames, 'hostnames', (hostname, at) => ({ at, hostname })).filter(
      ({ hostname }) => typeof hostname === 'string',
    ),
    rules,
    filters: rules.flatMap(({ filterLists }) => filterLists.flat() as unknown as readonly PlacedFilter<R>[]),
    backends: rules.flatMap(({ backends }) => backends),
  };
}

function readRule<F extends RouteRuleFields, R extends RuleModel>(
  fields: F,
  at: string,
  more: (fields: F, at: string) => Omit<R, Exclude<keyof RuleModel, 'fields'>>,
): R {
  const filterLists: (readonly PlacedFilter[])[] = [];
  const backends: Backend[] = [];
  const rule = { ...more(fields, at), at, filterLists, backends } as unknown as R;
  const refs = each(fields.backendRefs, `${at}.backendRefs`, (ref, place) => ({ at: place, ref }));
  const filters = (list: RouteRuleFields['filters'], place: string, ofBackend: boolean): readonly PlacedFilter[] =>
    each(list, `${place}.filters`, (filter, where) => ({ at: where, filter, rule, ofBackend }));
  filterLists.push(filters(fields.filters, at, false), ...refs.map((one) => filters(one.ref.filters, one.at, true)));
  backends.push(
    ...refs.map((one) => readBackend(one.ref, one.at)),
    ...filterLists
      .flat()
      .flatMap(({ at: place, filter: { requestMirror, externalAuth } }) => [
        ...(requestMirror === undefined
          ? []
          : [readBackend(requestMirror.backendRef, `${place}.requestMirror.backendRef`)]),
        ...(externalAuth === undefined
          ? []
          : [readBackend(externalAuth.backendRef, `${place}.externalAuth.backendRef`)]),
      ]),
  );
  return rule;
}

function readBackend(ref: HTTPRouteBackendRef, at: string): Backend {
  const { kind = 'Service', group = '' } = (ref as HTTPRouteBackendRef | undefined) ?? {};
  return { at, ref, isService: kind === 'Service' && group === '' };
}

/** What has listeners: a Gateway, or a ListenerSet. */
export type ListenerOwner = ReadResource<ResourceProps, Pick<GatewayModel, 'listeners'>>;

/** The subject of each kind of parent with listeners. */
export const OWNERS = { Gateway: 'gateway', ListenerSet: 'listener-set' } as const;

/** A gateway or a listener set among the parents of a route, as far as the app has it. */
export interface Parent {
  readonly ref: ParentRef;
  readonly kind: keyof typeof OWNERS;
  /** Its namespace: that of the route when none is given. */
  readonly namespace: string;
  /** `undefined` when the app does not have it. */
  readonly owner: ListenerOwner | undefined;
  /** Listeners that the reference selects; none when the parent is missing. */
  readonly listeners: readonly Listener[];
}

/** The gateways and listener sets among the parents of a route. */
export function parentsOf<P extends RouteProps, M extends RouteModel>({
  model,
  namespace = 'default',
  others,
}: Pick<Subject<P, M>, 'model' | 'namespace' | 'others'>): readonly Parent[] {
  return model.parents.flatMap((ref): readonly Parent[] => {
    const { name, namespace: theirs = namespace, sectionName, port, kind, group } = ref;
    if (group !== GATEWAY_GROUP || !isOwner(kind)) return [];
    const [owner] = othersWith<ResourceProps, Pick<GatewayModel, 'listeners'>>(others, OWNERS[kind], keyOfPlace, [
      `${theirs}/${name}`,
    ]);
    const listeners = (owner?.model.listeners ?? []).filter(
      (listener) =>
        (sectionName === undefined || listener.name === sectionName) && (port === undefined || listener.port === port),
    );
    return [{ ref, kind, namespace: theirs, owner, listeners }];
  });
}

function isOwner(kind: string): kind is keyof typeof OWNERS {
  return Object.hasOwn(OWNERS, kind);
}

/** Whether a listener accepts requests for one of the hostnames of a route. */
export function sharesHostname({ hostnames }: RouteModel, { hostname }: Listener): boolean {
  return (
    hostname === undefined ||
    hostnames.length === 0 ||
    hostnames.some((one) => hostnamesOverlap(one.hostname, hostname))
  );
}

/** The parents of a route as text: equal for the same listeners. */
export function parentKeys({
  model,
  namespace: own,
}: Pick<ReadResource<RouteProps, RouteModel>, 'model' | 'namespace'>): readonly string[] {
  return model.parents.map(({ group, kind, namespace = own, name, sectionName, port }) =>
    JSON.stringify([group, kind, namespace, name, sectionName, port]),
  );
}

/** The listeners of a route with each of its hostnames; `*` where it has none. */
export function placesOf(route: Pick<ReadResource<RouteProps, RouteModel>, 'model' | 'namespace'>): readonly string[] {
  const { hostnames } = route.model;
  const names = hostnames.length === 0 ? ['*'] : hostnames.map(({ hostname }) => hostname);
  return parentKeys(route).flatMap((key) => names.map((name) => `${key} ${name}`));
}

/** The Services behind a route, as keys. */
export function backendsOf({
  model,
  namespace = 'default',
}: Pick<ReadResource<RouteProps, RouteModel>, 'model' | 'namespace'>): readonly string[] {
  return model.backends.filter((one) => one.isService).map(({ ref }) => `${ref.namespace ?? namespace}/${ref.name}`);
}

/** Of a construct only its kind, where it is not a Gateway, its name and namespace. */
export function parentReferences(parentRefs: Json | undefined): Json | undefined {
  if (!Array.isArray(parentRefs)) return parentRefs;
  return parentRefs.map((one: Json) =>
    isMap(one) && 'apiObject' in one
      ? { ...(one.kind === undefined ? {} : { kind: one.kind }), name: one.name, namespace: one.namespace }
      : one,
  );
}
