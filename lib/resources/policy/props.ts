import type {
  CiliumCIDRGroupSpec,
  CiliumNetworkPolicyEgress,
  CiliumNetworkPolicyEgressDeny,
  CiliumNetworkPolicyIngress,
  CiliumNetworkPolicyIngressDeny,
  CiliumNetworkPolicyPort,
  CiliumNetworkPolicyRules,
  CiliumNetworkPolicySpec,
  CiliumNetworkPolicyToCIDRSet,
  CiliumNetworkPolicyToFQDN,
  CiliumNetworkPolicyToPort,
} from '../../../imports/cilium.io';
import type { TalosFacts } from '../../talos/cluster/facts';
import type { LabelSelector } from '../../kubernetes/selector';
import type { ClusterResourceProps, ResourceProps } from '../../resource/kind';

/**
 * A port: `443`, `'443/TCP'`, `'8000-8010/TCP'`, `'http/TCP'` (the name of a container port), or Cilium's own form. Without
 * a protocol it means TCP, UDP and SCTP; HTTP and TLS rules need `TCP`. `0` means every port.
 */
export type PolicyPort =
  number | string | (Omit<CiliumNetworkPolicyPort, 'port'> & { readonly port?: number | string });

/** A DNS name: `'api.example.com'`, a pattern such as `'*.example.com'`, or Cilium's own form. */
export type DnsName = string | CiliumNetworkPolicyToFQDN;

/** A CIDR, or a CIDR group by name, by its `CidrGroup` construct, or by labels. */
export interface CidrRule extends Omit<CiliumNetworkPolicyToCIDRSet, 'cidrGroupRef'> {
  /** CIDRs inside `cidr` that are excluded. */
  readonly except?: readonly string[];
  /** A `CidrGroup`, or its name. */
  readonly cidrGroupRef?: string | { readonly name: string };
}

/** Layer 7 rules; one protocol only. */
export interface L7Rules extends Omit<CiliumNetworkPolicyRules, 'dns'> {
  /** Names that may be looked up, `['*']` for all. Cilium learns the addresses for `toFQDNs` from the answers. */
  readonly dns?: readonly DnsName[];
}

/** Ports, and the layer 7 rules for them. */
export interface PortRule extends Omit<CiliumNetworkPolicyToPort, 'ports' | 'rules'> {
  readonly ports?: readonly PolicyPort[];
  readonly rules?: L7Rules;
}

/** Denied ports. */
export interface PortDenyRule {
  readonly ports?: readonly PolicyPort[];
}

/** Who may reach the selected endpoints; only one of the `from…` fields per rule. Without any, a rule with ports allows every peer. */
export interface IngressRule extends Omit<CiliumNetworkPolicyIngress, 'fromCIDRSet' | 'toPorts'> {
  readonly fromCIDRSet?: readonly CidrRule[];
  readonly toPorts?: readonly PortRule[];
}

/** Who must not reach the selected endpoints; takes precedence over allow rules. */
export interface IngressDenyRule extends Omit<CiliumNetworkPolicyIngressDeny, 'fromCIDRSet' | 'toPorts'> {
  readonly fromCIDRSet?: readonly CidrRule[];
  readonly toPorts?: readonly PortDenyRule[];
}

/** What the selected endpoints may reach; besides `toPorts` only one of the `to…` fields per rule. */
export interface EgressRule extends Omit<CiliumNetworkPolicyEgress, 'toCIDRSet' | 'toFQDNs' | 'toPorts'> {
  readonly toCIDRSet?: readonly CidrRule[];
  /** Names whose addresses may be reached; a `dns` rule must allow looking them up. */
  readonly toFQDNs?: readonly DnsName[];
  readonly toPorts?: readonly PortRule[];
}

/** What the selected endpoints must not reach; takes precedence over allow rules. */
export interface EgressDenyRule extends Omit<CiliumNetworkPolicyEgressDeny, 'toCIDRSet' | 'toPorts'> {
  readonly toCIDRSet?: readonly CidrRule[];
  readonly toPorts?: readonly PortDenyRule[];
}

