import type { JsonObject } from '../../kubernetes/json';
import { GONE, document, nodePropsOf } from './setting';
import type { Output, Setting, Statement } from './setting';
import type { TalosCluster } from './cluster';
import { NODE_CONFIG } from './node-config';

/**
 * Labels of the Node objects. One that is taken away goes to the control planes, the only nodes that have it. Talos refuses to delete a
 * label that is not there: a document is set first, so that it is there in any case; of the section all labels go, and those of this patch
 * are set again.
 */
export const nodeLabels: Setting = {
  ...NODE_CONFIG,
  name: 'node-labels',
  wanted: ({ talos }) => nodePropsOf(talos).some(([, props]) => Object.keys(props.nodeLabels ?? {}).length > 0),
  section: ({ talos }) => {
    const section = (labels: JsonObject): JsonObject => ({ machine: { nodeLabels: labels } });
    if (removedLabels(talos).length === 0) return added(talos, section);
    // Those of the patch for all nodes go with the others.
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
};

function onControlPlanes(patch: JsonObject, place?: Statement['place']): Statement {
  return { output: 'controlplane', document: patch, ...(place === undefined ? {} : { place }) };
}

function added(talos: TalosCluster, write: (labels: JsonObject) => JsonObject): readonly Statement[] {
  const parts = nodePropsOf(talos).map(([output, props]): readonly [Output, JsonObject] => [
    output,
    keptLabels(props.nodeLabels),
  ]);
  return parts
    .filter(([, labels]) => Object.keys(labels).length > 0)
    .map(([output, labels]) => ({ output, document: write(labels) }));
}

function keptLabels(labels: JsonObject = {}): JsonObject {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== null));
}

/** Labels that the control planes lose. */
function removedLabels({ given }: TalosCluster): readonly string[] {
  const all = { ...given.nodeLabels, ...given.controlPlanes?.nodeLabels };
  return Object.keys(all).filter((key) => all[key] === null);
}
