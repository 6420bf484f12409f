import type { Feature } from '../feature';
import { toJson } from '../../helm/json';
import { given, whenGiven } from '../../helm/truth';
import { emptyWhenNull } from '../parts/config-text';

/** What the agent logs. */
export const debug: Feature = {
  name: 'debug',
  contribute: ({ v }) => ({
    config: {
      debug: v.debug.enabled,
      'debug-verbose': emptyWhenNull(v.debug.verbose),
      'log-opt': given(v.logOptions) ? toJson(v.logOptions) : undefined,
      'log-system-load': whenGiven(v.logSystemLoad),
    },
  }),
};
