import type { Expectation } from './expectation';
import { GATEWAY_EXPECTATIONS } from './gateway-expectations';

/**
 * What the operator shows for the bad example of a rule and not for the good one: a condition, or a line of its log. Made from what
 * rules-main.ts records, and read by a person.
 */
export const OPERATOR_RULES: Readonly<Record<string, Expectation>> = {
  ...GATEWAY_EXPECTATIONS,
  'bgp-cluster/control-plane-off': { onlyGood: /cp-1 instance rack AS 65010/ },
  'bgp-cluster/node-label': { onlyGood: /cp-1 instance rack AS 65010/ },
  'bgp-cluster/same-nodes': /ConflictingClusterConfigs?=True/,
  'bgp-node-override/control-plane-off': { onlyGood: /worker-1 instance rack AS/ },
  'bgp-node-override/unknown-instance': { onlyGood: /worker-1 instance rack AS 65010 port - router 10\.255\.0\.1/ },
  'bgp-node-override/unknown-peer': { onlyGood: /worker-1 peer tor \S+ AS 65000 from \d/ },
  'bgp-cluster/selector': /BGP reconciliation error.*values set can't be empty/,
  'bgp-cluster/unknown-peer-config': /MissingPeerConfigs=True PeerConfigsMissing/,
  'ip-pool/block-twice': /PoolConflict=True cidr_overlap/,
  'ip-pool/selector': /making selector from pool/,
  'ip-pool/shared': /PoolConflict=True cidr_overlap/,
  'ip-pool/no-blocks': /Service judge LoadBalancer class - ports 80\/TCP addresses none/,
  'ip-pool/block': { same: /^$/ },
  'ip-pool/lb-ipam-off': /Service judge LoadBalancer class - ports 80\/TCP addresses none/,
  'ip-pool/not-default': /Service judge LoadBalancer class - ports 80\/TCP addresses none/,
  'service/foreign-annotation': { same: /^$/ },
  'service/address': /Unable to parse service.spec.LoadBalancerIP/,
  'service/address-not-reserved': /IPAMRequestSatisfied=False already_allocated/,
  'service/address-outside-pools': /IPAMRequestSatisfied=False no_pool/,
  'service/class': /Service default\/web: no address/,
  'service/class-off': /Service default\/web: no address/,
  'service/excluded-address': /IPAMRequestSatisfied=False already_allocated/,
  'service/ingress-name': /Ingress default\/web.example: no address/,
  'service/ingress-traffic-policy': /invalid value for externalTrafficPolicy/,
  'service/no-giver': /Service default\/web: no address/,
  'service/no-lb-ipam': /Service default\/web: no address/,
  'service/no-pool': /Service default\/web: no address/,
  'service/no-such-node': /No Nodes found with configured label selector/,
  'service/node-selector': /Failed to parse match-node-labels annotation/,
  'service/shared-address': /IPAMRequestSatisfied=False already_allocated/,
  'service/too-few-addresses': /IPAMRequestSatisfied=False out_of_ips/,
  'service/unmatched-pools': /IPAMRequestSatisfied=False no_pool/,
};
