import { whenTruthy } from '../../helm/truth';
import type { Feature } from '../feature';

/** Rate limits of the agent's API. */
export const apiRateLimit: Feature = {
  name: 'api-rate-limit',
  contribute: ({ v }) => ({ config: { 'api-rate-limit': whenTruthy(v.apiRateLimit) } }),
};
