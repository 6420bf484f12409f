import { whenTruthy } from '../../helm/truth';
import type { Feature } from '../feature';

/** How often the agent's own API may be called. */
export const apiRateLimit: Feature = {
  name: 'api-rate-limit',
  contribute: ({ v }) => ({ config: { 'api-rate-limit': whenTruthy(v.apiRateLimit) } }),
};
