import type {
  HTTPRouteMatch,
  HTTPRouteParentRef,
  HTTPRouteRule as WrittenRule,
  HTTPRouteRuleBackendRef,
  HTTPRouteSpec,
} from '../../../imports/gateway.networking.k8s.io';
import { resourceKind } from '../../resource/resource-kind';
import type { ResourceProps } from '../../resource/kind';
import { isMap } from '../../kubernetes/json';
import type { Json, JsonObject } from '../../kubernetes/json';
import { gatewayApi } from './api';
import { ATTACH_CHECKS } from './attach-checks';
import { EXPERIMENTAL_CHECKS, EXPERIMENTAL_FORMS } from './experimental';
import type { HTTPRouteFilter, HTTPRouteRetry } from './experimental';
import { GATEWAY_ON } from './gateway-parts';
import { MATCH_CHECKS } from './match-checks';
import { PARENT_CHECKS } from './parent-checks';
import { EXAMPLE_ROUTE, WITH_GATEWAY } from './route-parts';
import { RULE_CHECKS } from './rule-checks';

/** Requests, and where they go. */
export interface HTTPRouteRule extends Omit<WrittenRule, 'matches' | 'backendRefs' | 'filters'> {
  /** Any of them; within one all conditions must hold. `/api` is short for every path below it. @default - all requests */
  readonly matches?: readonly (string | HTTPRouteMatch)[];
  /** Services with their ports. Without any, and without a redirect, requests are answered with 500. */
  readonly backendRefs?: readonly HTTPRouteRuleBackendRef[];
  /** What is done to requests and answers: headers, redirects, rewrites, copies. @default - nothing */
  readonly filters?: readonly HTTPRouteFilter[];
  /** Whether failed requests are sent again; among the experimental definitions. @default - they are not */
  readonly retry?: HTTPRouteRetry;
}

/** Props of `HTTPRoute`. */
export interface HTTPRouteProps extends ResourceProps, Omit<HTTPRouteSpec, 'parentRefs' | 'rules'> {
  /** Gateways, or listeners of them: constructs, `gateway.listener('https')`, or references in full. */
  readonly parentRefs?: readonly HTTPRouteParentRef[];
  /** Names in the request, `shop.example.test` or `*.example.test`. @default - those of the listeners */
  readonly hostnames?: readonly string[];
  /** @default - one rule without backends, which answers 500 */
  readonly rules?: readonly HTTPRouteRule[];
}

/** Where HTTP requests go that come in through a gateway: HTTPRoute. */
export const httpRoute = resourceKind<HTTPRouteProps>({
  api: gatewayApi('HTTPRoute'),
  subject: 'http-route',
  example: { props: EXAMPLE_ROUTE, values: GATEWAY_ON, ...WITH_GATEWAY },
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
