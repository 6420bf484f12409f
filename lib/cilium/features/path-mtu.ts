import { isTruthy } from '../../helm/truth';
import type { Feature } from '../feature';

/** Path MTU discovery. */
export const pathMtu: Feature = {
  name: 'path-mtu',
  contribute: ({ v: { pmtuDiscovery } }) => ({
    config: {
      'enable-pmtu-discovery': isTruthy(pmtuDiscovery.enabled) ? true : undefined,
      'packetization-layer-pmtud-mode': pmtuDiscovery.packetizationLayerPMTUDMode,
    },
  }),
};
