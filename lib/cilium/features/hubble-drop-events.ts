import { isTruthy } from '../../helm/truth';
import type { Feature } from '../feature';
import { allow } from '../feature';
import { alwaysText, wordList } from '../parts/config-text';

/** Dropped packets as Kubernetes events of the pods concerned. */
export const hubbleDropEvents: Feature = {
  name: 'hubble-drop-events',
  contribute: ({ v: { hubble } }) => {
    if (!isTruthy(hubble.enabled) || !isTruthy(hubble.dropEventEmitter.enabled)) return {};
    return {
      config: {
        'hubble-drop-events': true,
        'hubble-drop-events-interval': hubble.dropEventEmitter.interval,
        'hubble-drop-events-reasons': alwaysText(wordList(hubble.dropEventEmitter.reasons)),
      },
      permissions: { agent: [allow('create patch', '', 'events')] },
    };
  },
};
