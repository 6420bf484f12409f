import type { TalosClusterProps } from './settings';

/** CoreDNS does not use the node's DNS cache, which Cilium's BPF masquerading would break (`masquerade/host-dns`): for examples of other rules. */
export const OWN_DNS = {
  hostDNS: { enabled: true, forwardKubeDNSToHost: false },
} as const satisfies Partial<TalosClusterProps>;

/** An ordinary Talos cluster, for examples of rules. */
export const EXAMPLE_CLUSTER = { talosVersion: '1.13', ...OWN_DNS } as const satisfies TalosClusterProps;
