import { GONE, document, repeatsDocuments, setAnew } from './setting';
import type { Setting, Statement } from './setting';

/**
 * NTP servers of the nodes: a document as soon as Talos knows it, which Talos refuses beside the section. The section can be deleted
 * from any config. Both lists append when patches meet.
 */
export const time: Setting = {
  name: 'time',
  since: '1.12',
  sections: [],
  wanted: ({ talos }) => (talos.given.timeServers ?? []).length > 0,
  section: ({ talos }) => [
    WITHOUT_SECTION,
    { output: 'all', document: { machine: { time: { servers: talos.given.timeServers } } } },
  ],
  documents: (needs) => [
    WITHOUT_SECTION,
    ...setAnew(
      needs,
      'all',
      document('TimeSyncConfig', { ntp: { servers: needs.talos.given.timeServers } }),
      document('TimeSyncConfig', { ntp: { servers: GONE } }),
    ),
  ],
  appends: ({ talos }, way) => (way === 'section' || repeatsDocuments(talos) ? [] : ['timeServers']),
};

const WITHOUT_SECTION: Statement = { output: 'all', place: 'first', document: { machine: { time: GONE } } };
