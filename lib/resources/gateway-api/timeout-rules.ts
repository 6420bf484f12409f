import { problem } from '../../rules/rule';
import { ROUTE_DOCS, routeWith } from './examples';
import type { HttpRouteRule } from './examples';
import type { HttpRuleModel } from './http-route-model';

/** Rules about the timeouts of HTTPRoutes. */
export const TIMEOUT_RULES: readonly HttpRouteRule[] = [
  {
    id: 'http-route/timeouts',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ model }) =>
      model.rules
        .filter(exceedsRequestTimeout)
        .map(({ at }) =>
          problem(
            [`${at}.timeouts.backendRequest`, `${at}.timeouts.request`],
            '`backendRequest` must not exceed `request`.',
            'Shorten `backendRequest`, or lengthen `request`.',
          ),
        ),
    examples: {
      bad: routeWith({ timeouts: { request: '5s', backendRequest: '10s' } }),
      good: routeWith({ timeouts: { request: '10s', backendRequest: '5s' } }),
    },
  },
];

function exceedsRequestTimeout({ timeouts: { request, backendRequest } }: HttpRuleModel): boolean {
  // 0 means no timeout.
  return request !== undefined && backendRequest !== undefined && request !== 0n && backendRequest > request;
}
