import type { HTTPRouteProps } from './props';
import type { ResourceKind } from '../../resource/kind';
import { isMap } from '../../kubernetes/json';
import type { Json, JsonObject } from '../../kubernetes/json';
import { gatewayApi } from './api';
import { ATTACH_CHECKS } from './attach-rules';
import { EXPERIMENTAL_CHECKS, EXPERIMENTAL_FORMS } from './experimental';
import { MATCH_CHECKS } from './match-rules';
import { PARENT_CHECKS } from './parent-rules';
import { RULE_CHECKS } from './backend-rules';

/** Where HTTP requests go that come in through a gateway: HTTPRoute. */
export const httpRoute: ResourceKind<HTTPRouteProps> = {
  api: gatewayApi('HTTPRoute'),
  subject: 'http-route',
  elsewhere: {
    gateways: 'Write `parentRefs: [gateway]`.',
    parents: 'Write `parentRefs: [gateway]`.',
    hosts: 'Write `hostnames: [ … ]`.',
    host: 'Write `hostnames: [ … ]`.',
    matches: 'Write `rules: [{ matches: … }]`.',
    backendRefs: 'Write `rules: [{ backendRefs: … }]`.',
    filters: 'Write `rules: [{ filters: … }]`.',
    tls: 'It belongs to a listener of the Gateway.',
    'parentRefs[].listener': 'It is called `sectionName`.',
    'parentRefs[].sectionNames': 'Write `sectionName`, and a reference for each listener.',
    'rules[].path': 'Write `matches: [ … ]`.',
    'rules[].host': 'Write `hostnames: [ … ]` beside `rules`.',
    'rules[].hostnames': 'They stand beside `rules`; make a route for each set of them.',
    'rules[].backends': 'Write `backendRefs: [ … ]`.',
    'rules[].sessionPersistence': 'Cilium keeps no sessions together here; leave it out.',
    'rules[].backendRefs[].serviceName': 'It is called `name`.',
    'rules[].backendRefs[].servicePort': 'It is called `port`.',
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
  rules: [...PARENT_CHECKS, ...ATTACH_CHECKS, ...MATCH_CHECKS, ...RULE_CHECKS, ...EXPERIMENTAL_CHECKS],
};

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
