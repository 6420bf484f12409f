import { document } from '../setting';
import type { Setting } from '../setting';
import { talosHas } from '../versions';

/** NTP servers of the nodes. Both lists append when patches meet. */
export const time: Setting = {
  name: 'time',
  wanted: ({ talos }) => (talos.given.timeServers ?? []).length > 0,
  asDocuments: ({ talosVersion }) => talosHas(talosVersion, 'time-sync-config'),
  section: ({ talos }) => [{ output: 'all', document: { machine: { time: { servers: talos.given.timeServers } } } }],
  documents: ({ talos }) => [{ output: 'all', document: document('TimeSyncConfig', { ntp: { servers: talos.given.timeServers } }) }],
};
