import { GONE, document } from './setting';
import type { Spelling, Statement } from './setting';

/**
 * Manifests that control planes download. The list and the headers append when patches are merged; `replace` empties both first. A document
 * replaces the one with its name.
 * @see https://docs.siderolabs.com/talos/v1.14/reference/configuration/kubernetes/kubeexternalmanifestconfig
 */
export const externalManifests: Spelling = {
  name: 'external-manifests',
  since: '1.14',
  generatedSince: '1.14',
  sections: ['cluster.extraManifests'],
  wanted: (needs) => needs.externalManifests.length > 0,
  section: (needs) => {
    const headers = needs.externalManifests.find((manifest) => manifest.headers !== undefined)?.headers;
    const emptied: Statement = {
      output: 'controlplane',
      place: 'first',
      document: { cluster: { extraManifests: GONE, extraManifestHeaders: GONE } },
    };
    return [
      ...(needs.replace ? [emptied] : []),
      {
        output: 'controlplane',
        document: {
          cluster: { extraManifests: needs.externalManifests.map(({ url }) => url), extraManifestHeaders: headers },
        },
      },
    ];
  },
  documents: (needs) =>
    needs.externalManifests.map(({ name, url, headers }) => ({
      output: 'controlplane',
      document: document('KubeExternalManifestConfig', { name, url, headers }),
    })),
  silentOnSections: true,
  appends: ({ replace }, way) => (replace || way === 'documents' ? [] : ['externalManifests']),
};
