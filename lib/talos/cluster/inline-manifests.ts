import { GONE, document } from './setting';
import type { Spelling, Statement } from './setting';

/**
 * Manifests that control planes apply. The list appends when patches are merged, and Talos refuses a name that is there twice;
 * `replace` empties it first. A document replaces the one with its name; an item of the list with the same name would win over it.
 * @see https://docs.siderolabs.com/talos/v1.14/reference/configuration/kubernetes/kubeinlinemanifestconfig
 */
export const inlineManifests: Spelling = {
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
