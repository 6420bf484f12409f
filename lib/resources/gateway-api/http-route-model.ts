import type { HTTPRouteMatch } from '../../../imports/gateway.networking.k8s.io';
import { parseDuration } from '../../helm/durations';
import { eachItem } from '../../resource/each';
import type { HTTPRouteProps, HTTPRouteRule } from './props';
import { readRouteOf } from './route-model';
import type { PlacedMatch, RouteModel, RuleModel } from './route-model';

/** What rules read of an HTTPRoute. */
export type HttpRouteModel = RouteModel<HttpRuleModel>;

/** One rule of an HTTPRoute. */
export interface HttpRuleModel extends RuleModel {
  readonly fields: HTTPRouteRule;
  /** In full. */
  readonly matches: readonly PlacedMatch<HTTPRouteMatch>[];
  /** In nanoseconds; `undefined` where it is missing or invalid. */
  readonly timeouts: { readonly request: bigint | undefined; readonly backendRequest: bigint | undefined };
}

/** Reads an HTTPRoute. Never throws. */
export function readHttpRoute(props: HTTPRouteProps): HttpRouteModel {
  return readRouteOf<HTTPRouteRule, HttpRuleModel>(props, (fields, at) => ({
    fields,
    matches: eachItem(fields.matches, `${at}.matches`, (match, place) => ({
      at: place,
      match: typeof match === 'string' ? { path: { type: 'PathPrefix', value: match } } : match,
    })),
    timeouts: {
      request: durationOf(fields.timeouts?.request),
      backendRequest: durationOf(fields.timeouts?.backendRequest),
    },
  }));
}

function durationOf(text: unknown): bigint | undefined {
  return typeof text === 'string' ? parseDuration(text) : undefined;
}
