import { toJson } from '../../helm/json';
import { given } from '../../helm/truth';
import type { Feature } from '../feature';

/** Endpoints batched into CiliumEndpointSlices, for large clusters. */
export const endpointSlices: Feature = {
  name: 'endpoint-slices',
  contribute: ({ v: { ciliumEndpointSlice } }) => {
    if (!given(ciliumEndpointSlice.enabled)) return {};
    const { rateLimits } = ciliumEndpointSlice;
    return {
      config: {
        'enable-cilium-endpoint-slice': true,
        'ces-rate-limits': given(rateLimits) ? toJson(rateLimits) : undefined,
      },
    };
  },
};
