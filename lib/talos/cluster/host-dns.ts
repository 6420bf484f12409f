import type { JsonObject } from '../../kubernetes/json';
import { boolean, props } from '../../props/shape';
import { problem } from '../../rules/rule';
import { document } from './setting';
import type { ClusterWith, Setting } from './setting';
import { isSince } from './versions';

/** The DNS cache of a node. */
export interface HostDNSProps {
  /** @default true */
  readonly enabled?: boolean;
  /** CoreDNS uses the node's cache instead of the nameservers. @default - as `enabled` */
  readonly forwardKubeDNSToHost?: boolean;
  /** The cache resolves the names of cluster members. @default false */
  readonly resolveMemberNames?: boolean;
}

export interface HostDNSSetting {
  /** @default - on, used by CoreDNS; off in a config that was generated before Talos 1.7, and not used by CoreDNS before 1.8 */
  readonly hostDNS?: HostDNSProps;
}

export interface HostDNSMembers {
  readonly hostDNS: Required<HostDNSProps>;
}

/**
 * The DNS cache of the nodes. Forwarding is always written, because generated configs have it on, and Talos refuses it without the cache.
 * `ResolverConfig` holds it with the nameservers, and Talos refuses that document beside sections of either.
 * @see https://docs.siderolabs.com/talos/v1.14/networking/host-dns
 */
export const hostDNS: Setting<HostDNSSetting, HostDNSMembers> = {
  name: 'host-dns',
  shape: {
    hostDNS: props<HostDNSProps>({ enabled: boolean, forwardKubeDNSToHost: boolean, resolveMemberNames: boolean }),
  },
  resolve: ({ hostDNS: given }, { generatedBy }) => {
    const enabled = given === undefined ? isSince(generatedBy, '1.7') : (given.enabled ?? true);
    const forwardKubeDNSToHost = enabled && (given !== undefined || isSince(generatedBy, '1.8'));
    return { hostDNS: { enabled, forwardKubeDNSToHost, resolveMemberNames: false, ...given } };
  },
  since: '1.14',
  generatedSince: '1.14',
  sections: [
    'machine.features.hostDNS',
    'machine.network.nameservers',
    'machine.network.searchDomains',
    'machine.network.disableSearchDomain',
  ],
  wanted: ({ talos }) => talos.given.hostDNS !== undefined,
  section: ({ talos }) => [{ output: 'all', document: { machine: { features: { hostDNS: fields(talos) } } } }],
  documents: ({ talos }) => [{ output: 'all', document: document('ResolverConfig', { hostDNS: fields(talos) }) }],
  rules: [
    {
      id: 'talos-cluster/host-dns',
      level: 'error',
      find: ({ hostDNS: dns }) =>
        (['forwardKubeDNSToHost', 'resolveMemberNames'] as const)
          .filter((name) => !dns.enabled && dns[name])
          .map((name) =>
            problem(
              [`talos.hostDNS.${name}`, 'talos.hostDNS.enabled'],
              `${name} needs the DNS cache of the node, which is off.`,
              `Turn hostDNS.enabled on, or ${name} off.`,
            ),
          ),
      examples: {
        bad: { hostDNS: { enabled: false, forwardKubeDNSToHost: true } },
        good: { hostDNS: { enabled: false, forwardKubeDNSToHost: false } },
      },
    },
  ],
};

/** Member names need the cache too: they are switched off with it, in any config. */
function fields({ hostDNS: dns, given }: ClusterWith<HostDNSSetting, HostDNSMembers>): JsonObject {
  const { enabled, forwardKubeDNSToHost, resolveMemberNames } = dns;
  const isWritten = given.hostDNS?.resolveMemberNames !== undefined || !enabled;
  return { enabled, forwardKubeDNSToHost, resolveMemberNames: isWritten ? resolveMemberNames : undefined };
}
