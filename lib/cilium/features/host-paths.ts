import { isTruthy } from '../../helm/truth';
import type { Feature } from '../feature';

/** The host file systems of the agent. */
export const hostPaths: Feature = {
  name: 'host-paths',
  contribute: ({ v }) => ({
    config: {
      'bpf-root': v.bpf.root,
      'cgroup-root': v.cgroup.hostRoot,
      // A privileged container sees the host's /proc.
      procfs: isTruthy(v.securityContext.privileged) ? undefined : '/host/proc',
    },
  }),
};
