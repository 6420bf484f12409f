import type { Construct } from 'constructs';
import { CustomResource } from '../custom-resource/construct';
import { ipPool } from './ip-pool';
import type { LoadBalancerIPPoolProps } from './ip-pool';
import { l2AnnouncementPolicy } from './l2-announcement-policy';
import type { L2AnnouncementPolicyProps } from './l2-announcement-policy';

/**
 * Addresses that Cilium hands out to Services of type LoadBalancer.
 *
 * ```ts
 * new LoadBalancerIPPool(chart, 'home', { cilium, blocks: ['192.168.1.200/29'] });
 * ```
 */
export class LoadBalancerIPPool extends CustomResource<LoadBalancerIPPoolProps> {
  constructor(scope: Construct, id: string, props: LoadBalancerIPPoolProps) {
    super(scope, id, ipPool, props);
  }
}

/**
 * Which nodes answer in the local network for the addresses of services, and on which interfaces.
 *
 * ```ts
 * new L2AnnouncementPolicy(chart, 'home', { cilium, interfaces: ['^eth[0-9]+$'], loadBalancerIPs: true });
 * ```
 */
export class L2AnnouncementPolicy extends CustomResource<L2AnnouncementPolicyProps> {
  constructor(scope: Construct, id: string, props: L2AnnouncementPolicyProps) {
    super(scope, id, l2AnnouncementPolicy, props);
  }
}
