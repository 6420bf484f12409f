import type { Feature } from '../feature';
import { isTruthy } from '../../helm/truth';

/** Go's profiler in agent and operator. */
export const pprof: Feature = {
  name: 'pprof',
  contribute: ({
    v: {
      pprof: agent,
      operator: { pprof: operator },
    },
  }) => ({
    config: {
      ...(isTruthy(agent.enabled)
        ? {
            pprof: agent.enabled,
            'pprof-address': agent.address,
            'pprof-block-profile-rate': agent.blockProfileRate,
            'pprof-mutex-profile-fraction': agent.mutexProfileFraction,
            'pprof-port': agent.port,
          }
        : {}),
      ...(isTruthy(operator.enabled)
        ? {
            'operator-pprof': operator.enabled,
            'operator-pprof-address': operator.address,
            'operator-pprof-block-profile-rate': operator.blockProfileRate,
            'operator-pprof-mutex-profile-fraction': operator.mutexProfileFraction,
            'operator-pprof-port': operator.port,
          }
        : {}),
    },
  }),
};
