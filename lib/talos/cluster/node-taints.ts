import { isLabelKey, isLabelValue } from '../../kubernetes/names';
import { mapOf, text } from '../../props/shape';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { CONTROL_PLANE, KEY_FORM, NODE_CONFIG } from './node-config';
import { document, nodeMap, nodesOf } from './setting';
import type { NodeSetting } from './setting';

export interface NodeTaintsSetting {
  /**
   * Taints of the Node objects: `value:NoSchedule`, or `NoSchedule` without a value. Workers may not change their own: from Talos 1.14 on
   * they register with these taints when they join. For that of control planes use `allowSchedulingOnControlPlanes`.
   * @default - none
   */
  readonly nodeTaints?: Readonly<Record<string, string>>;
}

const EFFECTS: readonly string[] = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/**
 * Taints of the Node objects, except that of control planes.
 * @see https://docs.siderolabs.com/kubernetes-guides/advanced-guides/node-labels
 */
export const nodeTaints: NodeSetting<NodeTaintsSetting> = {
  ...NODE_CONFIG,
  ...nodeMap(
    'nodeTaints',
    (taints) => ({ machine: { nodeTaints: taints } }),
    (taints) => document('KubeNodeConfig', { taints }),
  ),
  name: 'node-taints',
  nodeShape: { nodeTaints: mapOf(text) },
  rules: [
    {
      id: 'talos-cluster/node-taint',
      level: 'error',
      find: (talos) =>
        nodesOf<NodeTaintsSetting>(talos).flatMap(({ place, props: { nodeTaints: taints = {} } }) =>
          Object.entries(taints).flatMap(([key, taint]) => taintProblem(`talos.${place}nodeTaints.${key}`, key, taint)),
        ),
      examples: {
        bad: { controlPlanes: { nodeTaints: { gpu: 'Never' } } },
        good: { controlPlanes: { nodeTaints: { gpu: 'yes:NoSchedule' } } },
      },
    },
  ],
};

function taintProblem(path: string, key: string, taint: string): Problem | readonly Problem[] {
  if (!isLabelKey(key)) return problem(path, `'${key}' is not a valid taint key.`, KEY_FORM);
  if (key === CONTROL_PLANE)
    return problem(path, 'Talos manages this taint of control planes.', 'Use allowSchedulingOnControlPlanes.');
  const colon = taint.indexOf(':');
  const [value, effect] = colon === -1 ? ['', taint] : [taint.slice(0, colon), taint.slice(colon + 1)];
  if (EFFECTS.includes(effect) && isLabelValue(value)) return [];
  const hint = `Write value:NoSchedule, or NoSchedule without a value; the effects are ${EFFECTS.join(', ')}.`;
  return problem(path, `'${taint}' is not a valid taint.`, hint);
}