/** One set of rules with the endpoints it selects. */
export interface PolicyRules extends Omit<
  CiliumNetworkPolicySpec,
  'ingress' | 'ingressDeny' | 'egress' | 'egressDeny'
> {
  /** The selected pods; `{}` selects all pods of the namespace or, clusterwide, of the cluster. */
  readonly endpointSelector?: LabelSelector;
  /** The selected nodes, clusterwide only; needs Cilium's host firewall. */
  readonly nodeSelector?: LabelSelector;
  /** Allowed traffic to them; all other ingress is dropped. `[{}]` drops everything, `[]` has no effect. */
  readonly ingress?: readonly IngressRule[];
  /** Denied traffic to them. All other ingress is dropped, too, unless a rule allows it or `enableDefaultDeny: { ingress: false }` is set. */
  readonly ingressDeny?: readonly IngressDenyRule[];
  /** Allowed traffic from them; all other egress is dropped. `[{}]` drops everything, `[]` has no effect. */
  readonly egress?: readonly EgressRule[];
  /** Denied traffic from them. All other egress is dropped, too, unless a rule allows it or `enableDefaultDeny: { egress: false }` is set. */
  readonly egressDeny?: readonly EgressDenyRule[];
}

/** The rules of a policy: one set as top-level fields, several under `specs`, or both. */
export interface PolicyBody extends PolicyRules {
  /** More sets of rules, each with its own selector. @default - none */
  readonly specs?: readonly PolicyRules[];
}

/** Props of either kind of policy. */
export type AnyPolicyProps = ResourceProps & PolicyBody;

/** Props of `CiliumNetworkPolicy`: one set of rules as top-level fields, and more sets under `specs`. */
export interface CiliumNetworkPolicyProps extends ResourceProps, Omit<PolicyBody, 'nodeSelector'> {}

/** Props of `CiliumClusterwideNetworkPolicy`: one set of rules as top-level fields, and more sets under `specs`. */
export interface CiliumClusterwideNetworkPolicyProps extends ClusterResourceProps, PolicyBody {}

/** Props of `CidrGroup`. */
export interface CidrGroupProps extends ClusterResourceProps, CiliumCIDRGroupSpec {
  /** CIDRs outside the cluster. Policies refer to them by `cidrGroupRef`, or by the labels of the group. */
  readonly externalCIDRs: readonly string[];
}

/** Props of `HostFirewall`. */
export interface HostFirewallProps extends ClusterResourceProps {
  /** The Talos cluster. @default - that of `cilium` */
  readonly talos?: TalosFacts;
  /**
   * CIDRs outside the cluster that may reach the Talos API and the Kubernetes API.
   * @default - those of the Talos cluster's `ingressFirewall`, or everywhere
   */
  readonly apiFrom?: readonly string[];
  /**
   * CIDRs of the nodes. Cilium knows the address of a node only once it runs there; a joining node reaches trustd
   * and the Kubernetes API from identity `world`.
   * @default - those of the Talos cluster's `ingressFirewall`; without, trustd is open to everywhere, and the Kubernetes API to `apiFrom`
   */
  readonly nodeNetworks?: readonly string[];
  /** Port of the Kubernetes API on control planes. @default 6443 */
  readonly kubernetesApiPort?: number;
  /** Pods may scrape the metrics that Cilium's own pods serve on nodes. @default true */
  readonly metrics?: boolean;
  /**
   * Audit mode: Cilium must report what the policies would drop, and drop nothing. That is `policyAuditMode` in
   * Cilium's values, which applies to every policy of the cluster.
   * @default false
   */
  readonly audit?: boolean;
  /** Additional ingress rules for every node: gateways in host network mode, node exporters. @default - none */
  readonly extra?: readonly IngressRule[];
  /** Additional ingress rules for control planes. @default - none */
  readonly extraOnControlPlanes?: readonly IngressRule[];
  /** Additional ingress rules for workers. @default - none */
  readonly extraOnWorkers?: readonly IngressRule[];
}
