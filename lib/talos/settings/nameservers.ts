import { document } from '../setting';
import type { Setting } from '../setting';
import { talosHas } from '../versions';

/** DNS servers of the nodes. Both lists append when patches meet. */
export const nameservers: Setting = {
  name: 'nameservers',
  wanted: ({ talos }) => (talos.given.nameservers ?? []).length > 0,
  asDocuments: ({ talosVersion }) => talosHas(talosVersion, 'resolver-config'),
  section: ({ talos }) => [{ output: 'all', document: { machine: { network: { nameservers: talos.given.nameservers } } } }],
  documents: ({ talos }) => [
    { output: 'all', document: document('ResolverConfig', { nameservers: talos.given.nameservers?.map((address) => ({ address })) }) },
  ],
};
