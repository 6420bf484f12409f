import { GONE, document, holdsSection, repeatsDocuments, setAnew } from './setting';
import type { Setting, Statement } from './setting';

/**
 * DNS servers of the nodes: a document as soon as Talos knows it, which Talos refuses beside the section. Up to 1.12 every generated config
 * has `machine.network` to delete the section from. Beside search domains in their section there is no document. Both lists append when
 * patches meet.
 */
export const nameservers: Setting = {
  name: 'nameservers',
  since: '1.12',
  sections: ['machine.network.searchDomains', 'machine.network.disableSearchDomain'],
  wanted: ({ talos }) => (talos.given.nameservers ?? []).length > 0,
  section: ({ talos }) => [
    WITHOUT_SECTION,
    { output: 'all', document: { machine: { network: { nameservers: talos.given.nameservers } } } },
  ],
  documents: (needs) => [
    ...(holdsSection('machine.network.nameservers', '1.13', needs.talos) ? [WITHOUT_SECTION] : []),
    ...setAnew(
      needs,
      'all',
      document('ResolverConfig', { nameservers: needs.talos.given.nameservers?.map((address) => ({ address })) }),
      document('ResolverConfig', { nameservers: GONE }),
    ),
  ],
  appends: ({ talos }, way) => (way === 'section' || repeatsDocuments(talos) ? [] : ['nameservers']),
};

const WITHOUT_SECTION: Statement = {
  output: 'all',
  place: 'first',
  document: { machine: { network: { nameservers: GONE } } },
};
