import { given, whenGiven } from '../../helm/truth';
import type { Feature } from '../feature';

/** Traffic that leaves the cluster through chosen nodes, with predictable addresses. */
export const egressGateway: Feature = {
  name: 'egress-gateway',
  contribute: ({ v: { egressGateway: values } }) => ({
    config: {
      'enable-egress-gateway': given(values.enabled) ? true : undefined,
      'egress-gateway-reconciliation-trigger-interval': values.reconciliationTriggerInterval,
      'egress-gateway-policy-map-max': whenGiven(values.maxPolicyEntries),
    },
  }),
};
