import { document, isMultidoc } from '../setting';
import type { Setting } from '../setting';

/**
 * The DNS cache of the nodes. All of it is written, because generated configs have forwarding on, and forwarding
 * without the cache is refused. `ResolverConfig` knows it from the release on that has the documents in place of sections.
 */
export const hostDNS: Setting = {
  name: 'host-dns',
  wanted: ({ talos }) => talos.given.hostDNS !== undefined,
  asDocuments: isMultidoc,
  section: ({ talos }) => [{ output: 'all', document: { machine: { features: { hostDNS: { ...talos.hostDNS } } } } }],
  documents: ({ talos }) => [{ output: 'all', document: document('ResolverConfig', { hostDNS: { ...talos.hostDNS } }) }],
};
