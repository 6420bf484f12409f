import { isMap } from '../../kubernetes/json';
import type { Json, JsonObject } from '../../kubernetes/json';
import { resourceKind } from '../../resource/resource-kind';
import { gatewayApi } from './api';
import { ATTACH_RULES } from './attach-rules';
import { BACKEND_RULES } from './backend-rules';
import { EXAMPLE_ROUTE, GATEWAY_ON, ROUTE_DOCS, WITH_GATEWAY } from './examples';
import { EXPERIMENTAL_FORMS, EXPERIMENTAL_RULES } from './experimental';
import { FILTER_RULES } from './filter-rules';
import { GATEWAY_API } from './gateway';
import { MATCH_RULES } from './match-rules';
import { concernsRoute } from './owner';
import { PARENT_RULES } from './parent-rules';
import type { HTTPRouteProps } from './props';
import { REDIRECT_RULES } from './redirect-rules';
import { readRoute } from './route-model';
import type { RouteModel } from './route-model';

/** HTTPRoute: where a gateway sends HTTP requests. */
export const httpRoute = resourceKind<HTTPRouteProps, RouteModel>({
  api: gatewayApi('HTTPRoute'),
  subject: 'http-route',
  docs: ROUTE_DOCS,
  example: { props: EXAMPLE_ROUTE, values: GATEWAY_ON, ...WITH_GATEWAY },
  elsewhere: {
    gateways: 'Write `parentRefs: [gateway]`.',
    parents: 'Write `parentRefs: [gateway]`.',
    hosts: 'Write `hostnames: [ … ]`.',
    host: 'Write `hostnames: [ … ]`.',
    matches: 'Write `rules: [{ matches: … }]`.',
    backendRefs: 'Write `rules: [{ backendRefs: … }]`.',
    filters: 'Write `rules: [{ filters: … }]`.',
    tls: 'Write it at a listener of the Gateway.',
    'parentRefs[].listener': 'Write `sectionName`.',
    'parentRefs[].sectionNames': 'Write `sectionName`, and a reference for each listener.',
    'rules[].path': 'Write `matches: [ … ]`.',
    'rules[].host': 'Write `hostnames: [ … ]` next to `rules`.',
    'rules[].hostnames': 'Write it next to `rules`, and a route for each set of hostnames.',
    'rules[].backends': 'Write `backendRefs: [ … ]`.',
    'rules[].sessionPersistence': 'Leave it out: Cilium does not support session persistence here.',
    'rules[].backendRefs[].serviceName': 'Write `name`.',
    'rules[].backendRefs[].servicePort': 'Write `port`.',
  },
  forms: EXPERIMENTAL_FORMS,
  body: ({ parentRefs, rules, ...fields }) => ({
    spec: {
      ...fields,
      parentRefs: Array.isArray(parentRefs)
        ? parentRefs.map((one: Json) => (isMap(one) ? reference(one) : one))
        : parentRefs,
      rules: Array.isArray(rules) ? rules.map((one: Json) => (isMap(one) ? withMatches(one) : one)) : rules,
    },
  }),
  read: readRoute,
  concerns: concernsRoute,
  needs: [GATEWAY_API],
  rules: [
    ...PARENT_RULES,
    ...ATTACH_RULES,
    ...MATCH_RULES,
    ...BACKEND_RULES,
    ...FILTER_RULES,
    ...REDIRECT_RULES,
    ...EXPERIMENTAL_RULES,
  ],
});

/** Of a construct only its name and namespace. */
function reference(one: JsonObject): JsonObject {
  return 'apiObject' in one ? { name: one.name, namespace: one.namespace } : one;
}

function withMatches(rule: JsonObject): JsonObject {
  const { matches } = rule;
  if (!Array.isArray(matches)) return rule;
  return {
    ...rule,
    matches: matches.map((one: Json) => (typeof one === 'string' ? { path: { type: 'PathPrefix', value: one } } : one)),
  };
}
