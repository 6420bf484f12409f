import type { Feature } from '../feature';

/** How often the agent counts the busiest entries of the NAT map, and how many. */
export const natStatistics: Feature = {
  name: 'nat-statistics',
  contribute: ({ v: { nat } }) => ({
    config: { 'nat-map-stats-entries': nat.mapStatsEntries, 'nat-map-stats-interval': nat.mapStatsInterval },
  }),
};
