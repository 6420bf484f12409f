import type { CiliumValues } from '../../../imports/cilium-chart';
import type { TalosFacts } from '../../talos/cluster/facts';

/** A Talos cluster for the examples of checks: as `talosctl gen config` makes it, but for what is given. */
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

/** What every Cilium on Talos is told, for the same examples: capabilities that Talos grants, and its own cgroup mount. */
export const TALOS_VALUES = {
  cgroup: { autoMount: { enabled: false }, hostRoot: '/sys/fs/cgroup' },
  ipam: { mode: 'kubernetes' },
  securityContext: {
    capabilities: { ciliumAgent: ['NET_ADMIN', 'SYS_ADMIN', 'SYSLOG'], cleanCiliumState: ['NET_ADMIN', 'SYS_ADMIN'] },
  },
} as const satisfies CiliumValues;
