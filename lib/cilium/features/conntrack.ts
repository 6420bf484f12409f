import type { Feature } from '../feature';
import { whenTruthy } from '../../helm/truth';
import { durationRules } from '../parts/duration-rules';

/** How often entries of ended connections are collected. */
export const conntrack: Feature = {
  name: 'conntrack',
  contribute: ({ v }) => ({
    config: {
      'conntrack-gc-interval': whenTruthy(v.conntrackGCInterval),
      'conntrack-gc-max-interval': whenTruthy(v.conntrackGCMaxInterval),
    },
  }),
  rules: durationRules(['conntrackGCInterval', 'conntrackGCMaxInterval']),
};
