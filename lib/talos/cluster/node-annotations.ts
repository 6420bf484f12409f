import { isLabelKey } from '../../kubernetes/names';
import { mapOf, text } from '../../props/shape';
import { problem } from '../../rules/rule';
import { KEY_FORM, NODE_CONFIG } from './node-config';
import { document, nodeMap, nodesOf } from './setting';
import type { NodeSetting } from './setting';

export interface NodeAnnotationsSetting {
  /** Annotations of the Node objects. @default - none */
  readonly nodeAnnotations?: Readonly<Record<string, string>>;
}

/** Annotations in which Talos records what it owns. */
const RESERVED = /^talos\.dev\/owned-(annotations|labels|taints)$/;

/** The limit of Kubernetes for the annotations of an object. */
const MOST_BYTES = 256 * 1024;

/**
 * Annotations of the Node objects.
 * @see https://docs.siderolabs.com/talos/v1.14/reference/configuration/kubernetes/kubenodeconfig
 */
export const nodeAnnotations: NodeSetting<NodeAnnotationsSetting> = {
  ...NODE_CONFIG,
  ...nodeMap(
    'nodeAnnotations',
    (annotations) => ({ machine: { nodeAnnotations: annotations } }),
    (annotations) => document('KubeNodeConfig', { annotations }),
  ),
  name: 'node-annotations',
  nodeShape: { nodeAnnotations: mapOf(text) },
  rules: [
    {
      id: 'talos-cluster/node-annotation',
      level: 'error',
      find: (talos) =>
        nodesOf<NodeAnnotationsSetting>(talos).flatMap(({ place, props: { nodeAnnotations: annotations = {} } }) => {
          const path = `talos.${place}nodeAnnotations`;
          const bytes = Object.entries(annotations).reduce((sum, entry) => sum + Buffer.byteLength(entry.join('')), 0);
          return [
            ...Object.keys(annotations).flatMap((key) => {
              if (!isLabelKey(key))
                return problem(`${path}.${key}`, `'${key}' is not a valid annotation key.`, KEY_FORM);
              if (!RESERVED.test(key)) return [];
              return problem(`${path}.${key}`, 'This annotation is reserved for Talos.', 'Leave it out.');
            }),
            ...(bytes <= MOST_BYTES
              ? []
              : [
                  problem(
                    path,
                    `The annotations have ${String(bytes)} bytes, and the limit of Kubernetes is 256 KiB.`,
                    'Keep such data in a ConfigMap.',
                  ),
                ]),
          ];
        }),
      examples: {
        bad: { nodeAnnotations: { 'talos.dev/owned-taints': '' } },
        good: { nodeAnnotations: { 'example.org/note': 'any text' } },
      },
    },
  ],
};
