import { isTruthy } from '../../helm/truth';
import type { Feature } from '../feature';

/** Where the operator's own API listens: on the loopback address of the family that is on. */
export const operatorApi: Feature = {
  name: 'operator-api',
  contribute: ({ v, facts }) => {
    // Clusters from before 1.8 keep the agent's own default.
    if (!facts.compat('1.8')) return {};
    return { config: { 'operator-api-serve-addr': isTruthy(v.ipv4.enabled) ? '127.0.0.1:9234' : '[::1]:9234' } };
  },
};
