import { resourceKind } from '../../resource/resource-kind';
import { gatewayApi } from './api';
import { allListenersRules, attachRules, hostnameRules } from './attach-rules';
import { backendRules, directResponseRules } from './backend-rules';
import { EXAMPLE_ROUTE, GATEWAY_ON, WITH_GATEWAY } from './examples';
import { filterRules } from './filter-rules';
import { GATEWAY_API } from './gateway';
import { GRPC_MATCH_RULES } from './grpc-match-rules';
import { methodMatch, readGrpcRoute } from './grpc-route-model';
import type { GrpcRouteModel } from './grpc-route-model';
import { concernsRoute } from './owner';
import { parentRules, serviceParentRules } from './parent-rules';
import type { GRPCRouteProps } from './props';
import { GRPC_ROUTE } from './route-types';
import { MATCHING_ELSEWHERE, bodyWithMatches } from './matching-routes';

/** GRPCRoute: where a gateway sends gRPC calls. */
export const grpcRoute = resourceKind<GRPCRouteProps, GrpcRouteModel>({
  api: gatewayApi('GRPCRoute'),
  subject: GRPC_ROUTE.subject,
  docs: GRPC_ROUTE.docs,
  example: { props: EXAMPLE_ROUTE, values: GATEWAY_ON, ...WITH_GATEWAY },
  elsewhere: {
    ...MATCHING_ELSEWHERE,
    'rules[].matches[].path': 'Write `method: { service: … }`, or an HTTPRoute.',
    'rules[].matches[].service': 'Write `method: { service: … }`.',
    'rules[].timeouts': 'Leave it out: a GRPCRoute has no timeouts.',
    'rules[].retry': 'Leave it out: a GRPCRoute has no retries.',
  },
  body: (props) => bodyWithMatches(props, methodMatch),
  read: readGrpcRoute,
  concerns: concernsRoute(GRPC_ROUTE),
  needs: [GATEWAY_API],
  rules: [
    ...parentRules<GRPCRouteProps>(GRPC_ROUTE),
    ...serviceParentRules<GRPCRouteProps>(GRPC_ROUTE),
    ...attachRules<GRPCRouteProps>(GRPC_ROUTE),
    ...allListenersRules<GRPCRouteProps>(GRPC_ROUTE),
    ...hostnameRules<GRPCRouteProps>(GRPC_ROUTE),
    ...GRPC_MATCH_RULES,
    ...backendRules<GRPCRouteProps>(GRPC_ROUTE),
    ...directResponseRules<GRPCRouteProps>(GRPC_ROUTE),
    ...filterRules<GRPCRouteProps>(GRPC_ROUTE),
  ],
});
