import type { Feature } from '../feature';
import { allow } from '../feature';
import { isTruthy } from '../../helm/truth';
import { duration } from '../parts/config-text';
import { durationRules } from '../parts/duration-rules';

/** CiliumNode objects and the identities of nodes. */
export const nodes: Feature = {
  name: 'nodes',
  contribute: ({ v }) => ({
    config: {
      'annotate-k8s-node': isTruthy(v.annotateK8sNode) ? true : undefined,
      // In clouds the agent creates its node's object, because the operator fills it in.
      'auto-create-cilium-node-resource':
        isTruthy(v.eni.enabled) || isTruthy(v.azure.enabled) || isTruthy(v.alibabacloud.enabled) ? true : undefined,
      'enable-node-selector-labels': v.nodeSelectorLabels,
      'node-labels': v.nodeLabels,
      'nodes-gc-interval': duration(v.operator.nodeGCInterval),
      'synchronize-k8s-nodes': v.synchronizeK8sNodes,
    },
    permissions: { agent: isTruthy(v.annotateK8sNode) ? [allow('patch', '', 'nodes/status')] : [] },
  }),
  rules: durationRules(['operator.nodeGCInterval']),
};
