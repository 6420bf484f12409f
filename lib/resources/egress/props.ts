import type {
  CiliumEgressGatewayPolicyEgressGateway,
  CiliumEgressGatewayPolicySelector,
  CiliumEgressGatewayPolicySpec,
} from '../../../imports/cilium.io';
import type { ClusterResourceProps } from '../../resource/kind';

/** Whose traffic: pods by their labels, their namespace, or both; `nodeSelector` only narrows that to pods of some nodes. */
export interface EgressSelector extends CiliumEgressGatewayPolicySelector {
  /** Short for the pod label `io.kubernetes.pod.namespace`: all pods of this namespace that the rest selects. */
  readonly namespace?: string;
}

/** Props of `EgressGatewayPolicy`. */
export interface EgressGatewayPolicyProps
  extends ClusterResourceProps, Omit<CiliumEgressGatewayPolicySpec, 'selectors' | 'egressGateway'> {
  /** Networks outside the cluster, `0.0.0.0/0` for all. Traffic to pods and nodes among them is not affected. */
  readonly destinationCIDRs: readonly string[];
  /** Networks within `destinationCIDRs` to exclude. @default - none */
  readonly excludedCIDRs?: readonly string[];
  readonly selectors: readonly EgressSelector[];
  /**
   * Where the traffic leaves: the first node by name that `nodeSelector` matches. Its source address is `egressIP` of that
   * node, the first address of `interface`, or that of the default route; only one of them may be given.
   * @default - the first of `egressGateways`: the API server requires one, and Cilium uses the list only
   */
  readonly egressGateway?: CiliumEgressGatewayPolicyEgressGateway;
  /** Several gateways; each pod keeps to one of them. @default - only `egressGateway` */
  readonly egressGateways?: readonly CiliumEgressGatewayPolicyEgressGateway[];
}
