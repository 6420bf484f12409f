import type { JsonObject } from '../../kubernetes/json';
import { document } from './setting';
import type { Needs, Setting } from './setting';

/**
 * The DNS cache of the nodes. Forwarding is always written, because generated configs have it on, and Talos refuses it without the cache.
 * `ResolverConfig` holds it with the nameservers, and is refused beside what sections say of either.
 */
export const hostDNS: Setting = {
  name: 'host-dns',
  since: '1.14',
  generatedSince: '1.14',
  sections: [
    'machine.features.hostDNS',
    'machine.network.nameservers',
    'machine.network.searchDomains',
    'machine.network.disableSearchDomain',
  ],
  wanted: ({ talos }) => talos.given.hostDNS !== undefined,
  section: (needs) => [{ output: 'all', document: { machine: { features: { hostDNS: fields(needs) } } } }],
  documents: (needs) => [{ output: 'all', document: document('ResolverConfig', { hostDNS: fields(needs) }) }],
};

/** Member names need the cache too: with it they go, whoever switched them on. */
function fields({ talos: { hostDNS: dns, given } }: Needs): JsonObject {
  const { enabled, forwardKubeDNSToHost, resolveMemberNames } = dns;
  const isSaid = given.hostDNS?.resolveMemberNames !== undefined || !enabled;
  return { enabled, forwardKubeDNSToHost, resolveMemberNames: isSaid ? resolveMemberNames : undefined };
}
