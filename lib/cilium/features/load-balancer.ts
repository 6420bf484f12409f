import type { Feature } from '../feature';
import { given, whenGiven } from '../../helm/truth';

/** How Services are balanced: algorithm, way of the answer, acceleration, which traffic is taken. */
export const loadBalancer: Feature = {
  name: 'load-balancer',
  contribute: ({ v, has }) => ({
    config: {
      'bpf-lb-acceleration': v.loadBalancer.acceleration,
      'bpf-lb-algorithm': v.loadBalancer.algorithm,
      // Weights of TCP and UDP routes work through the annotation, so Gateway API insists on it.
      'bpf-lb-algorithm-annotation': given(v.gatewayAPI.enabled) && has('gateway-weights') ? true : v.bpf.lbAlgorithmAnnotation,
      'bpf-lb-dsr-dispatch': v.loadBalancer.dsrDispatch,
      'bpf-lb-external-clusterip': v.bpf.lbExternalClusterIP,
      'bpf-lb-maglev-hash-seed': v.maglev.hashSeed,
      'bpf-lb-maglev-table-size': v.maglev.tableSize,
      'bpf-lb-mode': v.loadBalancer.mode,
      'bpf-lb-mode-annotation': v.bpf.lbModeAnnotation,
      'bpf-lb-only': whenGiven(v.loadBalancer.standalone),
      'bpf-lb-proto-diff': v.loadBalancer.protocolDifferentiation?.enabled,
      'bpf-lb-source-range-all-types': v.bpf.lbSourceRangeAllTypes,
      'enable-internal-traffic-policy': has('internal-traffic-policy-switch') ? v.enableInternalTrafficPolicy : undefined,
      'enable-no-service-endpoints-routable': v.enableNoServiceEndpointsRoutable,
      'enable-service-topology': v.loadBalancer.serviceTopology,
      'enable-session-affinity': whenGiven(v.sessionAffinity),
      'enable-svc-source-range-check': whenGiven(v.svcSourceRangeCheck),
      'lb-reflector-wait-time': v.loadBalancer.reflectorWaitTime,
      'service-no-backend-response': whenGiven(v.serviceNoBackendResponse),
    },
  }),
};
