import { Construct } from 'constructs';
import { CustomResource } from '../custom-resource/construct';
import { describeFinding, withoutSilenced } from '../findings';
import type { Finding } from '../findings';
import { silenceFindings } from '../silence';
import { SILENCEABLE_IDS } from '../silenceable-ids';
import { cidrGroup } from './cidr-group';
import type { CidrGroupProps } from './cidr-group';
import { hostPolicies } from './host-firewall';
import type { HostFirewallProps } from './host-firewall';
import { HOST_FIREWALL, hostFirewallFindings, readHostFirewall } from './host-firewall-checks';
import { clusterwideNetworkPolicy, networkPolicy } from './network-policy';
import type { ClusterwideNetworkPolicyProps, NetworkPolicyProps } from './network-policy';

/**
 * Which traffic pods of one namespace may have.
 *
 * ```ts
 * new NetworkPolicy(chart, 'shop', {
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
export class NetworkPolicy extends CustomResource<NetworkPolicyProps> {
  constructor(scope: Construct, id: string, props: NetworkPolicyProps) {
    super(scope, id, networkPolicy, props);
  }
}

/**
 * Which traffic pods of the whole cluster, or its nodes, may have.
 *
 * ```ts
 * new ClusterwideNetworkPolicy(chart, 'no-metadata', {
 *   cilium,
 *   endpointSelector: {},
 *   egressDeny: [{ toCIDR: ['169.254.169.254/32'] }],
 *   enableDefaultDeny: { egress: false },
 * });
 * ```
 */
export class ClusterwideNetworkPolicy extends CustomResource<ClusterwideNetworkPolicyProps> {
  constructor(scope: Construct, id: string, props: ClusterwideNetworkPolicyProps) {
    super(scope, id, clusterwideNetworkPolicy, props);
  }
}

/**
 * Networks with a name, for policies.
 *
 * ```ts
 * const office = new CidrGroup(chart, 'office', { cilium, externalCIDRs: ['192.0.2.0/24'] });
 * new NetworkPolicy(chart, 'admin', { cilium, endpointSelector: {}, ingress: [{ fromCIDRSet: [{ cidrGroupRef: office }] }] });
 * ```
 */
export class CidrGroup extends CustomResource<CidrGroupProps> {
  constructor(scope: Construct, id: string, props: CidrGroupProps) {
    super(scope, id, cidrGroup, props);
  }
}

/**
 * Closes the nodes themselves but for what Talos, Kubernetes and Cilium need there: two clusterwide policies, for control planes
 * and for workers. Needs `hostFirewall: { enabled: true }` in Cilium's values; begin with `audit: true`.
 *
 * ```ts
 * new HostFirewall(chart, 'nodes', { cilium, apiFrom: ['192.0.2.0/24'], nodeNetworks: ['198.51.100.0/24'] });
 * ```
 */
export class HostFirewall extends Construct {
  /** The policy for control planes. */
  readonly controlPlane: ClusterwideNetworkPolicy;
  /** The policy for workers. */
  readonly worker: ClusterwideNetworkPolicy;
  private readonly props: HostFirewallProps;
  private readonly misread: readonly Finding[];

  constructor(scope: Construct, id: string, props: HostFirewallProps) {
    super(scope, id);
    const { findings, sound } = readHostFirewall(props);
    this.misread = findings;
    this.props = sound;
    // Ids that nothing has are reported here, and not by both policies again.
    const silence = Array.isArray(sound.silence)
      ? SILENCEABLE_IDS.filter((known) => sound.silence?.includes(known))
      : undefined;
    const { controlPlane, worker } = hostPolicies(sound.name ?? id, { ...sound, silence });
    this.controlPlane = new ClusterwideNetworkPolicy(this, 'control-plane', controlPlane);
    this.worker = new ClusterwideNetworkPolicy(this, 'worker', worker);
    this.node.addValidation({
      validate: () => this.findings.filter(({ level }) => level === 'error').map(describeFinding),
    });
  }

  /** What is wrong, or worth knowing, beside the findings of the two policies; silenced warnings are left out. */
  get findings(): readonly Finding[] {
    const { silence } = this.props;
    const found = hostFirewallFindings(this.props);
    return [...this.misread, ...silenceFindings(HOST_FIREWALL, silence), ...withoutSilenced(found, silence)];
  }
}
