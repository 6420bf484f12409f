import type { Feature } from '../feature';
import { filledList } from '../parts/config-text';

/** Agents notice that their configuration changed since they started. */
export const driftDetection: Feature = {
  name: 'drift-detection',
  contribute: ({ v: { configDriftDetection: values } }) => ({
    config: {
      'enable-dynamic-config': values?.enabled,
      'enable-drift-checker': values?.driftChecker,
      'ignore-flags-drift-checker': filledList(values?.ignoredKeys, ','),
    },
  }),
};
