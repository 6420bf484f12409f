import type {
  HTTPRouteBackendRef,
  HTTPRouteMatch,
  HTTPRouteParentRef,
} from '../../../imports/gateway.networking.k8s.io';
import { parseDuration } from '../../helm/durations';
import { keyOfPlace, othersWith } from '../../resource/kind';
import type { ReadResource, Subject } from '../../resource/kind';
import { each, eachItem } from '../../resource/each';
import { GATEWAY_GROUP } from './gateway-model';
import type { GatewayModel, Listener } from './gateway-model';
import { hostnamesOverlap } from '../../kubernetes/hostnames';
import type { GatewayProps, HTTPRouteFilter, HTTPRouteProps, HTTPRouteRule } from './props';

/** What rules read of an HTTP route. Parts of the wrong shape are left out. */
export interface RouteModel {
  readonly parents: readonly ParentRef[];
  readonly hostnames: readonly { readonly at: string; readonly hostname: string }[];
  readonly rules: readonly RuleModel[];
  /** The filters of all rules and their backends. */
  readonly filters: readonly PlacedFilter[];
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
  readonly fields: HTTPRouteRule;
  /** In full. */
  readonly matches: readonly PlacedMatch[];
  /** The lists of filters: of the rule itself, and of each backend. */
  readonly filterLists: readonly (readonly PlacedFilter[])[];
  readonly backends: readonly Backend[];
  /** In nanoseconds; `undefined` where it is missing or invalid. */
  readonly timeouts: { readonly request: bigint | undefined; readonly backendRequest: bigint | undefined };
}

export interface PlacedMatch {
  readonly at: string;
  readonly match: HTTPRouteMatch;
}

export interface PlacedFilter {
  readonly at: string;
  readonly filter: HTTPRouteFilter;
  readonly rule: RuleModel;
  /** It belongs to a backend, not to the rule. */
  readonly ofBackend: boolean;
}

export interface Backend {
  readonly at: string;
  readonly ref: HTTPRouteBackendRef;
  readonly isService: boolean;
}

/** Reads an HTTP route. Never throws. */
export function readRoute({ parentRefs, hostnames, rules: written }: HTTPRouteProps): RouteModel {
  const rules = each(written, 'rules', readRule);
  return {
    parents: each(parentRefs, 'parentRefs', (ref, at) => ({
      ...ref,
      at,
      kind: ref.kind ?? 'Gateway',
      group: ref.group ?? GATEWAY_GROUP,
    })),
    hostnames: eachItem(hostnames, 'hostnames', (hostname, at) => ({ at, hostname })),
    rules,
    filters: rules.flatMap(({ filterLists }) => filterLists.flat()),
    backends: rules.flatMap(({ backends }) => backends),
  };
}

function readRule(fields: HTTPRouteRule, at: string): RuleModel {
  const filterLists: (readonly PlacedFilter[])[] = [];
  const backends: Backend[] = [];
  const rule: RuleModel = {
    at,
    fields,
    matches: eachItem(fields.matches, `${at}.matches`, (match, place) => ({
      at: place,
      match: typeof match === 'string' ? { path: { type: 'PathPrefix', value: match } } : match,
    })),
    filterLists,
    backends,
    timeouts: {
      request: durationOf(fields.timeouts?.request),
      backendRequest: durationOf(fields.timeouts?.backendRequest),
    },
  };
  const refs = each(fields.backendRefs, `${at}.backendRefs`, (ref, place) => ({ at: place, ref }));
  const filters = (list: HTTPRouteRule['filters'], place: string, ofBackend: boolean): readonly PlacedFilter[] =>
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

function durationOf(text: unknown): bigint | undefined {
  return typeof text === 'string' ? parseDuration(text) : undefined;
}

function readBackend(ref: HTTPRouteBackendRef, at: string): Backend {
  const { kind = 'Service', group = '' } = (ref as HTTPRouteBackendRef | undefined) ?? {};
  return { at, ref, isService: kind === 'Service' && group === '' };
}

/** A gateway among the parents of a route, as far as the app has it. */
export interface Parent {
  readonly ref: ParentRef;
  /** Its namespace: that of the route when none is given. */
  readonly namespace: string;
  /** `undefined` when the app does not have it. */
  readonly gateway: ReadResource<GatewayProps, GatewayModel> | undefined;
  /** Listeners that the reference selects; none when the gateway is missing. */
  readonly listeners: readonly Listener[];
}

/** The gateways among the parents of a route. */
export function parentsOf({
  model,
  namespace = 'default',
  others,
}: Subject<HTTPRouteProps, RouteModel>): readonly Parent[] {
  return model.parents
    .filter(({ kind, group }) => kind === 'Gateway' && group === GATEWAY_GROUP)
    .map((ref): Parent => {
      const { name, namespace: theirs = namespace, sectionName, port } = ref;
      const [gateway] = othersWith<GatewayProps, GatewayModel>(others, 'gateway', keyOfPlace, [`${theirs}/${name}`]);
      const listeners = (gateway?.model.listeners ?? []).filter(
        (listener) =>
          (sectionName === undefined || listener.name === sectionName) &&
          (port === undefined || listener.port === port),
      );
      return { ref, namespace: theirs, gateway, listeners };
    });
}

/** Whether a listener accepts requests for one of the hostnames of a route. */
export function sharesHostname({ hostnames }: RouteModel, { hostname }: Listener): boolean {
  return (
    hostname === undefined ||
    hostnames.length === 0 ||
    hostnames.some((one) => hostnamesOverlap(one.hostname, hostname))
  );
}
