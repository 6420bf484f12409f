import type { Feature } from '../feature';
import { whenTruthy } from '../../helm/truth';

/** The node as a gateway between IPv4 and IPv6. */
export const nat46x64: Feature = {
  name: 'nat46x64',
  contribute: ({ v }) => ({ config: { 'enable-nat46x64-gateway': whenTruthy(v.nat46x64Gateway.enabled) } }),
};
