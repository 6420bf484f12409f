import type { Feature } from '../feature';
import { isTruthy } from '../../helm/truth';
import { filledList } from '../parts/config-text';

/** Redirection of traffic to a pod of the same node. */
export const localRedirect: Feature = {
  name: 'local-redirect',
  contribute: ({ v }) => ({
    config: {
      // Two spellings of one switch; the second is the older.
      'enable-local-redirect-policy':
        isTruthy(v.localRedirectPolicies.enabled) || isTruthy(v.localRedirectPolicy) ? true : undefined,
      'lrp-address-matcher-cidrs': filledList(v.localRedirectPolicies.addressMatcherCIDRs, ','),
    },
  }),
};
