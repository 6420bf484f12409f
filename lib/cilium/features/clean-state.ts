import type { Feature } from '../feature';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';

/** Repair switches: the state that the agent deletes when it starts. */
export const cleanState: Feature = {
  name: 'clean-state',
  contribute: ({ v }) => ({
    config: {
      'clean-cilium-bpf-state': isTruthy(v.cleanBpfState) ? true : undefined,
      'clean-cilium-state': isTruthy(v.cleanState) ? true : undefined,
    },
  }),
  rules: [
    {
      id: 'clean-state/every-start',
      level: 'warning',
      find: ({ v }) =>
        (isTruthy(v.cleanState) || isTruthy(v.cleanBpfState)) &&
        problem(
          ['cleanState', 'cleanBpfState'],
          'The state is deleted at every start of an agent, restarts included, and connections break each time.',
          'Remove it as soon as the agents have started once.',
        ),
      examples: { bad: { values: { cleanBpfState: true } }, good: { values: {} } },
    },
  ],
};
