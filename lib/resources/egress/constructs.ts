import type { Construct } from 'constructs';
import { CustomResource } from '../../resource/construct';
import { egressGatewayPolicy } from './egress-gateway-policy';
import type { EgressGatewayPolicyProps } from './props';

/**
 * Traffic of pods to networks outside that leaves the cluster through selected nodes, with a known source address.
 *
 * ```ts
 * new EgressGatewayPolicy(chart, 'shop', {
 *   cilium,
 *   selectors: [{ namespace: 'shop' }],
 *   destinationCIDRs: ['0.0.0.0/0'],
 *   egressGateway: { nodeSelector: { matchLabels: { 'example.test/egress': 'true' } }, interface: 'eth1' },
 * });
 * ```
 */
export class EgressGatewayPolicy extends CustomResource<EgressGatewayPolicyProps> {
  constructor(scope: Construct, id: string, props: EgressGatewayPolicyProps) {
    super(scope, id, egressGatewayPolicy, props);
  }
}
