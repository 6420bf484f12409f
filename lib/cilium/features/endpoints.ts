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
          'CiliumEndpointSlices are built from CiliumEndpoints, which are disabled.',
          'Leave disableEndpointCRD at false, or disable ciliumEndpointSlice.enabled.',
        ),
      chart: 'validate.yaml',
      examples: {
        bad: { values: { ciliumEndpointSlice: { enabled: true }, disableEndpointCRD: true } },
        good: { values: { ciliumEndpointSlice: { enabled: true } } },
      },
    },
    {
      id: 'endpoints/needed',
      level: 'warning',
      find: ({ v }) =>
        isTruthy(v.disableEndpointCRD) &&
        !isTruthy(v.etcd.enabled) &&
        !isTruthy(v.ciliumEndpointSlice.enabled) &&
        v.policyEnforcementMode !== 'never' &&
        problem(
          ['disableEndpointCRD', 'etcd.enabled'],
          'Without a kvstore network policies need CiliumEndpoints, and the agent keeps them: disableEndpointCRD has no effect.',
          'Remove disableEndpointCRD, or enable etcd.',
        ),
      examples: {
        bad: { values: { disableEndpointCRD: true } },
        good: { values: { disableEndpointCRD: false } },
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
          'The clustermesh-apiserver serves the CiliumEndpoints of this cluster to others, but they are disabled.',
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
