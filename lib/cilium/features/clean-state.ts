import type { Feature } from '../feature';
import { given } from '../../helm/truth';

/** Repair switches: what the agent throws away when it starts. */
export const cleanState: Feature = {
  name: 'clean-state',
  contribute: ({ v }) => ({
    config: {
      'clean-cilium-bpf-state': given(v.cleanBpfState) ? true : undefined,
      'clean-cilium-state': given(v.cleanState) ? true : undefined,
    },
  }),
  checks: [
    {
      id: 'clean-state/every-start',
      level: 'warning',
      when: ({ v }) => given(v.cleanState) || given(v.cleanBpfState),
      at: ['cleanState', 'cleanBpfState'],
      says: 'State is thrown away whenever an agent starts, also when it restarts by itself, and connections break each time.',
      fix: 'Leave it out again as soon as the agents have started once.',
      examples: { bad: { values: { cleanBpfState: true } }, good: { values: {} } },
    },
  ],
};
