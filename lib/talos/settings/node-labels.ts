import type { JsonObject } from '../../kubernetes/json';
import { document, isMultidoc, nodePropsOf } from '../setting';
import type { Output, Setting, Statement } from '../setting';
import type { TalosCluster } from '../cluster';

/**
 * Labels of the Node objects. One that is taken away goes to the control planes, the only nodes that have it. In the legacy
 * style Talos refuses to remove a label that is not there; a document is set first, so that it is there in any case.
 */
export const nodeLabels: Setting = {
  name: 'node-labels',
  wanted: ({ talos }) => nodePropsOf(talos).some(([, props]) => Object.keys(props.nodeLabels ?? {}).length > 0),
  asDocuments: isMultidoc,
  section: ({ talos }) => [
    ...added(talos, (labels) => ({ machine: { nodeLabels: labels } })),
    ...removed(talos).map((key) => onControlPlanes({ machine: { nodeLabels: { [key]: { $patch: 'delete' } } } })),
  ],
  documents: ({ talos }) => [
    ...added(talos, (labels) => document('KubeNodeConfig', { labels })),
    ...removed(talos).flatMap((key) => [
      onControlPlanes(document('KubeNodeConfig', { labels: { [key]: '' } })),
      onControlPlanes(document('KubeNodeConfig', { labels: { [key]: { $patch: 'delete' } } }), 'last'),
    ]),
  ],
};

function onControlPlanes(patch: JsonObject, place?: Statement['place']): Statement {
  return { output: 'controlplane', document: patch, ...(place === undefined ? {} : { place }) };
}

function added(talos: TalosCluster, write: (labels: JsonObject) => JsonObject): readonly Statement[] {
  const parts = nodePropsOf(talos).map(([output, props]): readonly [Output, JsonObject] => [
    output,
    Object.fromEntries(Object.entries(props.nodeLabels ?? {}).filter(([, value]) => value !== null)),
  ]);
  return parts.filter(([, labels]) => Object.keys(labels).length > 0).map(([output, labels]) => ({ output, document: write(labels) }));
}

/** Labels that the control planes lose. */
function removed({ given }: TalosCluster): readonly string[] {
  const all = { ...given.nodeLabels, ...given.controlPlanes?.nodeLabels };
  return Object.keys(all).filter((key) => all[key] === null);
}
