import type { JsonObject } from '../../kubernetes/json';
import { isLabelKey, isLabelValue } from '../../kubernetes/names';
import { EXCLUDE_FROM_LOAD_BALANCERS } from '../../kubernetes/node-labels';
import { mapOf, textOrNull } from '../../props/shape';
import { problem } from '../../rules/rule';
import { KEY_FORM, NODE_CONFIG } from './node-config';
import { GONE, document, nodesOf } from './setting';
import type { ClusterWith, NodeSetting, OnNodes, Output, Statement } from './setting';

type Labels = Readonly<Record<string, string | null>>;

export interface NodeLabelsSetting {
  /**
   * Labels of the Node objects. `null` for `node.kubernetes.io/exclude-from-external-load-balancers` removes it from the control
   * planes, where Talos sets it. In a config with `machine.nodeLabels` this also removes all other labels of the control planes, except those
   * given here.
   * @default - none
   */
  readonly nodeLabels?: Labels;
}

export interface NodeLabelsMembers {
  /** Labels of all nodes; `null` for one that is removed from the control planes. */
  readonly nodeLabels: Labels;
}

type LabelsCluster = ClusterWith<OnNodes<NodeLabelsSetting>>;

/**
 * Labels of the Node objects. A removal goes to the control planes, the only nodes that have the label. Talos refuses to delete a label
 * that is absent: in a document it is set first; in the section all labels are deleted, and those of this patch are set again.
 * @see https://docs.siderolabs.com/kubernetes-guides/advanced-guides/node-labels
 */
export const nodeLabels: NodeSetting<NodeLabelsSetting, NodeLabelsMembers> = {
  ...NODE_CONFIG,
  name: 'node-labels',
  nodeShape: { nodeLabels: mapOf(textOrNull) },
  resolve: ({ nodeLabels: all = {}, controlPlanes }) => {
    const own = controlPlanes?.nodeLabels ?? {};
    const kept = Object.entries(all).filter(([name, value]) => value !== null || (own[name] ?? null) === null);
    return { nodeLabels: Object.fromEntries([...kept, ...Object.entries(own).filter(([, value]) => value === null)]) };
  },
  elsewhere: {
    controlPlaneNodeLabels: 'Write `controlPlanes: { nodeLabels: … }`.',
    workerNodeLabels: 'Write `workers: { nodeLabels: … }`.',
  },
  wanted: ({ talos }) =>
    nodesOf<NodeLabelsSetting>(talos).some(({ props }) => Object.keys(props.nodeLabels ?? {}).length > 0),
  section: ({ talos }) => {
    const section = (labels: JsonObject): JsonObject => ({ machine: { nodeLabels: labels } });
    if (removedLabels(talos).length === 0) return added(talos, section);
    // The patch's own labels for all nodes are deleted with the others.
    const kept = keptLabels({ ...talos.given.nodeLabels, ...talos.given.controlPlanes?.nodeLabels });
    return [
      ...added(talos, section).filter(({ output }) => output !== 'controlplane'),
      onControlPlanes(section(GONE), 'first'),
      ...(Object.keys(kept).length === 0 ? [] : [onControlPlanes(section(kept))]),
    ];
  },
  documents: ({ talos }) => [
    ...added(talos, (labels) => document('KubeNodeConfig', { labels })),
    ...removedLabels(talos).flatMap((key) => [
      onControlPlanes(document('KubeNodeConfig', { labels: { [key]: '' } })),
      onControlPlanes(document('KubeNodeConfig', { labels: { [key]: GONE } }), 'last'),
    ]),
  ],
  rules: [
    {
      id: 'talos-cluster/node-label',
      level: 'error',
      find: (talos) =>
        labelsOf(talos).flatMap(({ path, key, value, output }) => {
          if (!isLabelKey(key)) return problem(path, `'${key}' is not a valid label key.`, KEY_FORM);
          // The only label that a patch can be sure to find.
          if (value === null && (key !== EXCLUDE_FROM_LOAD_BALANCERS || output === 'worker')) {
            const message = `Only ${EXCLUDE_FROM_LOAD_BALANCERS} of control planes can be removed: Talos refuses a patch that deletes an absent label.`;
            return problem(path, message, 'Leave the label out here, and remove it where it was set.');
          }
          if (value === null || isLabelValue(value)) return [];
          const hint = 'Use at most 63 letters, digits, dashes, dots and underscores.';
          return problem(path, `'${value}' is not a valid label value.`, hint);
        }),
      examples: {
        bad: { nodeLabels: { 'example.org/zone': null } },
        good: { nodeLabels: { 'example.org/zone': 'a', [EXCLUDE_FROM_LOAD_BALANCERS]: null } },
      },
    },
  ],
};

/** One label of nodes. */
export interface PlacedLabel {
  readonly output: Output;
  /** `talos.workers.nodeLabels.zone`. */
  readonly path: string;
  readonly key: string;
  readonly value: string | null;
}

/** The labels of nodes by place. */
export function labelsOf(talos: LabelsCluster): readonly PlacedLabel[] {
  return nodesOf<NodeLabelsSetting>(talos).flatMap(({ output, place, props }) =>
    Object.entries(props.nodeLabels ?? {}).map(([key, value]) => ({
      output,
      path: `talos.${place}nodeLabels.${key}`,
      key,
      value,
    })),
  );
}

function onControlPlanes(patch: JsonObject, place?: Statement['place']): Statement {
  return { output: 'controlplane', document: patch, ...(place === undefined ? {} : { place }) };
}

function added(talos: LabelsCluster, write: (labels: JsonObject) => JsonObject): readonly Statement[] {
  return nodesOf<NodeLabelsSetting>(talos).flatMap(({ output, props }) => {
    const labels = keptLabels(props.nodeLabels);
    return Object.keys(labels).length === 0 ? [] : [{ output, document: write(labels) }];
  });
}

function keptLabels(labels: JsonObject = {}): JsonObject {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== null));
}

/** Labels that are removed from the control planes. */
function removedLabels({ given }: LabelsCluster): readonly string[] {
  const all = { ...given.nodeLabels, ...given.controlPlanes?.nodeLabels };
  return Object.keys(all).filter((key) => all[key] === null);
}
