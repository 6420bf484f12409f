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
};
