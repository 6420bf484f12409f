import type { Feature } from '../feature';
import { given } from '../../helm/truth';
import { wordList } from '../parts/config-text';

/** The few iptables rules that Cilium still installs. */
export const iptables: Feature = {
  name: 'iptables',
  contribute: ({ v, facts }) => {
    // Other hands route pods there, and their connections must be tracked.
    const tracked = given(v.azure.enabled) || given(v.eni.enabled) || given(v.gke.enabled) || facts.chainingMode !== 'none';
    return {
      config: {
        'disable-iptables-feeder-rules': wordList(v.disableIptablesFeederRules),
        'enable-xt-socket-fallback': v.enableXTSocketFallback,
        'install-no-conntrack-iptables-rules': tracked ? false : v.installNoConntrackIptablesRules,
        'iptables-lock-timeout': v.iptablesLockTimeout,
        'iptables-random-fully': v.iptablesRandomFully,
      },
    };
  },
};
