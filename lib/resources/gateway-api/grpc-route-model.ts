import type { GRPCRouteMatch } from '../../../imports/gateway.networking.k8s.io';
import { eachItem } from '../../resource/each';
import type { GRPCRouteProps, GRPCRouteRule } from './props';
import { readRouteOf } from './route-model';
import type { PlacedMatch, RouteModel, RuleModel } from './route-model';

/** What rules read of a GRPCRoute. */
export type GrpcRouteModel = RouteModel<GrpcRuleModel>;

/** One rule of a GRPCRoute. */
export interface GrpcRuleModel extends RuleModel {
  readonly fields: GRPCRouteRule;
  /** In full. */
  readonly matches: readonly PlacedMatch<GRPCRouteMatch>[];
}

/** Reads a GRPCRoute. Never throws. */
export function readGrpcRoute(props: GRPCRouteProps): GrpcRouteModel {
  return readRouteOf<GRPCRouteRule, GrpcRuleModel>(props, (fields, at) => ({
    fields,
    matches: eachItem(fields.matches, `${at}.matches`, (match, place) => ({
      at: place,
      match: typeof match === 'string' ? methodMatch(match) : match,
    })),
  }));
}

/** `shop.v1.Cart/Add` as a match of that method. */
export function methodMatch(text: string): { readonly method: { readonly service: string; readonly method?: string } } {
  const [service = '', method = ''] = text.replace(/^\//, '').split('/');
  return { method: { service, ...(method === '' ? {} : { method }) } };
}
