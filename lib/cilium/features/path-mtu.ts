import { isTruthy } from '../../helm/truth';
import type { Feature } from '../feature';

/** How senders learn that a path takes only smaller packets. */
export const pathMtu: Feature = {
  name: 'path-mtu',
  contribute: ({ v: { pmtuDiscovery } }) => ({
    config: {
      'enable-pmtu-discovery': isTruthy(pmtuDiscovery.enabled) ? true : undefined,
      'packetization-layer-pmtud-mode': pmtuDiscovery.packetizationLayerPMTUDMode,
    },
  }),
};
