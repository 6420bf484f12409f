import { isSet, isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { Feature } from '../feature';

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

/** An operator that removes taints also sets them by default. */
function setsTaints({ v: { operator } }: Context): boolean {
  return isSet(operator.setNodeTaints) ? isTruthy(operator.setNodeTaints) : isTruthy(operator.removeNodeTaints);
}
