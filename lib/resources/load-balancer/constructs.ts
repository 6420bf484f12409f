import type { Construct } from 'constructs';
import { CustomResource } from '../../resource/construct';
import { ipPool } from './ip-pool';
import type { LoadBalancerIPPoolProps } from './ip-pool';
import { l2AnnouncementPolicy } from './l2-announcement-policy';
import type { L2AnnouncementPolicyProps } from './l2-announcement-policy';
import { localRedirect, nodeLocalDnsProps } from './local-redirect';
import type { LocalRedirectPolicyProps, NodeLocalDnsProps } from './local-redirect';

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

/**
 * Traffic of pods to an address or a Service that stays on its node: a pod there gets it.
 *
 * ```ts
 * LocalRedirectPolicy.nodeLocalDns(chart, 'dns', { cilium });
 * new LocalRedirectPolicy(chart, 'metadata', {
 *   cilium,
 *   redirectFrontend: { addressMatcher: { ip: '169.254.169.254', toPorts: [{ port: 80, protocol: 'TCP' }] } },
 *   redirectBackend: {
 *     localEndpointSelector: { matchLabels: { app: 'metadata-proxy' } },
 *     toPorts: [{ port: 8080, protocol: 'TCP' }],
 *   },
 * });
 * ```
 */
export class LocalRedirectPolicy extends CustomResource<LocalRedirectPolicyProps> {
  constructor(scope: Construct, id: string, props: LocalRedirectPolicyProps) {
    super(scope, id, localRedirect, props);
  }

  /**
   * DNS queries of pods to `kube-dns` go to the DNS cache on their node, pods labelled `k8s-app: node-local-dns`. The cache itself
   * is not part of it: it must run off the host's network and listen on its pod's address at port 53.
   */
  static nodeLocalDns(scope: Construct, id: string, props: NodeLocalDnsProps): LocalRedirectPolicy {
    return new LocalRedirectPolicy(scope, id, nodeLocalDnsProps(props));
  }
}
