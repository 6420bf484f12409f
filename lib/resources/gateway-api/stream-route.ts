import { resourceKind } from '../../resource/resource-kind';
import type { ResourceExample, ResourceKind, ResourceRule } from '../../resource/kind';
import { problem } from '../../rules/rule';
import { gatewayApi } from './api';
import { attachRules } from './attach-rules';
import { backendRules } from './backend-rules';
import { GATEWAY_ON, gatewayWith } from './examples';
import { GATEWAY_API } from './gateway';
import { onHostNetwork } from './gateway-model';
import { rivalsOf } from './listener-rivals';
import { concernsRoute } from './owner';
import { parentRules } from './parent-rules';
import type { TCPRouteProps, UDPRouteProps } from './props';
import { parentReferences, readRouteOf } from './route-model';
import type { RouteModel, RouteRuleFields, RuleModel } from './route-model';
import { TCP_ROUTE, UDP_ROUTE, exampleOf } from './route-types';
import type { RouteType } from './route-types';

/** Fields that routes of connections do not have. */
export const STREAM_ELSEWHERE = {
  gateways: 'Write `parentRefs: [gateway]`.',
  parents: 'Write `parentRefs: [gateway]`.',
  backendRefs: 'Write `rules: [{ backendRefs: … }]`.',
  'parentRefs[].listener': 'Write `sectionName`.',
  'rules[].filters': 'Leave it out: only HTTPRoutes and GRPCRoutes have filters.',
} as const;

/** The largest weight of an EndpointSlice. */
const MOST_WEIGHT = 65_535;

/** Reads a route without matches. Never throws. */
export function readStreamRoute(props: Parameters<typeof readRouteOf<RouteRuleFields, RuleModel>>[0]): RouteModel {
  return readRouteOf<RouteRuleFields, RuleModel>(props, (fields) => ({ fields }));
}

/** TCPRoute: the Service behind a TCP listener. */
export const tcpRoute = streamRoute<TCPRouteProps>(TCP_ROUTE);

/** UDPRoute: the Service behind a UDP listener. */
export const udpRoute = streamRoute<UDPRouteProps>(UDP_ROUTE);

function streamRoute<P extends TCPRouteProps>(
  type: RouteType & { readonly kind: 'TCPRoute' | 'UDPRoute' },
): ResourceKind<P> {
  return resourceKind<P, RouteModel>({
    api: gatewayApi(type.kind),
    subject: type.subject,
    docs: type.docs,
    example: { ...exampleOf<P>(type), values: GATEWAY_ON },
    elsewhere: {
      ...STREAM_ELSEWHERE,
      hostnames: `Leave it out: a listener of protocol ${type.protocols.join()} serves one route.`,
      'rules[].matches': `Leave it out: a listener of protocol ${type.protocols.join()} serves one route.`,
    },
    body: ({ parentRefs, ...fields }) => ({ spec: { ...fields, parentRefs: parentReferences(parentRefs) } }),
    read: readStreamRoute,
    concerns: concernsRoute(type),
    needs: [GATEWAY_API],
    rules: [...parentRules<P>(type), ...attachRules<P>(type), ...backendRules<P>(type), ...streamRules<P>(type)],
  });
}

function streamRules<P extends TCPRouteProps>(type: RouteType): readonly ResourceRule<P, RouteModel>[] {
  const { subject: id, example, listener } = type;
  const good = exampleOf<P>(type);
  const beside = { subject: 'gateway', props: gatewayWith(listener, { ...listener, name: 'second', port: 9000 }) };
  const at = (sectionName: string, name: string): object => ({
    ...example,
    name,
    parentRefs: [{ name: 'home', sectionName }],
  });
  const withOther = (sectionName: string): ResourceExample<P> => ({
    ...good,
    props: at(listener.name, 'web') as ResourceExample<P>['props'],
    others: [beside, { subject: id, props: at(sectionName, 'other') }],
  });
  const weighing = (weight: number): ResourceExample<P> =>
    exampleOf<P>(type, {
      rules: [
        {
          backendRefs: [
            { name: 'web', port: 8080, weight },
            { name: 'next', port: 8080 },
          ],
        },
      ],
    });
  return [
    {
      id: `${id}/same-listener`,
      level: 'warning',
      find: (subject) =>
        rivalsOf(subject, id).map(({ name, ref }) =>
          problem(
            ref.at,
            `The route ${name} is attached to the same listener of ${ref.name}, and the older of the two gets all ${type.traffic}s.`,
            'Give each its own listener, or set weights of several backends in one rule.',
          ),
        ),
      examples: { bad: withOther(listener.name), good: withOther('second') },
    },
    {
      id: `${id}/host-network`,
      level: 'error',
      find: ({ cilium }) =>
        onHostNetwork(cilium) &&
        problem(
          'cilium.gatewayAPI.hostNetwork.enabled',
          `Cilium does not support ${type.kind}s in host network mode.`,
          'Disable host network mode, or use a TLSRoute.',
        ),
      examples: {
        bad: { ...good, values: { ...GATEWAY_ON, gatewayAPI: { enabled: true, hostNetwork: { enabled: true } } } },
        good: { ...good, values: GATEWAY_ON },
      },
    },
    {
      id: `${id}/weight-limit`,
      level: 'warning',
      find: ({ model }) =>
        model.rules.flatMap(({ at: place, fields: { backendRefs = [] } }) =>
          backendRefs.flatMap(({ weight = 1 }, i) =>
            weight > MOST_WEIGHT && backendRefs.length > 1
              ? problem(
                  `${place}.backendRefs[${String(i)}].weight`,
                  `Cilium counts a weight above ${String(MOST_WEIGHT)} as ${String(MOST_WEIGHT)}.`,
                  'Write smaller weights with the same ratio.',
                )
              : [],
          ),
        ),
      examples: { bad: weighing(100_000), good: weighing(10) },
    },
  ];
}
