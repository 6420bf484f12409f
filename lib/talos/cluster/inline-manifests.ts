import { GONE, document } from './setting';
import type { Setting, Statement } from './setting';

/**
 * Manifests that control planes apply. The list appends when patches meet, and Talos refuses a name that is there twice;
 * `replace` empties it first. A document replaces the one of its name; an item of the list that has its name would win over it.
 */
export const inlineManifests: Setting = {
  name: 'inline-manifests',
  since: '1.14',
  generatedSince: '1.14',
  sections: ['cluster.inlineManifests'],
  wanted: ({ manifests }) => manifests.length > 0,
  section: ({ manifests, replace }) => {
    const list = manifests.map(({ name, text }) => ({ name, contents: text }));
    const emptied: Statement = {
      output: 'controlplane',
      place: 'first',
      document: { cluster: { inlineManifests: GONE } },
    };
    return [
      ...(replace ? [emptied] : []),
      { output: 'controlplane', document: { cluster: { inlineManifests: list } } },
    ];
  },
  documents: (needs) =>
    needs.manifests.map(({ name, text }) => ({
      output: 'controlplane',
      document: document('KubeInlineManifestConfig', { name, manifest: text }),
    })),
  silentOnSections: true,
  appends: ({ replace }, way) => (replace || way === 'documents' ? [] : ['manifests']),
};
