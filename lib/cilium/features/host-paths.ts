import { isTruthy } from '../../helm/truth';
import type { Feature } from '../feature';

/** Where the agent finds the file systems of the host. */
export const hostPaths: Feature = {
  name: 'host-paths',
  contribute: ({ v }) => ({
    config: {
      'bpf-root': v.bpf.root,
      'cgroup-root': v.cgroup.hostRoot,
      // A privileged container sees the host's /proc as its own.
      procfs: isTruthy(v.securityContext.privileged) ? undefined : '/host/proc',
    },
  }),
};
