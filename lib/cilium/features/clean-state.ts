import type { Feature } from '../feature';
import { isTruthy } from '../../helm/truth';

/** Repair switches: what the agent throws away when it starts. */
export const cleanState: Feature = {
  name: 'clean-state',
  contribute: ({ v }) => ({
    config: {
      'clean-cilium-bpf-state': isTruthy(v.cleanBpfState) ? true : undefined,
      'clean-cilium-state': isTruthy(v.cleanState) ? true : undefined,
    },
  }),
  checks: [
    {
      id: 'clean-state/every-start',
      level: 'warning',
      when: ({ v }) => isTruthy(v.cleanState) || isTruthy(v.cleanBpfState),
      paths: ['cleanState', 'cleanBpfState'],
      message:
        'State is thrown away whenever an agent starts, also when it restarts by itself, and connections break each time.',
      hint: 'Leave it out again as soon as the agents have started once.',
      examples: { bad: { values: { cleanBpfState: true } }, good: { values: {} } },
    },
  ],
};
