import { isTruthy, whenTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Feature } from '../feature';
import { errorOnTalos } from '../values-rule';

/** A gateway that works, for the examples of rules. */
const GATEWAY = { egressGateway: { enabled: true }, bpf: { masquerade: true }, kubeProxyReplacement: true } as const;

/** Traffic that leaves the cluster through chosen nodes, with predictable addresses. */
export const egressGateway: Feature = {
  name: 'egress-gateway',
  contribute: ({ v: { egressGateway: values } }) => ({
    config: {
      'enable-egress-gateway': isTruthy(values.enabled) ? true : undefined,
      'egress-gateway-reconciliation-trigger-interval': values.reconciliationTriggerInterval,
      'egress-gateway-policy-map-max': whenTruthy(values.maxPolicyEntries),
    },
  }),
  rules: [
    {
      id: 'egress-gateway/without-bpf-masquerade',
      level: errorOnTalos,
      find: ({ v, facts }) =>
        isTruthy(v.egressGateway.enabled) &&
        !facts.masqueradesInBpf &&
        problem(
          ['egressGateway.enabled', 'bpf.masquerade'],
          'Egress gateways need BPF masquerading; without it the agent refuses to start.',
          'Set bpf.masquerade to true.',
        ),
      docs: 'https://docs.cilium.io/en/stable/network/egress-gateway/egress-gateway/',
      examples: {
        bad: { values: { egressGateway: { enabled: true }, kubeProxyReplacement: true } },
        good: { values: GATEWAY },
      },
    },
    {
      id: 'egress-gateway/endpoint-slices',
      level: errorOnTalos,
      find: ({ v }) =>
        isTruthy(v.egressGateway.enabled) &&
        isTruthy(v.ciliumEndpointSlice.enabled) &&
        problem(
          ['egressGateway.enabled', 'ciliumEndpointSlice.enabled'],
          'Egress gateways need CiliumEndpoints, which CiliumEndpointSlices replace; the agent refuses to start.',
          'Disable ciliumEndpointSlice where egress gateways are used.',
        ),
      docs: 'https://github.com/cilium/cilium/issues/24833',
      examples: { bad: { values: { ...GATEWAY, ciliumEndpointSlice: { enabled: true } } }, good: { values: GATEWAY } },
    },
    {
      id: 'egress-gateway/identities-in-kvstore',
      level: errorOnTalos,
      find: ({ v }) =>
        isTruthy(v.egressGateway.enabled) &&
        v.identityAllocationMode === 'kvstore' &&
        problem(
          ['egressGateway.enabled', 'identityAllocationMode'],
          'Egress gateways read identities from CRDs; with identities in a kvstore the agent refuses to start.',
          'Leave identityAllocationMode at `crd`.',
        ),
      examples: { bad: { values: { ...GATEWAY, identityAllocationMode: 'kvstore' } }, good: { values: GATEWAY } },
    },
  ],
};
