import { GONE, document } from './setting';
import type { Setting } from './setting';

/**
 * The API server's address on every node. As documents, "off" is its document being gone, and the section, which can be deleted from any
 * config.
 */
export const kubePrism: Setting = {
  name: 'kube-prism',
  since: '1.14',
  generatedSince: '1.14',
  sections: ['machine.features.kubePrism'],
  wanted: ({ talos }) => talos.given.kubePrism !== undefined,
  section: ({ talos: { kubePrism: prism } }) => [
    {
      output: 'all',
      document: {
        machine: { features: { kubePrism: prism.enabled ? { enabled: true, port: prism.port } : { enabled: false } } },
      },
    },
  ],
  documents: ({ talos: { kubePrism: prism } }) => [
    ...(prism.enabled
      ? []
      : [{ output: 'all', place: 'first', document: { machine: { features: { kubePrism: GONE } } } } as const]),
    { output: 'all', document: document('KubePrismConfig', prism.enabled ? { port: prism.port } : GONE) },
  ],
};
