import type { Feature } from '../feature';
import { given, whenGiven } from '../../helm/truth';
import { wordList } from '../parts/config-text';

/** The network devices that Cilium attaches to, and their MTU. */
export const devices: Feature = {
  name: 'devices',
  contribute: ({ v }) => ({
    config: {
      devices: wordList(v.devices),
      'enable-l2-neigh-discovery': v.l2NeighDiscovery.enabled,
      'force-device-detection': given(v.forceDeviceDetection) ? true : undefined,
      mtu: whenGiven(v.MTU),
    },
  }),
};
