import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import type { ValuesRule } from '../../values-rule';
import { neededAccount, neededValues } from '../../parts/needed-values';
import type { NeededValue } from '../../parts/needed-values';
import { isInstalled } from './rules';

/** Required values of the agent's objects. */
export const AGENT_NEEDED_VALUES: readonly ValuesRule[] = neededValues([
  neededAccount('cilium', isInstalled, { good: 'cilium' }),
  needed('name', 'cilium', ({ v }) => v.name),
  needed('daemon.runPath', '/var/run/cilium', ({ v }) => v.daemon.runPath),
  needed('cgroup.hostRoot', '/sys/fs/cgroup', ({ v }) => v.cgroup.hostRoot),
  needed('cni.binPath', '/opt/cni/bin', ({ v }) => v.cni.binPath),
  needed('cni.confPath', '/etc/cni/net.d', ({ v }) => v.cni.confPath),
  needed('cni.hostConfDirMountPath', '/host/etc/cni/net.d', ({ v }) => v.cni.hostConfDirMountPath),
  {
    path: 'healthPort',
    value: ({ v }) => v.healthPort,
    when: (ctx) => isInstalled(ctx) && ctx.has('agent-named-ports'),
    good: 9879,
    version: '1.20.0',
  },
  {
    path: 'prometheus.port',
    value: ({ v }) => v.prometheus.port,
    when: (ctx) => isInstalled(ctx) && isTruthy(ctx.v.prometheus.enabled),
    on: { prometheus: { enabled: true } },
    good: 9962,
  },
]);

function needed(path: string, good: string, value: (ctx: Context) => unknown): NeededValue {
  return { path, good, value, when: isInstalled };
}
