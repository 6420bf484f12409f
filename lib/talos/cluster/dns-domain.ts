import { isDnsSubdomain } from '../../kubernetes/names';
import { text } from '../../props/shape';
import { problem } from '../../rules/rule';
import { CLUSTER_NETWORK } from './cluster-network';
import { document } from './setting';
import type { Setting } from './setting';

export interface DNSDomainSetting {
  /**
   * The domain of the cluster's DNS: `home.example.org` makes `web.default.svc.home.example.org`. `talosValues` passes it to Cilium.
   * @default cluster.local
   */
  readonly dnsDomain?: string;
}

export type DNSDomainMembers = Required<DNSDomainSetting>;

/** The domain of generated configs. */
export const DEFAULT_DNS_DOMAIN = 'cluster.local';

/**
 * The domain of Services and pods.
 * @see https://docs.siderolabs.com/talos/v1.14/reference/configuration/kubernetes/kubenetworkconfig
 */
export const dnsDomain: Setting<DNSDomainSetting, DNSDomainMembers> = {
  ...CLUSTER_NETWORK,
  name: 'dns-domain',
  shape: { dnsDomain: text },
  elsewhere: { clusterDomain: 'Write `dnsDomain`.' },
  resolve: ({ dnsDomain: given = DEFAULT_DNS_DOMAIN }) => ({ dnsDomain: given }),
  wanted: ({ talos }) => talos.given.dnsDomain !== undefined,
  section: ({ talos }) => [{ output: 'all', document: { cluster: { network: { dnsDomain: talos.given.dnsDomain } } } }],
  documents: ({ talos }) => [
    { output: 'all', document: document('KubeNetworkConfig', { dnsDomain: talos.given.dnsDomain }) },
  ],
  rules: [
    {
      id: 'talos-cluster/dns-domain',
      level: 'error',
      find: ({ dnsDomain: domain }) =>
        isDnsSubdomain(domain.toLowerCase())
          ? []
          : problem(
              'talos.dnsDomain',
              `'${domain}' is not a valid domain name.`,
              'Write it as cluster.local: letters, digits, dashes and dots, without a dot at the end.',
            ),
      examples: { bad: { dnsDomain: '.cluster.local' }, good: { dnsDomain: 'home.example.org' } },
    },
  ],
};
