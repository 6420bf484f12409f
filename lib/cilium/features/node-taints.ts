import { isSet, isTruthy } from '../../helm/truth';
import { isLabelKey } from '../../kubernetes/names';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { errorOnTalos } from '../values-rule';

const REMOVE_TAINTS = 'remove-cilium-node-taints';
const SET_CONDITION = 'set-cilium-is-up-condition';

/** Nodes without a ready agent get no pods: the taint, and the network condition. */
export const nodeTaints: Feature = {
  name: 'node-taints',
  contribute: (ctx) => ({
    config: {
      'agent-not-ready-taint-key': ctx.v.agentNotReadyTaintKey,
      'remove-cilium-node-taints': isTruthy(ctx.v.operator.removeNodeTaints) ? true : undefined,
      'set-cilium-node-taints': setsTaints(ctx) ? true : undefined,
      'set-cilium-is-up-condition': isTruthy(ctx.v.operator.setNodeNetworkStatus) ? true : undefined,
    },
  }),
  rules: [
    {
      id: 'node-taints/key',
      level: errorOnTalos,
      find: ({ v }) =>
        isTruthy(v.agentNotReadyTaintKey) &&
        !isLabelKey(v.agentNotReadyTaintKey) &&
        problem(
          'agentNotReadyTaintKey',
          `The key of a taint is a label key, and '${v.agentNotReadyTaintKey}' is not: the API server refuses pods that tolerate it.`,
          'Use letters, digits, dashes, dots and underscores, optionally with a DNS name and a slash before them.',
        ),
      examples: {
        bad: { values: { agentNotReadyTaintKey: 'node cilium' } },
        good: { values: { agentNotReadyTaintKey: 'node.cilium.io/agent-not-ready' } },
      },
    },
    {
      id: 'node-taints/no-permission',
      level: 'warning',
      find: (ctx) =>
        isTruthy(ctx.v.operator.enabled) &&
        ctx.facts.hasConfigMap &&
        lacksPermission(ctx) &&
        problem(
          ['operator.removeNodeTaints', 'operator.setNodeNetworkStatus'],
          'The switch is left out of cilium-config, where its default is on, and the operator has no permission for it: the API server refuses its requests for each node, again and again.',
          `Set extraConfig to { '${REMOVE_TAINTS}': 'false' } for the taints, and { '${SET_CONDITION}': 'false' } for the network status.`,
        ),
      examples: {
        bad: { values: { operator: { removeNodeTaints: false } } },
        good: { values: { operator: { removeNodeTaints: false }, extraConfig: { [REMOVE_TAINTS]: 'false' } } },
      },
    },
    {
      id: 'node-taints/never-removed',
      level: 'error',
      find: ({ v, facts }) =>
        facts.hasConfigMap &&
        isTruthy(v.operator.setNodeTaints) &&
        !isTruthy(v.operator.removeNodeTaints) &&
        problem(
          ['operator.setNodeTaints', 'operator.removeNodeTaints'],
          'The operator would taint nodes and never remove the taint: no pod could start there.',
          'Set operator.removeNodeTaints to true, or remove operator.setNodeTaints.',
        ),
      chart: 'cilium-configmap.yaml',
      examples: {
        bad: { values: { operator: { setNodeTaints: true, removeNodeTaints: false } } },
        good: { values: { operator: { setNodeTaints: true, removeNodeTaints: true } } },
      },
    },
  ],
};

/** Whether the operator does by default what the chart gives it no permission for. */
function lacksPermission({ v: { operator, extraConfig } }: Context): boolean {
  const isOff = (key: string): boolean => String(extraConfig?.[key]) === 'false';
  return (
    (!isTruthy(operator.removeNodeTaints) && !isOff(REMOVE_TAINTS)) ||
    (!isTruthy(operator.setNodeNetworkStatus) && !isOff(SET_CONDITION))
  );
}

/** An operator that removes taints also sets them by default. */
function setsTaints({ v: { operator } }: Context): boolean {
  return isSet(operator.setNodeTaints) ? isTruthy(operator.setNodeTaints) : isTruthy(operator.removeNodeTaints);
}
