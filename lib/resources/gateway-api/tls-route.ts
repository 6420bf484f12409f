import { versionFeatures } from '../../cilium/version-features';
import type { ResourceRule } from '../../resource/kind';
import { resourceKind } from '../../resource/resource-kind';
import { problem } from '../../rules/rule';
import { gatewayApi } from './api';
import { allListenersRules, attachRules, hostnameRules } from './attach-rules';
import { backendRules } from './backend-rules';
import { GATEWAY_ON, PASS, gatewayWith } from './examples';
import { GATEWAY_API } from './gateway';
import { rivalsOf } from './listener-rivals';
import { concernsRoute } from './owner';
import { parentRules } from './parent-rules';
import type { TLSRouteProps } from './props';
import { parentReferences } from './route-model';
import type { RouteModel } from './route-model';
import { TLS_ROUTE, exampleOf } from './route-types';
import { STREAM_ELSEWHERE, readStreamRoute } from './stream-route';

const good = exampleOf<TLSRouteProps>(TLS_ROUTE);
const other = { ...good.props, name: 'other' };

const RULES: readonly ResourceRule<TLSRouteProps, RouteModel>[] = [
  {
    id: 'tls-route/same-hostname',
    level: 'error',
    docs: 'https://github.com/cilium/cilium/issues/37609',
    find: (subject) =>
      rivalsOf(subject, 'tls-route').map(({ name, ref, hostname: { at, hostname } }) =>
        problem(
          [at, ref.at],
          `The route ${name} already has the server name ${hostname} at ${ref.name}, and Envoy rejects a listener with two filter chains for one name.`,
          'Give each route its own hostnames, or set weights of several backends in one rule.',
        ),
      ),
    examples: {
      bad: {
        ...good,
        others: [
          { subject: 'gateway', props: gatewayWith(PASS) },
          { subject: 'tls-route', props: other },
        ],
      },
      good: {
        ...good,
        others: [
          { subject: 'gateway', props: gatewayWith(PASS) },
          { subject: 'tls-route', props: { ...other, hostnames: ['other.example.test'] } },
        ],
      },
    },
  },
  {
    id: 'tls-route/several-rules',
    level: 'error',
    docs: 'https://github.com/cilium/cilium/issues/37609',
    find: ({ model: { rules }, ciliumVersion }) =>
      // The API server of 1.20 rejects it.
      !versionFeatures(ciliumVersion)('gateway-listener-sets') &&
      rules.length > 1 &&
      problem(
        rules.map(({ at }) => at),
        'Cilium makes a filter chain for the same server names of each rule, and Envoy rejects the listener.',
        'Write one rule, with weights of several backends, or a route for each hostname.',
      ),
    examples: {
      bad: { ...good, props: { ...good.props, rules: [...good.props.rules, ...good.props.rules] } },
      good,
    },
  },
];

/** TLSRoute: where a gateway sends TLS connections that it passes through, by their server name. */
export const tlsRoute = resourceKind<TLSRouteProps, RouteModel>({
  api: gatewayApi('TLSRoute'),
  subject: TLS_ROUTE.subject,
  docs: TLS_ROUTE.docs,
  example: { ...good, values: GATEWAY_ON },
  elsewhere: {
    ...STREAM_ELSEWHERE,
    hosts: 'Write `hostnames: [ … ]`.',
    host: 'Write `hostnames: [ … ]`.',
    sni: 'Write `hostnames: [ … ]`.',
    'rules[].matches': 'Leave it out: TLS connections are matched by `hostnames`.',
  },
  body: ({ parentRefs, ...fields }) => ({ spec: { ...fields, parentRefs: parentReferences(parentRefs) } }),
  read: readStreamRoute,
  concerns: concernsRoute(TLS_ROUTE),
  needs: [GATEWAY_API],
  rules: [
    ...parentRules<TLSRouteProps>(TLS_ROUTE),
    ...attachRules<TLSRouteProps>(TLS_ROUTE),
    ...allListenersRules<TLSRouteProps>(TLS_ROUTE),
    ...hostnameRules<TLSRouteProps>(TLS_ROUTE),
    ...backendRules<TLSRouteProps>(TLS_ROUTE),
    ...RULES,
  ],
});
