import type { Construct } from 'constructs';
import { CustomResource } from '../../resource/construct';
import { ipPool } from './ip-pool';
import { l2AnnouncementPolicy } from './l2-announcement-policy';
import { localRedirect, nodeLocalDnsProps } from './local-redirect';
import type {
  L2AnnouncementPolicyProps,
  LoadBalancerIPPoolProps,
  LocalRedirectPolicyProps,
  NodeLocalDnsProps,
} from './props';

/**
 * Addresses for Services of type LoadBalancer.
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
 * The nodes that answer for the addresses of Services in the local network, and on which interfaces.
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
 * Redirects traffic of pods to an address or a Service to a pod on the same node.
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
   * Redirects DNS queries of pods to `kube-dns` to the DNS cache on their node, pods labelled `k8s-app: node-local-dns`. The cache
   * is not included: it must run outside the host network and listen on port 53 of its pod's address.
   */
  static nodeLocalDns(scope: Construct, id: string, props: NodeLocalDnsProps): LocalRedirectPolicy {
    return new LocalRedirectPolicy(scope, id, nodeLocalDnsProps(props));
  }
}
