import type { CiliumValues } from '../../../imports/cilium-chart';
import type { TalosFacts } from '../../talos/cluster/facts';

/** A Talos cluster for the examples of rules: as `talosctl gen config` generates it, with these differences. */
export function exampleTalos(differences: Partial<TalosFacts> = {}): TalosFacts {
  return {
    talosVersion: '1.13',
    podSubnets: ['10.244.0.0/16'],
    serviceSubnets: ['10.96.0.0/12'],
    kubePrism: { enabled: true, port: 7445 },
    hostDNS: { enabled: true, forwardKubeDNSToHost: true },
    ...differences,
  };
}

/** The values of every Cilium on Talos, for the same examples: capabilities that Talos grants, and its cgroup mount. */
export const TALOS_VALUES = {
  cgroup: { autoMount: { enabled: false }, hostRoot: '/sys/fs/cgroup' },
  ipam: { mode: 'kubernetes' },
  securityContext: {
    capabilities: { ciliumAgent: ['NET_ADMIN', 'SYS_ADMIN', 'SYSLOG'], cleanCiliumState: ['NET_ADMIN', 'SYS_ADMIN'] },
  },
} as const satisfies CiliumValues;
