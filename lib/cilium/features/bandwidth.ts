import type { Feature } from '../feature';
import { given } from '../../helm/truth';

/** Fair queueing and rate limits for pods, and the BBR congestion control on top. */
export const bandwidth: Feature = {
  name: 'bandwidth',
  contribute: ({ v: { bandwidthManager } }) => {
    if (!given(bandwidthManager.enabled)) return {};
    return {
      config: {
        'enable-bandwidth-manager': bandwidthManager.enabled,
        'enable-bbr': bandwidthManager.bbr,
        'enable-bbr-hostns-only': bandwidthManager.bbrHostNamespaceOnly,
      },
    };
  },
};
