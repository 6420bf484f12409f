import type { Feature } from '../feature';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import { duration } from '../parts/config-text';
import { durationRules } from '../parts/duration-rules';

/** The CiliumEndpoint objects that describe pods to other nodes. */
export const endpoints: Feature = {
  name: 'endpoints',
  contribute: ({ v }) => ({
    config: {
      'cilium-endpoint-gc-interval': duration(v.operator.endpointGCInterval),
      'disable-endpoint-crd': isTruthy(v.disableEndpointCRD) ? true : undefined,
    },
  }),
  rules: [
    ...durationRules(['operator.endpointGCInterval']),
    {
      id: 'endpoints/slices-without-endpoints',
      level: 'error',
      find: ({ v }) =>
        isTruthy(v.ciliumEndpointSlice.enabled) &&
        isTruthy(v.disableEndpointCRD) &&
        problem(
          ['ciliumEndpointSlice.enabled', 'disableEndpointCRD'],
          'CiliumEndpointSlices are made of CiliumEndpoints, which are switched off.',
          'Leave disableEndpointCRD at false, or switch ciliumEndpointSlice.enabled off.',
        ),
      chart: 'validate.yaml',
      examples: {
        bad: { values: { ciliumEndpointSlice: { enabled: true }, disableEndpointCRD: true } },
        good: { values: { ciliumEndpointSlice: { enabled: true } } },
      },
    },
    {
      id: 'endpoints/mesh-without-endpoints',
      level: 'error',
      find: ({ v, facts }) =>
        isTruthy(v.clustermesh.useAPIServer) &&
        facts.identityInCRDs &&
        isTruthy(v.disableEndpointCRD) &&
        problem(
          ['clustermesh.useAPIServer', 'disableEndpointCRD'],
          'The API server of the cluster mesh shows other clusters the CiliumEndpoints of this one, which are switched off.',
          'Leave disableEndpointCRD at false, or keep identities in a kvstore.',
        ),
      chart: 'validate.yaml',
      examples: {
        bad: {
          values: { cluster: { id: 1, name: 'home' }, clustermesh: { useAPIServer: true }, disableEndpointCRD: true },
        },
        good: { values: { cluster: { id: 1, name: 'home' }, clustermesh: { useAPIServer: true } } },
      },
    },
  ],
};
