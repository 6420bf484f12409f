import { resourceKind } from '../../resource/resource-kind';
import { gatewayApi } from './api';
import { allListenersRules, attachRules, hostnameRules } from './attach-rules';
import { backendRules, directResponseRules } from './backend-rules';
import { EXAMPLE_ROUTE, GATEWAY_ON, ROUTE_DOCS, WITH_GATEWAY } from './examples';
import { EXPERIMENTAL_FORMS, EXPERIMENTAL_RULES } from './experimental';
import { filterRules } from './filter-rules';
import { GATEWAY_API } from './gateway';
import { readHttpRoute } from './http-route-model';
import type { HttpRouteModel } from './http-route-model';
import { MATCH_RULES } from './match-rules';
import { concernsRoute } from './owner';
import { parentRules, serviceParentRules } from './parent-rules';
import type { HTTPRouteProps } from './props';
import { REDIRECT_RULES } from './redirect-rules';
import { HTTP_ROUTE } from './route-types';
import { MATCHING_ELSEWHERE, bodyWithMatches } from './matching-routes';
import { TIMEOUT_RULES } from './timeout-rules';

/** HTTPRoute: where a gateway sends HTTP requests. */
export const httpRoute = resourceKind<HTTPRouteProps, HttpRouteModel>({
  api: gatewayApi('HTTPRoute'),
  subject: 'http-route',
  docs: ROUTE_DOCS,
  example: { props: EXAMPLE_ROUTE, values: GATEWAY_ON, ...WITH_GATEWAY },
  elsewhere: {
    ...MATCHING_ELSEWHERE,
    'parentRefs[].sectionNames': 'Write `sectionName`, and a reference for each listener.',
    'rules[].path': 'Write `matches: [ … ]`.',
    'rules[].host': 'Write `hostnames: [ … ]` next to `rules`.',
    'rules[].hostnames': 'Write it next to `rules`, and a route for each set of hostnames.',
    'rules[].backends': 'Write `backendRefs: [ … ]`.',
    'rules[].backendRefs[].serviceName': 'Write `name`.',
    'rules[].backendRefs[].servicePort': 'Write `port`.',
  },
  forms: EXPERIMENTAL_FORMS,
  body: (props) => bodyWithMatches(props, (value) => ({ path: { type: 'PathPrefix', value } })),
  read: readHttpRoute,
  concerns: concernsRoute(HTTP_ROUTE),
  needs: [GATEWAY_API],
  rules: [
    ...parentRules<HTTPRouteProps>(HTTP_ROUTE),
    ...serviceParentRules<HTTPRouteProps>(HTTP_ROUTE),
    ...attachRules<HTTPRouteProps>(HTTP_ROUTE),
    ...allListenersRules<HTTPRouteProps>(HTTP_ROUTE),
    ...hostnameRules<HTTPRouteProps>(HTTP_ROUTE),
    ...MATCH_RULES,
    ...backendRules<HTTPRouteProps>(HTTP_ROUTE),
    ...directResponseRules<HTTPRouteProps>(HTTP_ROUTE),
    ...TIMEOUT_RULES,
    ...filterRules<HTTPRouteProps>(HTTP_ROUTE),
    ...REDIRECT_RULES,
    ...EXPERIMENTAL_RULES,
  ],
});
