import { document, isMultidoc } from '../setting';
import type { Setting, Statement } from '../setting';

/**
 * Manifests that control planes apply. The list appends when patches meet, and Talos refuses a name that is there twice;
 * `replace` empties it first. A document replaces the one of its name.
 */
export const inlineManifests: Setting = {
  name: 'inline-manifests',
  wanted: ({ manifests }) => manifests.length > 0,
  asDocuments: isMultidoc,
  section: ({ manifests, replace }) => {
    const list = manifests.map(({ name, text }) => ({ name, contents: text }));
    const emptied: Statement = { output: 'controlplane', place: 'first', document: { cluster: { inlineManifests: { $patch: 'delete' } } } };
    return [...(replace ? [emptied] : []), { output: 'controlplane', document: { cluster: { inlineManifests: list } } }];
  },
  documents: ({ manifests }) =>
    manifests.map(({ name, text }) => ({
      output: 'controlplane',
      document: document('KubeInlineManifestConfig', { name, manifest: text }),
    })),
};
