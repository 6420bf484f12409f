import type { JsonObject } from '../../kubernetes/json';
import { document, isMultidoc } from '../setting';
import type { Needs, Output, Setting, Statement } from '../setting';

/**
 * Labels of the Node objects. New ones go to all nodes; one that is taken away goes to the control planes, the only
 * nodes that have it. Talos refuses to remove a label that is no longer there.
 */
export const nodeLabels: Setting = {
  name: 'node-labels',
  wanted: ({ talos }) => Object.keys(talos.nodeLabels).length > 0,
  asDocuments: isMultidoc,
  section: (needs) => labels(needs, (values) => ({ machine: { nodeLabels: values } })),
  documents: (needs) => labels(needs, (values) => document('KubeNodeConfig', { labels: values })),
};

function labels({ talos }: Needs, write: (values: JsonObject) => JsonObject): readonly Statement[] {
  const entries = Object.entries(talos.nodeLabels);
  const added = entries.filter(([, value]) => value !== null);
  const removed = entries.filter(([, value]) => value === null).map(([key]) => [key, { $patch: 'delete' }]);
  const parts: readonly (readonly [Output, JsonObject])[] = [
    ['all', Object.fromEntries(added)],
    ['controlplane', Object.fromEntries(removed)],
  ];
  return parts.filter(([, values]) => Object.keys(values).length > 0).map(([output, values]) => ({ output, document: write(values) }));
}
