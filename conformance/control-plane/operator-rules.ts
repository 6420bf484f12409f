import type { Expectation } from './expectation';
import { GATEWAY_EXPECTATIONS } from './gateway-expectations';

/**
 * What the operator shows for the bad example of a rule and not for the good one: a condition, or a line of its log. Made from what
 * rules-main.ts records, and read by a person.
 */
export const OPERATOR_RULES: Readonly<Record<string, Expectation>> = {
  ...GATEWAY_EXPECTATIONS,
  'bgp-cluster/selector': /BGP reconciliation error.*values set can't be empty/,
  'bgp-cluster/unknown-peer-config': /MissingPeerConfigs=True PeerConfigsMissing/,
  'ip-pool/block-twice': /PoolConflict=True cidr_overlap/,
  'ip-pool/selector': /making selector from pool/,
  'ip-pool/shared': /PoolConflict=True cidr_overlap/,
  'service/address-not-reserved': /IPAMRequestSatisfied=False already_allocated/,
  'service/address-outside-pools': /IPAMRequestSatisfied=False no_pool/,
  'service/class': /no address/,
  'service/no-pool': /no address/,
  'service/no-such-node': /no address/,
  'service/node-selector': /Failed to parse match-node-labels annotation/,
  'service/shared-address': /IPAMRequestSatisfied=False already_allocated/,
  'service/unmatched-pools': /IPAMRequestSatisfied=False no_pool/,
};
