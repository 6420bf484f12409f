import type { Feature } from '../feature';

/** How much of the cluster an agent probes for reachability in one round. */
export const connectivityProbes: Feature = {
  name: 'connectivity-probes',
  contribute: ({ v: { connectivityProbeFrequencyRatio: ratio } }) => ({
    // Only a number counts: the chart ignores a string.
    config: { 'connectivity-probe-frequency-ratio': typeof ratio === 'number' ? ratio : undefined },
  }),
};
