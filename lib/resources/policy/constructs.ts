import type {
  CidrGroupProps,
  CiliumClusterwideNetworkPolicyProps,
  CiliumNetworkPolicyProps,
  HostFirewallProps,
} from './props';
import { Construct } from 'constructs';
import { findingsOf } from '../../app/findings';
import { reportFindings } from '../../app/join';
import { CustomResource } from '../../resource/construct';
import type { Finding } from '../../rules/finding';
import { cidrGroup } from './cidr-group';
import { hostPolicies } from './host-firewall';
import { readHostFirewall } from './host-firewall-props';
import { HOST_FIREWALL, hostFirewallFindings } from './host-firewall-rules';
import { clusterwideNetworkPolicy, networkPolicy } from './network-policy';

/**
 * Network policy of one namespace.
 *
 * ```ts
 * new CiliumNetworkPolicy(chart, 'shop', {
 *   cilium,
 *   namespace: 'shop',
 *   endpointSelector: { matchLabels: { app: 'shop' } },
 *   ingress: [{ fromEntities: ['ingress'], toPorts: [{ ports: ['8080/TCP'] }] }],
 *   egress: [
 *     {
 *       toEndpoints: [{ matchLabels: { 'k8s-app': 'kube-dns', 'io.kubernetes.pod.namespace': 'kube-system' } }],
 *       toPorts: [{ ports: ['53/UDP', '53/TCP'], rules: { dns: ['*'] } }],
 *     },
 *     { toFQDNs: ['api.example.com'], toPorts: [{ ports: ['443/TCP'] }] },
 *   ],
 * });
 * ```
 */
export class CiliumNetworkPolicy extends CustomResource<CiliumNetworkPolicyProps> {
  constructor(scope: Construct, id: string, props: CiliumNetworkPolicyProps) {
    super(scope, id, networkPolicy, props);
  }
}

/**
 * Network policy of the whole cluster, or of its nodes.
 *
 * ```ts
 * new CiliumClusterwideNetworkPolicy(chart, 'no-metadata', {
 *   cilium,
 *   endpointSelector: {},
 *   egressDeny: [{ toCIDR: ['169.254.169.254/32'] }],
 *   enableDefaultDeny: { egress: false },
 * });
 * ```
 */
export class CiliumClusterwideNetworkPolicy extends CustomResource<CiliumClusterwideNetworkPolicyProps> {
  constructor(scope: Construct, id: string, props: CiliumClusterwideNetworkPolicyProps) {
    super(scope, id, clusterwideNetworkPolicy, props);
  }
}

/**
 * A named group of CIDRs for policies.
 *
 * ```ts
 * const office = new CidrGroup(chart, 'office', { cilium, externalCIDRs: ['192.0.2.0/24'] });
 * new CiliumNetworkPolicy(chart, 'admin', { cilium, endpointSelector: {}, ingress: [{ fromCIDRSet: [{ cidrGroupRef: office }] }] });
 * ```
 */
export class CidrGroup extends CustomResource<CidrGroupProps> {
  constructor(scope: Construct, id: string, props: CidrGroupProps) {
    super(scope, id, cidrGroup, props);
  }
}

/**
 * Restricts ingress of the nodes to what Talos, Kubernetes and Cilium need: two clusterwide policies, for control planes
 * and for workers. Needs `hostFirewall: { enabled: true }` in Cilium's values; start with `audit: true`.
 *
 * ```ts
 * new HostFirewall(chart, 'nodes', { cilium, apiFrom: ['192.0.2.0/24'], nodeNetworks: ['198.51.100.0/24'] });
 * ```
 */
export class HostFirewall extends Construct {
  /** The policy for control planes. */
  readonly controlPlane: CiliumClusterwideNetworkPolicy;
  /** The policy for workers. */
  readonly worker: CiliumClusterwideNetworkPolicy;

  constructor(scope: Construct, id: string, props: HostFirewallProps) {
    super(scope, id);
    const { findings, sound } = readHostFirewall(props);
    const { controlPlane, worker } = hostPolicies(sound.name ?? id, sound);
    this.controlPlane = new CiliumClusterwideNetworkPolicy(this, 'control-plane', controlPlane);
    this.worker = new CiliumClusterwideNetworkPolicy(this, 'worker', worker);
    reportFindings(this, {
      subject: HOST_FIREWALL,
      acknowledge: sound.acknowledge,
      find: () => [...findings, ...hostFirewallFindings(sound)],
    });
  }

  /** Errors and warnings, those of the two policies excluded; acknowledged warnings are left out. */
  get findings(): readonly Finding[] {
    return findingsOf(this);
  }
}
