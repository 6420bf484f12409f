import { toJson } from '../../helm/json';
import { isTruthy } from '../../helm/truth';
import type { Feature } from '../feature';

/** Endpoints batched into CiliumEndpointSlices, for large clusters. */
export const endpointSlices: Feature = {
  name: 'endpoint-slices',
  contribute: ({ v: { ciliumEndpointSlice } }) => {
    if (!isTruthy(ciliumEndpointSlice.enabled)) return {};
    const { rateLimits } = ciliumEndpointSlice;
    return {
      config: {
        'enable-cilium-endpoint-slice': true,
        'ces-rate-limits': isTruthy(rateLimits) ? toJson(rateLimits) : undefined,
      },
    };
  },
};
